#include "apps/auth/listeners.hpp"

#include "apps/auth/sessions/ending.hpp"
#include "apps/auth/tokens/personal_tokens.hpp"

namespace tamiti::auth {

void end_access_of(Tx& tx, const users::UserDeactivated& event) {
    end_sessions_until(tx, event.user, EndReason::account_closed, event.at);
    revoke_personal_tokens(tx, event.user, event.at);
    tx.execute({"DELETE FROM auth_link WHERE account = {} AND used_at IS NULL AND created_at <= {}",
                event.user, event.at});
}

void end_unproven_access_of(Tx& tx, const users::UserUnverified& event) {
    end_sessions_until(tx, event.user, EndReason::account_closed, event.at);
    revoke_personal_tokens(tx, event.user, event.at);
    tx.execute({R"(DELETE FROM auth_link WHERE account = {} AND purpose = 'change_email' AND used_at IS NULL
                   AND created_at <= {})",
                event.user, event.at});
}

void end_sessions_of(Tx& tx, const users::UserExpired& event) {
    end_sessions_until(tx, event.user, EndReason::account_closed, event.at);
}

}  // namespace tamiti::auth
