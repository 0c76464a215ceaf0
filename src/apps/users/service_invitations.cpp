#include "apps/users/service_invitations.hpp"

#include "core/audit/audit.hpp"
#include "core/base/text.hpp"
#include "core/model/member.hpp"

namespace tamiti::users {

int end_invitations(Tx& tx, InvitationState as, const Scope& which, int most) {
    const bool is_expiry = as == InvitationState::expired;
    const Sql over = is_expiry ? Sql{"expires_at <= {}", tx.now()} : Sql("true");
    const Sql pending{R"(id IN (SELECT id FROM users_invitation WHERE state = 'pending' AND {} AND {}
                                ORDER BY id LIMIT {} FOR UPDATE))",
                      over, which, most};
    if (is_expiry) return tx.update<Invitation>({"state = {}", enum_name(as)}, Scope(pending));
    return tx.update<Invitation>({"state = {}, cancelled_at = {}", enum_name(as), tx.now()}, Scope(pending));
}

std::vector<std::string> invited_among(ReadTx& tx, const std::vector<std::string>& addresses) {
    return tx.all<std::string>({R"(SELECT lower(email) FROM users_invitation
                                   WHERE state = 'pending' AND expires_at > {} AND lower(email) = ANY({}::text[]))",
                                tx.now(), addresses});
}

bool is_invited(ReadTx& tx, const std::string& address) {
    return tx.exists(
        {"SELECT FROM users_invitation WHERE lower(email) = {} AND state = 'pending'", lower(address)});
}

int joined_by(ReadTx& tx, Id<Import> import) {
    return tx.value<int>(
        {"SELECT count(*) FROM users_invitation WHERE batch = {} AND state = 'accepted'", import});
}

void forget_invitations(Tx& tx, const Uuid& person, const std::string& former_address) {
    end_invitations(
        tx, InvitationState::cancelled,
        where("lower(email) = (SELECT lower(u.email) FROM users_user u WHERE u.id = {})", person));
    audit::erase_personal(
        tx, model_of(tag<Invitation>{}),
        where("account = {} OR lower(email) = (SELECT lower(u.email) FROM users_user u WHERE u.id = {})",
              person, person),
        {{"email", former_address}});
}

}  // namespace tamiti::users
