#include "apps/users/service_invitations.hpp"

#include "core/audit/audit.hpp"
#include "core/base/text.hpp"
#include "core/model/member.hpp"

namespace tamiti::users {

int end_invitations(Tx& tx, InvitationState as, const Scope& which, int most) {
    db::Params params = db::Params::of(enum_name(as), tx.now(), most);
    const bool is_expiry = as == InvitationState::expired;
    const std::string pending = "state = 'pending'" + std::string(is_expiry ? " AND expires_at <= $2" : "") +
                                " AND (" + which.render(params) + ")";
    return tx.transaction()
        .run(
            "UPDATE users_invitation SET state = $1, " + std::string(is_expiry ? "" : "cancelled_at = $2, ") +
                "version = version + 1, updated_at = $2 WHERE id IN (SELECT id FROM users_invitation WHERE " +
                pending + " ORDER BY id LIMIT $3 FOR UPDATE)",
            params)
        .affected();
}

std::vector<std::string> invited_among(ReadTx& tx, const std::vector<std::string>& addresses) {
    std::vector<std::string> invited;
    for (const db::Row row : tx.rows("SELECT lower(email) FROM users_invitation WHERE state = 'pending' AND "
                                     "expires_at > $2 AND lower(email) = ANY($1::text[])",
                                     addresses, tx.now()))
        invited.emplace_back(row.text(0));
    return invited;
}

bool is_invited(ReadTx& tx, const std::string& address) {
    return tx.exists("SELECT FROM users_invitation WHERE lower(email) = $1 AND state = 'pending'",
                     lower(address));
}

int joined_by(ReadTx& tx, Id<Import> import) {
    return static_cast<int>(
        tx.rows("SELECT count(*) FROM users_invitation WHERE batch = $1 AND state = 'accepted'", import)[0]
            .integer(0));
}

void forget_invitations(Tx& tx, const Uuid& person, const std::string& former_address) {
    end_invitations(
        tx, InvitationState::cancelled,
        where("lower(email) = (SELECT lower(u.email) FROM users_user u WHERE u.id = {})", person));
    audit::erase_personal(
        tx, model_of(tag<Invitation>{}),
        where("account = {} OR lower(email) = (SELECT lower(u.email) FROM users_user u WHERE u.id = {})",
              person),
        {{"email", former_address}});
}

}  // namespace tamiti::users
