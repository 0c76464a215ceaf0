#include <map>
#include <random>
#include <set>
#include <thread>

#include "apps/auth/tests/factories.hpp"

namespace tamiti::test {
namespace {

using std::chrono::seconds;

class Refresh : public AuthStudio {
public:
    static void SetUpTestSuite() {
        AuthStudio::SetUpTestSuite();
        account("ada", {Role::admin});
        account("grace");
    }
    static std::string reason_of_last_session() {
        return sql("SELECT end_reason FROM auth_session ORDER BY id DESC LIMIT 1");
    }
};

TEST_F(Refresh, GivesNewTokensOfTheSameSession) {
    const Answer first = log_in("grace");
    const Answer second = refresh(first.text("refresh"));
    ASSERT_EQ(second.status, 200) << second.body;
    EXPECT_NE(second.text("refresh"), first.text("refresh"));
    EXPECT_NE(second.text("access"), first.text("access"));
    EXPECT_EQ(second.header("Cache-Control"), "no-store");
    EXPECT_EQ(me(second.text("access")), 200);
    EXPECT_EQ(refresh(second.text("refresh")).status, 200);
}

TEST_F(Refresh, GivesTheSameSuccessorToWhoeverLostTheAnswer) {
    const std::string token = log_in("grace").text("refresh");
    const std::string next = refresh(token).text("refresh");
    wait(seconds(10));
    const Answer again = refresh(token);
    EXPECT_EQ(again.status, 200);
    EXPECT_EQ(again.text("refresh"), next);
    EXPECT_EQ(refresh(next).status, 200);
}

TEST_F(Refresh, EndsTheSessionWhenAUsedTokenComesBack) {
    const Answer first = log_in("grace");
    const Answer second = refresh(first.text("refresh"));
    wait(seconds(11));
    const Answer stolen = refresh(first.text("refresh"));
    EXPECT_EQ(stolen.status, 401);
    EXPECT_EQ(stolen.text("code"), "auth.invalid_refresh");
    EXPECT_EQ(reason_of_last_session(), "token_reused");
    EXPECT_EQ(refresh(second.text("refresh")).status, 401) << "the successor is worthless";
    EXPECT_EQ(me(second.text("access")), 401) << "and so is the access token, at once";
    EXPECT_EQ(log_in("grace").status, 200);
}

TEST_F(Refresh, TellsTheOwnerThatATokenWasUsedTwice) {
    account("robbed");
    const std::string token = log_in("robbed").text("refresh");
    refresh(token);
    wait(seconds(11));
    EXPECT_EQ(refresh(token).status, 401);
    EXPECT_EQ(refresh(token).status, 401);
    EXPECT_EQ(mails_to("robbed@studio.test"), "session_ended_reuse") << "once";
    EXPECT_EQ(sql("SELECT count(*) FROM auth_sign_in WHERE account = $1 AND reason = 'token_reused'",
                  user("robbed")),
              "1");
}

TEST_F(Refresh, GivesTheSuccessorAgainToTheSameClientOnly) {
    const std::string token = log_in("grace").text("refresh");
    const Body sent = {{"refresh", token}};
    const Answer next = from("192.0.2.1", "/auth/token/refresh", sent, {{"User-Agent", "telephone"}});
    EXPECT_EQ(next.status, 200);
    EXPECT_EQ(
        from("198.51.100.1", "/auth/token/refresh", sent, {{"User-Agent", "telephone"}}).text("refresh"),
        next.text("refresh"))
        << "telephones change networks";
    EXPECT_EQ(from("192.0.2.1", "/auth/token/refresh", sent, {{"User-Agent", "another"}}).status, 401);
    EXPECT_EQ(refresh(next.text("refresh")).status, 401) << "reuse ends the session";
}

TEST_F(Refresh, IsRefusedWhereTheAddressIsNotProvenAnyMore) {
    account("unproven");
    const Answer tokens = log_in("unproven");
    EXPECT_EQ(me(tokens.text("access")), 200);
    change_elsewhere("UPDATE users_user SET is_verified = false WHERE id = $1", user("unproven"));
    EXPECT_EQ(refresh(tokens.text("refresh")).status, 401);
    EXPECT_EQ(me(tokens.text("access")), 401) << "at once where it was noticed";
}

TEST_F(Refresh, EndsOnlyTheSessionThatWasStolenFrom) {
    const Answer phone = log_in("grace"), laptop = log_in("grace");
    refresh(phone.text("refresh"));
    wait(seconds(11));
    EXPECT_EQ(refresh(phone.text("refresh")).status, 401);
    EXPECT_EQ(refresh(laptop.text("refresh")).status, 200);
}

TEST_F(Refresh, RefusesWhatIsNoTokenAlike) {
    const Answer unknown = refresh(std::string(43, 'A'));
    EXPECT_EQ(unknown.status, 401);
    for (const std::string& token :
         {std::string("x"), std::string(5000, 'x'), log_in("grace").text("refresh") + "A"}) {
        const Answer other = refresh(token);
        EXPECT_EQ(other.status, 401);
        EXPECT_EQ(other.body, unknown.body);
    }
}

TEST_F(Refresh, EndsAfterSevenIdleDaysAndAfterThirtyInAll) {
    const Timestamp today = clock().now();
    const std::string idle = log_in("grace").text("refresh");
    wait(std::chrono::days(7));
    EXPECT_EQ(refresh(idle).status, 401);
    std::string token = log_in("grace").text("refresh");
    for (int day = 6; day < 30; day += 6) {
        wait(std::chrono::days(6));
        const Answer next = refresh(token);
        ASSERT_EQ(next.status, 200) << day;
        token = next.text("refresh");
    }
    wait(std::chrono::days(6));
    EXPECT_EQ(refresh(token).status, 401) << "thirty days are over, however busy";
    clock().set(today);
}

TEST_F(Refresh, IsRefusedToPeopleWhoMayNotSignIn) {
    account("leaver");
    const std::string token = log_in("leaver").text("refresh");
    change_elsewhere("UPDATE users_user SET is_active = false WHERE id = $1", user("leaver"));
    EXPECT_EQ(refresh(token).status, 401);
    EXPECT_EQ(reason_of_last_session(), "account_closed");
    change_elsewhere("UPDATE users_user SET is_active = true WHERE id = $1", user("leaver"));
    EXPECT_EQ(refresh(token).status, 401);
}

TEST_F(Refresh, InParallelMakesOneSuccessor) {
    for (int round = 0; round < 10; ++round) {
        const std::string token = log_in("grace").text("refresh");
        std::vector<std::string> got(6);
        std::vector<std::thread> threads;
        for (std::string& each : got) threads.emplace_back([&] { each = refresh(token).text("refresh"); });
        for (std::thread& thread : threads) thread.join();
        EXPECT_EQ(std::set<std::string>(got.begin(), got.end()).size(), 1U);
        EXPECT_EQ(got[0].size(), 43U);
        EXPECT_EQ(sql("SELECT count(*) FROM auth_refresh_token WHERE session = (SELECT max(id::text)::uuid "
                      "FROM auth_session)"),
                  "2");
    }
}

/// What should happen, in the fewest words: tokens by generation, when each was used, and whether the session
/// lives.
struct Model {
    std::vector<std::string> tokens{};
    std::map<std::size_t, Timestamp> used{};
    bool is_alive = true;
    Timestamp last_used{};
    Timestamp opened{};

    /// Whether a refresh with that generation's token must succeed now; and what becomes of the session.
    bool refresh(std::size_t generation, Timestamp now) {
        if (!is_alive || now >= opened + std::chrono::days(30) || now >= last_used + std::chrono::days(7))
            return false;
        const auto before = used.find(generation);
        if (before != used.end()) return is_alive = now - before->second <= seconds(10);
        used[generation] = last_used = now;
        return true;
    }
};

TEST_F(Refresh, AgreesWithTheModelOnRandomSequences) {
    std::mt19937 random(20260105);
    const Timestamp today = clock().now();
    for (int sequence = 0; sequence < 60; ++sequence) {
        Model model;
        model.opened = model.last_used = clock().now();
        model.tokens.push_back(log_in("grace").text("refresh"));
        std::string history;
        for (int step = 0; step < 14; ++step) {
            constexpr std::array<int, 6> pauses = {0, 1, 9, 11, 3600, 6 * 86400};
            wait(seconds(pauses[random() % pauses.size()]));
            const bool replays = random() % 3 == 0;
            const std::size_t generation = replays ? random() % model.tokens.size() : model.tokens.size() - 1;
            history += " " + std::to_string(generation);
            if (random() % 20 == 0) {
                post("guest", "/auth/logout", {{"refresh", model.tokens[generation]}});
                model.is_alive = false;
            }
            const bool expected = model.refresh(generation, clock().now());
            const Answer answer = refresh(model.tokens[generation]);
            ASSERT_EQ(answer.status, expected ? 200 : 401) << "sequence " << sequence << ":" << history;
            if (!expected) continue;
            if (generation + 1 == model.tokens.size())
                model.tokens.push_back(answer.text("refresh"));
            else
                ASSERT_EQ(answer.text("refresh"), model.tokens[generation + 1]) << "never a second branch";
        }
        clock().set(today);
    }
}

}  // namespace
}  // namespace tamiti::test
