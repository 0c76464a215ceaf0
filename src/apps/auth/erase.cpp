#include "apps/auth/erase.hpp"

#include "apps/auth/sessions/ending.hpp"
#include "apps/auth/tokens/personal_tokens.hpp"
#include "core/audit/audit.hpp"

namespace tamiti::auth {

void erase(Tx& tx, const Uuid& person) {
    end_sessions(tx, {person}, EndReason::account_closed);
    tx.execute({"DELETE FROM auth_password WHERE account = {}", person});
    tx.execute({"DELETE FROM auth_link WHERE account = {}", person});
    tx.execute({"DELETE FROM auth_second_factor WHERE account = {}", person});
    revoke_personal_tokens(tx, {person});
    audit::erase_personal(tx, model_of(tag<PersonalToken>{}), where("account = {}", person),
                          {{"name", "erased"}});
    tx.execute({R"(DELETE FROM auth_personal_token_key k USING auth_personal_token t
                   WHERE t.id = k.token AND t.account = {})",
                person});
    audit::erase_personal(tx, model_of(tag<Session>{}), where("account = {}", person));
    tx.execute(
        {"UPDATE auth_sign_in SET device = '', address = '', network = '' WHERE account = {}", person});
}

}  // namespace tamiti::auth
