#include "apps/users/service_purge.hpp"

#include "apps/users/events.hpp"
#include "apps/users/service.hpp"
#include "apps/users/service_invitations.hpp"
#include "apps/users/service_lifecycle.hpp"
#include "core/engine/erasure.hpp"
#include "core/events/event.hpp"

namespace tamiti::users {

std::vector<EndedAccount> ended_accounts(ReadTx& tx, Timestamp before) {
    std::vector<EndedAccount> ended;
    for (User& person :
         tx.select<User>({"t.expires_at < {} AND t.erased_at IS NULL ORDER BY t.expires_at, t.id", before})) {
        const bool has_work = has_open_work(tx, person.id);
        ended.push_back({std::move(person), has_work});
    }
    return ended;
}

bool purge_account(Tx& tx, const Actor& who, Id<User> id, Timestamp before) {
    const User person = tx.lock(id);
    const bool has_ended = person.expires_at && *person.expires_at < before;
    if (!has_ended || person.erased_at || has_open_work(tx, id)) return false;
    // As when an account is closed, but for the mail: the person left long ago.
    end_invitations(tx, InvitationState::cancelled, where("invited_by = {}", id));
    tx.emit(UserDeactivated{.user = id, .by = self(who), .reason = "", .at = tx.now()});
    erase_person(tx, id.value);
    forget_sessions(tx, id);
    return true;
}

}  // namespace tamiti::users
