#include "apps/auth/passwords/links.hpp"
#include "apps/auth/tests/second_factor_studio.hpp"
#include "core/access/csrf.hpp"
#include "core/access/tokens.hpp"

namespace tamiti::test {
namespace {

using http::Method;

/// Every kind of secret that the program hands out is tried at every door that takes one. Each cell has an
/// account and secrets of its own, since many of them are good only once.
class Purposes : public FactorStudio {
public:
    static void SetUpTestSuite() {
        FactorStudio::SetUpTestSuite();
        user("ada", {Role::admin});
    }

    struct Secrets {
        std::string name{};
        std::string access{};
        std::map<std::string, std::string> all{};
    };

    static std::string link(auth::Purpose purpose, const std::string& name) {
        return transact(site(), Actor::system(), [&](Tx& tx) {
            return auth::issue_link(tx, purpose, Id<users::User>{Uuid::parse(user(name)).value()},
                                    name + "@studio.test");
        });
    }

    static Uuid session_of(const std::string& access) {
        return site().memory.get<AccessTokens>(site()).verify(access, clock().now()).session;
    }

    static Secrets secrets_of(const std::string& name) {
        account(name);
        const Factor factor = turn_on(name);
        clock().advance(std::chrono::seconds(30));
        const Answer signed_in = log_in_with(name, code_of(factor.secret));
        EXPECT_EQ(signed_in.status, 200) << signed_in.body;
        Secrets made{.name = name, .access = signed_in.text("access")};
        made.all["access"] = made.access;
        made.all["refresh"] = signed_in.text("refresh");
        made.all["device"] = signed_in.text("device");
        made.all["csrf"] = csrf_token(site(), session_of(made.access));
        made.all["recovery"] = factor.recovery_codes[0];
        made.all["personal"] = make_token(name).text("token");
        made.all["view"] =
            post("ada", "/auth/view-as/" + user(name), {{"reason", "Purposes."}}).text("access");
        made.all["verify"] = link(auth::Purpose::verify_address, name);
        made.all["reset"] = link(auth::Purpose::reset_password, name);
        made.all["email"] = link(auth::Purpose::change_email, name);
        made.all["invitation"] = link(auth::Purpose::invitation, name);
        return made;
    }

    static std::map<std::string, std::string> cookies(const std::string& text) {
        return {{"Authorization", ""}, {"Cookie", text}, {"Origin", "http://localhost"}};
    }

    static Body member(const std::string& name, const std::string& value) { return {{name, value}}; }

    /// What the door answers to somebody with that secret.
    static int knock(const std::string& door, const Secrets& who, const std::string& secret) {
        const auto sent = [&](const std::string& path, const Body& body) {
            return post("guest", path, body).status;
        };
        if (door == "bearer") return get("guest", "/users/me", bearer(secret)).status;
        if (door == "bearer writes")
            return patch("guest", "/users/me", member("bio", "x"), bearer(secret)).status;
        if (door == "bearer manages") return post("guest", "/auth/logout-all", {}, bearer(secret)).status;
        if (door == "access cookie")
            return send(Method::get, "guest", "/users/me", Body::none(),
                        {{"Cookie", "tamiti_access=" + secret}})
                .status;
        if (door == "refresh") return sent("/auth/token/refresh", member("refresh", secret));
        if (door == "refresh cookie")
            return send(Method::post, "guest", "/auth/cookie/refresh", {},
                        {{"Cookie", "tamiti_refresh=" + secret}, {"Origin", "http://localhost"}})
                .status;
        if (door == "csrf")
            return send(Method::patch, "guest", "/users/me", member("bio", "x"),
                        {{"Cookie", "tamiti_access=" + who.access},
                         {"Origin", "http://localhost"},
                         {"X-CSRF-Token", secret}})
                .status;
        if (door == "code") return log_in_with(who.name, secret).status;
        if (door == "verify") return sent("/auth/verify", {{"token", secret}, {"password", password}});
        if (door == "email") return sent("/auth/email/confirm", member("token", secret));
        return sent("/auth/password/reset/confirm", {{"token", secret}, {"password", "owino-tuesday-7"}});
    }

    static inline const std::map<std::string, std::vector<std::string>> opens = {
        {"bearer", {"access", "personal", "view"}},
        {"bearer writes", {"access", "personal"}},
        {"bearer manages", {"access"}},
        {"access cookie", {"access"}},
        {"refresh", {"refresh"}},
        {"refresh cookie", {"refresh"}},
        {"csrf", {"csrf"}},
        {"code", {"recovery"}},
        {"verify", {"verify"}},
        {"email", {"email"}},
        {"reset", {"reset"}},
    };
};

TEST_F(Purposes, OfSecretsAreNeverMistakenForOneAnother) {
    int cells = 0;
    for (const auto& [door, keys] : opens) {
        std::vector<std::string> opened;
        const Secrets one = secrets_of("p" + std::to_string(cells) + "a");
        for (const auto& [kind, secret] : one.all) {
            ++cells;
            if (std::ranges::find(keys, kind) != keys.end())
                continue;  // tried below, on an account of its own
            const int status = knock(door, one, secret);
            EXPECT_EQ(status / 100, 4) << kind << " at " << door << ": " << status;
        }
        for (const std::string& kind : keys) {
            const Secrets own = secrets_of("p" + std::to_string(cells) + "b" + kind);
            const int status = knock(door, own, own.all.at(kind));
            EXPECT_EQ(status / 100, 2) << kind << " at " << door << ": " << status;
        }
    }
    EXPECT_EQ(cells, 121);
}

TEST_F(Purposes, OfOnePersonAreWorthlessForAnother) {
    const Secrets one = secrets_of("mine"), other = secrets_of("theirs");
    EXPECT_EQ(knock("code", one, other.all.at("recovery")), 401);
    EXPECT_EQ(knock("csrf", one, other.all.at("csrf")), 403);
}

}  // namespace
}  // namespace tamiti::test
