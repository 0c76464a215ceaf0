#include "apps/users/service_erasure.hpp"

#include "apps/users/service.hpp"
#include "core/audit/audit.hpp"
#include "core/base/text.hpp"
#include "core/engine/erasure.hpp"
#include "core/mail/mail.hpp"
#include "core/model/input.hpp"

namespace tamiti::users {
namespace {

/// An address that can't reach anybody (RFC 2606).
std::string former_address(const Uuid& person) {
    return "erased+" + person.text() + "@erased.invalid";
}

}  // namespace

const Shape& shape_of(tag<Erasure>) {
    static const Shape shape = input<Erasure>({field<&Erasure::confirm>(
        "confirm", {.max_length = 32, .help = "The person's username, to be sure.", .example = "achieng"})});
    return shape;
}

User erase(Tx& tx, const Actor& who, Id<User> id, Erasure asked) {
    const User person = tx.lock(id);
    if (person.erased_at) return person;
    if (id.value == who.id) throw Forbidden("users.own_rights", "Somebody else must erase your data.");
    if (person.is_active)
        throw Conflict("users.still_active", "Deactivate the account first, and hand over the open work.");
    if (lower(asked.confirm) != person.username)
        throw Invalid("confirm", "Type the username of the person whose data you erase.");
    erase_person(tx, id.value);
    forget_sessions(tx, id);
    return tx.get(id);
}

void forget_person(Tx& tx, const Uuid& person) {
    tx.execute({"DELETE FROM users_avatar WHERE person = {}", person});
    forget_invitations(tx, person, former_address(person));
    mail::forget(tx, tx.get(Id<User>{person}).email.text);
    tx.execute({"UPDATE users_user SET is_active = false, is_verified = false, erased_at = {} WHERE id = {}",
                tx.now(), person});
    audit::erase_personal(tx, model_of(tag<User>{}), where("id = {}", person),
                          {{"username", former_username(person)},
                           {"email", former_address(person)},
                           {"first_name", "Former"},
                           {"last_name", "member"},
                           {"time_zone", tx.site().time_zone}});
    tx.update<User>({"out_of_office_delegate = NULL"}, where("out_of_office_delegate = {}", person));
}

}  // namespace tamiti::users
