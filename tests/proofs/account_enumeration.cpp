// Compares what existing, absent, disabled and unverified accounts are answered, and how fast.
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <random>

#include "apps/auth/tests/factories.hpp"
#include "core/base/json.hpp"

#include <boost/json/object.hpp>

namespace tamiti::test {
namespace {

constexpr std::array<const char*, 4> kinds = {"existing", "absent", "disabled", "unverified"};
constexpr double allowed = 0.03;  // between the medians of two kinds

int tries() {
    const char* given = std::getenv("STUDIO_TRIES");
    return given ? std::atoi(given) : 500;
}

/// Every answer as one text: status, headers in order, body. What differs by its nature is left out: the time
/// that the server took, the request's id and day, and in an invitation what belongs to the one row.
std::string text_of(const Answer& answer) {
    std::string text = std::to_string(answer.status) + "\n";
    for (const auto& [name, value] : answer.headers) {
        const bool varies = name == "Server-Timing" || name == "RateLimit" || name == "Date" ||
                            name == "X-Request-Id" || name == "Location" || name == "ETag";
        text += name + ": " + (varies ? "…" : value) + "\n";
    }
    auto body = answer.json();
    if (auto* members = body.if_object())
        for (const char* own :
             {"id", "email", "created_at", "updated_at", "sent_at", "expires_at", "instance"})
            if (members->contains(own)) (*members)[own] = "…";
    return text + json::text_of(body);
}

class AccountEnumeration : public AuthStudio {
public:
    static void SetUpTestSuite() {
        AuthStudio::SetUpTestSuite();
        fill();
    }

    static void fill() {
        user("admin", {Role::admin});
        // As many accounts of each kind as there are tries, so that no limit on one of them is met.
        static const std::string hash = hash_password(password);
        transact(site(), Actor::system(), [&](Tx& tx) {
            for (const std::string kind : {"existing", "disabled", "unverified"}) {
                tx.execute(
                    {"INSERT INTO users_user (id, username, email, roles, is_active, is_verified) "
                     "SELECT gen_random_uuid(), kind || n, kind || n || '@studio.test', '{staff}', "
                     "kind <> 'disabled', kind <> 'unverified' "
                     "FROM (SELECT {}::text) AS of (kind), generate_series(0, {}::int - 1) AS n",
                     kind, tries()});
            }
            tx.execute(
                {"INSERT INTO auth_password (account, hash) SELECT id, {} FROM users_user WHERE username <> "
                 "'admin'",
                 hash});
        });
    }

    /// Each request comes from a network of its own, so that no limit on one is met.
    static std::string next_address() {
        static int counter = 0;
        ++counter;
        return std::to_string(11 + counter / 62'500) + "." + std::to_string(counter / 250 % 250) + "." +
               std::to_string(counter % 250) + ".1";
    }

    using Ask = std::function<Answer(const std::string& name, int number)>;

    /// Asks about each kind in turn, in an order that changes, and compares.
    static void compare(const char* route, const Ask& ask) {
        std::map<std::string, std::vector<double>> times;
        std::map<std::string, int> texts;
        std::mt19937 random(20261122);
        for (const char* kind : kinds) ask(std::string(kind) + "0", 0);  // warm
        for (int number = 1; number < tries(); ++number) {
            auto order = kinds;
            std::shuffle(order.begin(), order.end(), random);
            for (const std::string kind : order) {
                const auto began = std::chrono::steady_clock::now();
                const Answer answer = ask(kind + std::to_string(number), number);
                const std::chrono::duration<double, std::milli> took =
                    std::chrono::steady_clock::now() - began;
                times[kind].push_back(took.count());
                ++texts[text_of(answer)];
            }
        }
        std::map<std::string, double> medians;
        for (auto& [kind, all] : times) {
            std::ranges::nth_element(all, all.begin() + static_cast<std::ptrdiff_t>(all.size() / 2));
            medians[kind] = all[all.size() / 2];
        }
        const auto by_time = [](const auto& a, const auto& b) { return a.second < b.second; };
        const auto [least, most] = std::ranges::minmax_element(medians, by_time);
        const double apart = most->second / least->second - 1;
        std::printf("%-9s different answers %zu (1 allowed), medians", route, texts.size());
        for (const auto& [kind, median] : medians) std::printf(" %s %.3f ms", kind.c_str(), median);
        std::printf(", apart %.2f %% (%.0f %% allowed)\n", apart * 100, allowed * 100);
        std::fflush(stdout);
        EXPECT_EQ(texts.size(), 1U);
        if (texts.size() > 1)
            for (const auto& [text, count] : texts)
                std::fprintf(stderr, "%d times:\n%s\n", count, text.c_str());
        EXPECT_LE(apart, allowed) << route;
    }

    static std::string address_of(const std::string& name) { return name + "@studio.test"; }
};

TEST_F(AccountEnumeration, LogIn) {
    compare("log in", [](const std::string& name, int) {
        return from(next_address(), "/auth/token", {{"username", name}, {"password", "not-the-password"}});
    });
}

TEST_F(AccountEnumeration, Register) {
    compare("register", [](const std::string& name, int number) {
        return from(next_address(), "/auth/register",
                    {{"username", "fresh" + std::to_string(number) + name.substr(0, 3)},
                     {"email", address_of(name)},
                     {"password", "owino-tuesday-7"}});
    });
}

TEST_F(AccountEnumeration, Reset) {
    compare("reset", [](const std::string& name, int) {
        return from(next_address(), "/auth/password/reset", {{"email", address_of(name)}});
    });
}

TEST_F(AccountEnumeration, Resend) {
    compare("resend", [](const std::string& name, int) {
        return from(next_address(), "/auth/verify/resend", {{"email", address_of(name)}});
    });
}

/// A studio whose managers invite people without seeing them: who sees everybody's address in any case is
/// told that one has an account.
class BlindInvitations : public AccountEnumeration {
public:
    static void SetUpTestSuite() {
        open_where({"users.view_all", "users.view_contact"}, {Role::admin});
        fill();
        user("manager", {Role::manager});
    }
};

TEST_F(BlindInvitations, Invite) {
    sign_in_again("manager");
    const std::string inviter = user("manager");
    const std::map<std::string, std::string> headers = {{"Authorization", "Bearer " + token("manager")}};
    compare("invite", [&](const std::string& name, int) {
        restore(site(), {{Limit{"invite", 60, std::chrono::hours(1)}, inviter}});
        return from(next_address(), "/invitations", {{"roles", {"staff"}}, {"email", address_of(name)}},
                    headers);
    });
}

}  // namespace
}  // namespace tamiti::test
