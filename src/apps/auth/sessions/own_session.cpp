#include "apps/auth/sessions/own_session.hpp"

#include "core/base/problem.hpp"

namespace tamiti::auth {

void require_no_token(const Actor& who) {
    if (!who.token.is_nil())
        throw Forbidden("auth.token_scope", "A personal access token can't do this; sign in yourself.");
}

void require_own_session(const Actor& who) {
    require_no_token(who);
    if (!who.viewed_by.is_nil() || who.session.is_nil())
        throw Forbidden("auth.view_only", "Only the person themselves can do this, signed in.");
}

}  // namespace tamiti::auth
