#include "apps/auth/erase.hpp"

#include "apps/auth/proofs.hpp"

namespace tamiti::auth {

void erase(Tx& tx, const Uuid& person) {
    end_sessions(tx, {person}, EndReason::account_closed);
    tx.execute("DELETE FROM auth_password WHERE account = $1", person);
    tx.execute("DELETE FROM auth_link WHERE account = $1", person);
    tx.execute("UPDATE auth_session SET device = '', address = '' WHERE account = $1", person);
    tx.execute("UPDATE auth_sign_in SET device = '', address = '', network = '' WHERE account = $1", person);
}

}  // namespace tamiti::auth
