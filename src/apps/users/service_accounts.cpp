#include "apps/users/service_accounts.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "apps/users/events.hpp"
#include "apps/users/service.hpp"
#include "apps/users/service_lifecycle.hpp"
#include "core/base/json.hpp"
#include "core/base/text.hpp"
#include "core/cache/throttle.hpp"
#include "core/events/event.hpp"
#include "core/mail/mail.hpp"
#include "core/model/member.hpp"

namespace tamiti::users {
namespace {

constexpr Limit names_of_one{"username", 5, std::chrono::hours(24)};

/// "08:30": a time of the day, which sorts as text.
bool is_time_of_day(const json::value& value) {
    if (!value.is_string()) return false;
    const std::string_view text = value.get_string();
    if (text.size() != 5 || text[2] != ':' || text > "24:00" || text[3] > '5') return false;
    return std::ranges::all_of(std::array{text[0], text[1], text[3], text[4]},
                               [](char c) { return c >= '0' && c <= '9'; });
}

bool is_span(const json::value& value) {
    const json::array* span = value.if_array();
    return span && span->size() == 2 && is_time_of_day(span->at(0)) && is_time_of_day(span->at(1)) &&
           span->at(0).get_string() < span->at(1).get_string();
}

void check_working_hours(const Json& hours) {
    constexpr std::array<std::string_view, 7> days = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    const json::value parsed = json::parse(hours.text);
    const json::object* spans = parsed.if_object();
    const bool is_good =
        spans && std::ranges::all_of(*spans, [&](const auto& day) {
            return std::ranges::find(days, std::string_view(day.key())) != days.end() && is_span(day.value());
        });
    if (!is_good)
        throw Invalid("working_hours", R"(Use days and times such as {"mon": ["08:30", "17:30"]}.)");
}

/// Nobody reports, through however many others, to themselves.
void check_manager(Tx& tx, const User& next) {
    if (!next.manager) return;
    if (*next.manager == next.id) throw Invalid("manager", "Nobody reports to themselves.");
    // Rows first, so that who holds the lines waits for no row. Only a bulk request that moves several people
    // does; where it locks up with another, one of the two runs again.
    tx.execute({"SELECT FROM users_user WHERE id = {} FOR KEY SHARE", *next.manager});
    hold_reporting_lines(tx);
    const bool goes_round = tx.exists({R"(WITH RECURSIVE above (id, manager) AS (
              SELECT id, manager FROM users_user WHERE id = {}
              UNION SELECT u.id, u.manager FROM users_user u JOIN above a ON u.id = a.manager)
            SELECT FROM above WHERE manager = {})",
                                       *next.manager, next.id});
    if (goes_round)
        throw Invalid("manager", "This person reports, directly or through others, to the one you change.");
}

/// What decides who may sign in as whom and what they may do then, as far as it changes.
std::vector<FieldError> changed_rights(const User& next, const User& before, const char* sentence) {
    std::vector<FieldError> changed;
    const auto compare = [&](const char* field, bool differs) {
        if (differs) changed.push_back({field, sentence});
    };
    compare("email", lower(next.email.text) != lower(before.email.text));  // proven under /auth/email
    compare("roles", RoleSet(next.roles) != RoleSet(before.roles));
    compare("is_active", next.is_active != before.is_active);
    compare("is_verified", next.is_verified != before.is_verified);
    compare("expires_at", next.expires_at != before.expires_at);
    return changed;
}

/// A token that was stolen, or an accident in a program, must not become an account or an admin.
void require_session(const Actor& who, const User& next, const User* before) {
    if (who.token.is_nil()) return;
    std::vector<FieldError> changed;
    if (before) changed = changed_rights(next, *before, "Sign in to change this.");
    if (before && next.username != before->username)  // what people sign in with
        changed.push_back({"username", "Sign in to change this."});
    if (before && changed.empty()) return;
    throw Forbidden("auth.token_scope",
                    "Accounts are made, and their addresses, roles and validity changed, by who signed in, "
                    "not by an access token.")
        .with(std::move(changed));
}

/// Only somebody else may change these.
void check_own_rights(const Actor& who, const User& next, const User& before) {
    if (who.id != next.id.value) return;
    auto changed = changed_rights(next, before, "Somebody else must change this for you.");
    if (changed.empty()) return;
    throw Forbidden("users.own_rights", "Nobody changes what they themselves may do.")
        .with(std::move(changed));
}

/// An admin to rely on: who has no end in sight and has proven their address, without which nobody signs in.
bool is_lasting_admin(const User& user) {
    return user.is_active && user.is_verified && !user.expires_at && RoleSet(user.roles).has(Role::admin);
}

/// Whether the change closes the account or takes back its proof.
bool loses_access(const User& now, const User& before) {
    return (before.is_active && !now.is_active) || (before.is_verified && !now.is_verified);
}

/// Who may manage people vouches for the number that they give; anybody else's own is to be confirmed.
void prove_phone(const Actor& who, User& next, const User* before) {
    if (!next.phone)
        next.is_phone_proven = false;
    else if (!before || next.phone != before->phone)
        next.is_phone_proven = who.can("users.manage");
}

/// One admin must remain. The lock makes two admins who demote each other at once wait for one another.
void check_last_admin(Tx& tx, const User& next, const User& before) {
    if (!is_lasting_admin(before) || is_lasting_admin(next)) return;
    tx.hold("users.last_admin");
    const bool another = tx.exists({R"(SELECT FROM users_user
                                       WHERE is_active AND is_verified AND expires_at IS NULL
                                         AND roles @> ARRAY['admin'] AND id <> {})",
                                    next.id});
    if (!another)
        throw Conflict("users.last_admin",
                       "This is the last admin who can sign in. Make somebody else an admin first.");
}

/// The link leads to where a password is asked for, since the account has none yet. Whether the address is
/// theirs is not known, so the mail has no words of whoever typed it.
void tell_new_person(Tx& tx, const User& person) {
    mail::send(tx, {.to = person.email.text,
                    .template_name = "account_made",
                    .values = {{"link", mail::link(tx.site(), "/reset-password")}},
                    .language = enum_name(person.language)});
}

}  // namespace

void require_not_erased(const User& user) {
    if (user.erased_at)
        throw Conflict("users.erased",
                       "This person's data were erased: the account stays closed, and as it is.");
}

void before_save(Tx& tx, const Actor& who, User& next, const User* before) {
    prove_phone(who, next, before);
    next.username = lower(next.username);
    require_session(who, next, before);
    if (!before || next.username != before->username)
        if (std::string fault = username_fault(next.username); !fault.empty())
            throw Invalid("username", std::move(fault));
    if (!before || next.working_hours != before->working_hours) check_working_hours(next.working_hours);
    if (!before) return;  // nobody reports yet to who isn't there yet
    require_not_erased(*before);
    check_own_rights(who, next, *before);
    // Each try tells whether a name is taken.
    if (next.username != before->username && who.id == next.id.value)
        require(tx.site(), names_of_one, who.id.text());
    if (next.manager != before->manager) check_manager(tx, next);
    if (next.is_active && !before->is_active) next.deactivation_reason = {};
    check_last_admin(tx, next, *before);  // after the manager's row was waited for
    if (loses_access(next, *before))
        next.signed_out_at = tx.now();  // a later return begins with a new log in
}

void after_save(Tx& tx, const Actor& who, const User& now, const User* before) {
    if (!before) return tell_new_person(tx, now);
    if (before->is_active && !now.is_active)
        end_account(tx, who, now, "");
    else if (loses_access(now, *before))
        tx.emit(UserUnverified{.user = now.id, .at = tx.now()});
    forget_sessions(tx, now.id);
}

}  // namespace tamiti::users
