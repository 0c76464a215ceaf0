#include "apps/users/service.hpp"

#include <algorithm>

#include "core/access/session_cache.hpp"
#include "core/base/text.hpp"
#include "core/base/unicode.hpp"
#include "core/mail/mail.hpp"
#include "core/model/member.hpp"

namespace tamiti::users {
namespace {

/// Accounts as anybody may register them, whose address nobody has proven, nor ever used.
Sql unproven() {
    return Sql("(NOT is_verified AND last_login_at IS NULL AND is_active AND roles = ARRAY['client'])");
}

}  // namespace

bool may_sign_in(const User& user, Timestamp now) {
    return user.is_active && user.is_verified && (!user.expires_at || *user.expires_at > now);
}

Actor actor_of(const User& person, const Permissions& permissions) {
    Actor actor;
    actor.id = person.id.value;
    actor.roles = RoleSet(person.roles);
    actor.is_verified = person.is_verified;
    actor.time_zone = person.time_zone.text;
    actor.permissions = &permissions;
    return actor;
}

std::optional<Id<User>> self(const Actor& who) {
    if (who.id.is_nil()) return std::nullopt;
    return Id<User>{who.id};
}

std::vector<User> people(ReadTx& tx, const std::vector<Id<User>>& ids) {
    return tx.select<User>({"t.id = ANY({})", ids});
}

std::string name_of(const User& person) {
    std::string name = person.first_name + " " + person.last_name;
    name = trim(name);
    return name.empty() ? person.username : name;
}

Sql accounts() {
    return {
        R"((SELECT id, username, email, phone, is_phone_proven, coalesce(nullif(first_name, ''), username) AS name, language,
                       time_zone, department, roles, is_active, is_verified, expires_at, last_login_at, signed_out_at
                FROM users_user))"};
}

void send_mail(Tx& tx, const User& person, const std::string& template_name,
               std::vector<std::pair<std::string, std::string>> values) {
    if (std::ranges::find(values, "name", &std::pair<std::string, std::string>::first) == values.end())
        values.emplace_back("name", person.first_name.empty() ? person.username : person.first_name);
    mail::send(tx, {.to = person.email.text,
                    .template_name = template_name,
                    .values = std::move(values),
                    .language = enum_name(person.language)});
}

bool is_client(const User& person) {
    return RoleSet(person.roles).has(Role::client);
}

std::optional<User> named(ReadTx& tx, std::string_view username) {
    auto found = tx.select<User>({"core_same(t.username) = {}", folded(username)});
    return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

bool has_username(ReadTx& tx, std::string_view username) {
    return tx.exists({"SELECT FROM users_user WHERE core_same(username) = {}", folded(username)});
}

bool has_address(ReadTx& tx, std::string_view address) {
    return tx.exists(
        {"SELECT FROM users_user WHERE lower(email) = {} AND NOT {}", lower(address), unproven()});
}

std::optional<User> lock_unproven(Tx& tx, std::string_view address) {
    const auto id = tx.find_one<Id<User>>(
        {"SELECT id FROM users_user WHERE lower(email) = {} AND {} FOR UPDATE", lower(address), unproven()});
    if (!id) return std::nullopt;
    return tx.get(*id);
}

std::vector<std::string> addresses_among(ReadTx& tx, const std::vector<std::string>& addresses) {
    return tx.all<std::string>(
        {"SELECT lower(email) FROM users_user WHERE lower(email) = ANY({}::text[]) AND NOT {}", addresses,
         unproven()});
}

void forget_sessions(Tx& tx, Id<User> person) {
    tx.after_commit(
        [&site = tx.site(), id = person.value] { site.memory.get<SessionCache>(site).forget_user(id); });
}

std::optional<SignInMark> mark_signed_in(Tx& tx, Id<User> person) {
    return tx.find_one<SignInMark>({R"(UPDATE users_user SET last_login_at = {}
                                       WHERE id = {} AND is_active AND is_verified
                                         AND (expires_at IS NULL OR expires_at > {})
                                       RETURNING signed_out_at)",
                                    tx.now(), person, tx.now()});
}

void bring_back_sign_out(Tx& tx, Id<User> person) {
    tx.update<User>({"signed_out_at = {}", tx.now() - std::chrono::microseconds(1)},
                    where("id = {}", person));
}

std::string username_fault(std::string_view username) {
    const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
    const auto may_be = [&](char c) {
        return is_letter(c) || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
    };
    const std::string lowered = lower(username);
    const bool is_good = lowered.size() >= 3 && lowered.size() <= 32 &&
                         std::ranges::all_of(lowered, may_be) && std::ranges::any_of(lowered, is_letter);
    return is_good ? "" : "Use 3 to 32 letters, digits, dots, hyphens or underscores, one letter at least.";
}

std::string former_username(const Uuid& person) {
    return "erased-" + person.text().substr(24) + person.text().substr(19, 4);
}

}  // namespace tamiti::users
