#include "apps/auth/erase.hpp"

#include "apps/auth/sessions/ending.hpp"

namespace tamiti::auth {

void erase(Tx& tx, const Uuid& person) {
    end_sessions(tx, {person}, EndReason::account_closed);
    tx.execute("DELETE FROM auth_password WHERE account = $1", person);
    tx.execute("DELETE FROM auth_link WHERE account = $1", person);
    tx.execute("DELETE FROM auth_second_factor WHERE account = $1", person);
    tx.execute(
        "UPDATE auth_personal_token SET name = 'erased', revoked_at = coalesce(revoked_at, $2), "
        "updated_at = $2, version = version + 1 WHERE account = $1",
        person, tx.now());
    tx.execute(
        "DELETE FROM auth_personal_token_key k USING auth_personal_token t WHERE t.id = k.token AND "
        "t.account = $1",
        person);
    tx.execute("UPDATE auth_session SET device = '', address = '' WHERE account = $1", person);
    tx.execute("UPDATE auth_sign_in SET device = '', address = '', network = '' WHERE account = $1", person);
    // After the changes, whose own entries in the trail have the values of before.
    tx.execute(
        "SELECT core_audit_forget(id, 'auth_session', ARRAY['device', 'address']) FROM auth_session "
        "WHERE account = $1",
        person);
    tx.execute(
        "SELECT core_audit_forget(id, 'auth_personal_token', ARRAY['name']) FROM auth_personal_token "
        "WHERE account = $1",
        person);
}

}  // namespace tamiti::auth
