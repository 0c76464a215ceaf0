#include "apps/auth/access.hpp"

namespace tamiti::auth {

Scope own_sign_ins(const Actor& who) {
    return where("account = $1", who.id);
}

}  // namespace tamiti::auth
