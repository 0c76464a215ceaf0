#include "apps/auth/passwords/links.hpp"

#include "apps/auth/token_hash.hpp"
#include "core/base/crypto.hpp"
#include "core/base/text.hpp"
#include "core/model/member.hpp"

namespace tamiti::auth {
namespace {

std::string issue(Tx& tx, Purpose purpose, const Uuid& subject, const std::optional<Id<users::User>>& account,
                  const std::string& address) {
    std::string token = random_base64url(32);
    // One row for each subject and purpose is unused at a time, so that a newer link replaces the older one
    // even where two are asked for at once.
    tx.execute({R"(INSERT INTO auth_link (hash, purpose, subject, account, address, expires_at, created_at)
                   VALUES ({}, {}, {}, {}, {}, {}, {})
                   ON CONFLICT (purpose, subject) WHERE used_at IS NULL DO UPDATE SET hash = excluded.hash,
                   address = excluded.address, expires_at = excluded.expires_at, created_at = excluded.created_at)",
                token_hash(token), enum_name(purpose), subject, account, address,
                tx.now() + lifetime_of(purpose), tx.now()});
    return token;
}

}  // namespace

std::chrono::seconds lifetime_of(Purpose purpose) {
    switch (purpose) {
        case Purpose::reset_password:
            return std::chrono::minutes(30);
        case Purpose::invitation:
            return std::chrono::days(7);
        case Purpose::verify_address:
        case Purpose::change_email:
            break;
    }
    return std::chrono::hours(24);
}

std::string issue_link(Tx& tx, Purpose purpose, Id<users::User> account, const std::string& address) {
    return issue(tx, purpose, account.value, account, address);
}

std::string issue_link(Tx& tx, Purpose purpose, const Uuid& subject, const std::string& address) {
    return issue(tx, purpose, subject, std::nullopt, address);
}

namespace {

/// That a link's time isn't over. One that would hold for longer than any does was made by a clock that stood
/// ahead.
Sql holds(Purpose purpose, Timestamp now) {
    return {"expires_at > {} AND expires_at <= {}", now, now + lifetime_of(purpose) + clock_error};
}

}  // namespace

std::optional<Link> use_link(Tx& tx, Purpose purpose, std::string_view token) {
    return tx.find_one<Link>(Sql{R"(UPDATE auth_link SET used_at = {}
                                    WHERE hash = {} AND purpose = {} AND used_at IS NULL AND {}
                                    RETURNING subject, account, address)",
                                 tx.now(), token_hash(token), enum_name(purpose), holds(purpose, tx.now())});
}

std::optional<Link> look_at_link(ReadTx& tx, Purpose purpose, std::string_view token) {
    return tx.find_one<Link>(Sql{R"(SELECT subject, account, address FROM auth_link
                                    WHERE hash = {} AND purpose = {} AND used_at IS NULL AND {})",
                                 token_hash(token), enum_name(purpose), holds(purpose, tx.now())});
}

void void_links(Tx& tx, Id<users::User> account) {
    tx.execute({"DELETE FROM auth_link WHERE account = {} AND used_at IS NULL", account});
}

void void_links(Tx& tx, Id<users::User> account, Purpose purpose) {
    tx.execute({"DELETE FROM auth_link WHERE account = {} AND used_at IS NULL AND purpose = {}", account,
                enum_name(purpose)});
}

Problem invalid_link() {
    return {422, "auth.invalid_link",
            "This link was used, has expired or was replaced by a newer one. Ask for another."};
}

}  // namespace tamiti::auth
