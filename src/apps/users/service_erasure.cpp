#include "apps/users/service_erasure.hpp"

#include <ranges>

#include "apps/users/service.hpp"
#include "core/audit/audit.hpp"
#include "core/base/text.hpp"

namespace tamiti::users {
namespace {

/// An address that can't reach anybody (RFC 2606).
std::string former_address(const Uuid& person) {
    return "erased+" + person.text() + "@erased.invalid";
}

}  // namespace

Rules rules_for(tag<Erasure>, std::string_view) {
    return {.max_length = 32, .help = "The person's username, to be sure.", .example = "achieng"};
}

User erase(Tx& tx, const Actor& who, Id<User> id, Erasure asked) {
    const User person = tx.lock(id);
    if (person.erased_at) return person;
    if (id.value == who.id) throw Forbidden("users.own_rights", "Somebody else must erase your data.");
    if (person.is_active)
        throw Conflict("users.still_active", "Deactivate the account first, and hand over the open work.");
    if (lower(asked.confirm) != person.username)
        throw Invalid("confirm", "Type the username of the person whose data you erase.");
    // Apps that refer to this one go first: they may need the name that goes.
    for (const App& app : tx.site().registry->apps() | std::views::reverse)
        if (app.erase) app.erase(tx, id.value);
    forget_sessions(tx, id);
    return tx.get(id);
}

void forget_person(Tx& tx, const Uuid& person) {
    forget_invitations(tx, person, former_address(person));
    tx.execute(
        "DELETE FROM core_mail WHERE state <> 'waiting' AND "
        "lower(recipient) = (SELECT lower(email) FROM users_user WHERE id = $1)",
        person);
    tx.execute(
        "UPDATE users_user SET username = $2, email = $3, phone = NULL, first_name = 'Former', "
        "last_name = 'member', job_title = '', bio = '', department = NULL, branch = NULL, designation = "
        "NULL, "
        "manager = NULL, working_hours = '{}', agent_tags = '{}', zones = '{}', out_of_office_from = NULL, "
        "out_of_office_until = NULL, out_of_office_delegate = NULL, is_active = false, is_verified = false, "
        "last_login_at = NULL, time_zone = $4, language = 'en', erased_at = $5, version = version + 1, "
        "updated_at = $5 WHERE id = $1",
        person, former_username(person), former_address(person), tx.site().time_zone, tx.now());
    tx.execute(
        "UPDATE users_user SET out_of_office_delegate = NULL, version = version + 1, updated_at = $2 "
        "WHERE out_of_office_delegate = $1",
        person, tx.now());
    // After the change, whose own entry in the trail has the values of before.
    audit::forget(tx, person, model_of(tag<User>{}),
                  {"username",
                   "email",
                   "phone",
                   "first_name",
                   "last_name",
                   "job_title",
                   "bio",
                   "department",
                   "branch",
                   "designation",
                   "manager",
                   "working_hours",
                   "agent_tags",
                   "zones",
                   "out_of_office_from",
                   "out_of_office_until",
                   "out_of_office_delegate",
                   "last_login_at",
                   "time_zone",
                   "language"});
}

}  // namespace tamiti::users
