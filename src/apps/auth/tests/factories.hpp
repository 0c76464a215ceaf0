#pragma once

#include <gmock/gmock.h>

#include "apps/auth/service.hpp"
#include "apps/auth/sign_in/login_throttle.hpp"
#include "apps/auth/token_hash.hpp"
#include "core/access/passwords.hpp"
#include "tests/support/studio.hpp"

/// What the tests of signing in share.
namespace tamiti::test {

class AuthStudio : public Studio {
public:
    static constexpr const char* password = "mango-lorry-84";

    /// A user who can sign in with `password`.
    static std::string account(const std::string& name, const std::vector<Role>& roles = {Role::staff}) {
        static const std::string hash = hash_password(password);
        const std::string id = user(name, roles);
        transact(site(), Actor::system(),
                 [&](Tx& tx) { auth::set_password(tx, {Uuid::parse(id).value()}, hash); });
        return id;
    }

    static Answer log_in(const std::string& name, const std::string& with = password) {
        return post("guest", "/auth/token", {{"username", name}, {"password", with}});
    }

    static Answer refresh(const std::string& token) {
        return post("guest", "/auth/token/refresh", {{"refresh", token}});
    }

    /// What the bearer of that access token gets from /users/me.
    static int me(const std::string& access) {
        return get("guest", "/users/me", {{"Authorization", "Bearer " + access}}).status;
    }

    /// The same request from another address, perhaps with other headers.
    static Answer from(const std::string& address, const std::string& path, const Body& body,
                       const Headers& headers = {}, http::Method method = http::Method::post) {
        const std::string target = "/api/v1" + path;
        http::Request request;
        request.method = method;
        request.path = target;
        request.host = "localhost";
        request.body = body.text();
        request.id = "0123456789abcdef0123456789abcdef";
        request.client_address = address;
        if (!request.body.empty()) request.headers.push_back({"Content-Type", "application/json"});
        for (const auto& [name, value] : headers) request.headers.push_back({name, value});
        http::Response response = pipeline().serve(request);
        return {response.status, std::move(response.body), std::move(response.headers)};
    }

    static std::map<std::string, std::string> as(const Answer& tokens) {
        return {{"Authorization", "Bearer " + tokens.text("access")}};
    }

    static Answer register_account(const std::string& name, const std::string& address,
                                   const std::string& with = "owino-tuesday-7") {
        return post("guest", "/auth/register", {{"username", name}, {"email", address}, {"password", with}});
    }

    /// The templates of the mails that an address got, oldest first: "verify_address,password_changed".
    static std::string mails_to(const std::string& address) {
        return sql(
            "SELECT coalesce(string_agg(template, ',' ORDER BY id), '') FROM core_mail WHERE recipient = $1",
            address);
    }

    /// The token of the link in the newest mail of that template to that address.
    static std::string token_to(const std::string& address, const std::string& template_name) {
        return sql(
            "SELECT substring(body_text FROM '#token=([A-Za-z0-9_-]+)') FROM core_mail "
            "WHERE recipient = $1 AND template = $2 ORDER BY id DESC LIMIT 1",
            address, template_name);
    }

    /// Forgets the tries that were counted for that account.
    static void forgive(const std::string& name) {
        const std::string id = sql("SELECT id FROM users_user WHERE username = $1", name);
        auth::forgive_account(site(), id.empty() ? auth::token_hash(name) : id, {name, name + "@studio.test"},
                              network_of("127.0.0.1"));
    }

    static void wait(std::chrono::seconds time) { clock().advance(time); }

    /// Sessions are noticed to be over at once where they were ended, and elsewhere within a second: this is
    /// elsewhere.
    static void change_elsewhere(const std::string& statement, const std::string& id) {
        transact(site(), Actor::system(),
                 [&](Tx& tx) { tx.transaction().run(statement, db::Params::of(id)); });
    }
};

}  // namespace tamiti::test
