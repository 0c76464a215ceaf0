#include <atomic>
#include <functional>
#include <thread>

#include "apps/users/service_accounts.hpp"
#include "apps/users/service_lifecycle.hpp"
#include "tests/support/studio.hpp"
#include "tests/support/waiting.hpp"

namespace tamiti::test {
namespace {

using users::User;

/// What two people do at the same time. Ada is an admin.
class AtOnce : public Studio {
public:
    static void SetUpTestSuite() {
        Studio::SetUpTestSuite();
        user("ada", {Role::admin});
    }

    /// Sends a request while the transaction of `first` is open; that one ends as soon as the request has its
    /// answer or waits for a lock. Answers the request's status.
    static int meanwhile(const std::function<void(Tx&)>& first, const std::function<Answer()>& request) {
        int status = 0;
        std::atomic<bool> is_done{false};
        std::jthread other;
        transact(site(), Actor::system(), [&](Tx& tx) {
            first(tx);
            other = std::jthread([&] {
                status = request().status;
                is_done = true;
            });
            until_somebody_waits(*site().pool, is_done);
        });
        other.join();
        return status;
    }

    static Id<User> id_of(const std::string& name) { return {Uuid::parse(user(name)).value()}; }
    static Answer report_to(const std::string& name, const std::string& manager) {
        return patch("ada", "/users/" + user(name), {{"manager", user(manager)}});
    }
    static std::string manager_of(const std::string& name) {
        return sql(
            "SELECT coalesce(m.username, 'nobody') FROM users_user u LEFT JOIN users_user m ON m.id = "
            "u.manager WHERE u.username = $1",
            name);
    }
};

TEST_F(AtOnce, TwoChangesMakeNoCircleOfManagers) {
    for (const char* name : {"lower", "middle", "upper"}) user(name);
    ASSERT_EQ(report_to("middle", "upper").status, 200);
    const auto lower_to_middle = [](Tx& tx) {
        const User before = tx.lock(id_of("lower"));
        User next = before;
        next.manager = id_of("middle");
        users::before_save(tx, Actor::system(), next, &before);
        tx.save(next, &User::manager);
    };
    EXPECT_EQ(meanwhile(lower_to_middle, [] { return report_to("upper", "lower"); }), 422);
    EXPECT_EQ(manager_of("lower"), "middle");
    EXPECT_EQ(manager_of("upper"), "nobody");
}

TEST_F(AtOnce, AChangeAndAHandOverMakeNoCircleOfManagers) {
    for (const char* name : {"leader", "report", "heir", "above-heir"}) user(name);
    ASSERT_EQ(report_to("report", "leader").status, 200);
    ASSERT_EQ(report_to("heir", "above-heir").status, 200);
    const auto hand_over = [](Tx& tx) { users::hand_over(tx, id_of("leader"), id_of("heir")); };
    EXPECT_EQ(meanwhile(hand_over, [] { return report_to("above-heir", "report"); }), 422);
    EXPECT_EQ(manager_of("report"), "heir");
    EXPECT_EQ(manager_of("above-heir"), "nobody");
}

TEST_F(AtOnce, NobodyTakesOverWhoIsLeaving) {
    const std::string leaver = user("leaver"), successor = user("successor");
    ASSERT_EQ(report_to("ada", "leaver").status, 200);
    const auto successor_leaves = [](Tx& tx) {
        users::deactivate(tx, Actor::system(), id_of("successor"), {});
    };
    const auto hand_over = [&] {
        return post("ada", "/users/" + leaver + "/deactivate", {{"reassign_to", successor}});
    };
    EXPECT_EQ(meanwhile(successor_leaves, hand_over), 422);
    EXPECT_EQ(sql("SELECT is_active FROM users_user WHERE id = $1", leaver), "t");
    EXPECT_EQ(manager_of("ada"), "leaver");
}

TEST_F(AtOnce, TwoHandOverToEachOtherAndOneOfThemDoes) {
    for (int round = 0; round < 5; ++round) {
        const std::string one = "one-" + std::to_string(round), two = "two-" + std::to_string(round);
        user(one);
        user(two);
        const auto leave = [](const std::string& from, const std::string& to) {
            return post("ada", "/users/" + user(from) + "/deactivate", {{"reassign_to", user(to)}}).status;
        };
        int first = 0;
        std::jthread other([&] { first = leave(one, two); });
        const int second = leave(two, one);
        other.join();
        EXPECT_EQ(std::min(first, second), 200);
        EXPECT_EQ(std::max(first, second), 422) << "whose successor had left";
    }
}

}  // namespace
}  // namespace tamiti::test
