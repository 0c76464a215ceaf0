#include "apps/auth/sign_in/log_in.hpp"

#include "apps/auth/factor/second_factor.hpp"
#include "apps/auth/sign_in/sign_in.hpp"
#include "core/model/input.hpp"

namespace tamiti::auth {
namespace {

/// Asks for the code of the second factor where the account has one. A wrong one is written down as a try.
void prove_factor(Tx& tx, const Actor& who, const LogIn& asked, Proven& proven) {
    try {
        proven.kind = require_second_factor(tx, who, proven.account.id, asked.code);
    } catch (const Problem& problem) {
        if (problem.code() == "auth.wrong_code") {
            proven.kind = SignInKind::second_factor;
            tx.roll_back();
            note_failure(tx.site(), who, proven, "wrong_code");
        }
        throw;
    }
}

}  // namespace

SignedIn log_in(Tx& tx, const Actor& who, LogIn asked) {
    Proven proven = prove_password(tx.site(), who, asked);
    prove_factor(tx, who, asked, proven);
    return start_session(tx, who, proven);
}

const Shape& shape_of(tag<LogIn>) {
    static const Shape shape = input<LogIn>(
        {field<&LogIn::username>(
             "username",
             {.max_length = 254, .help = "Or email address or telephone number.", .example = "manager"}),
         field<&LogIn::password>("password",
                                 {.max_length = 1024, .verbatim = true, .example = "studio-demo-2026"}),
         field<&LogIn::device>("device", {.max_length = 200,
                                          .help = "What an earlier sign-in on this device gave; keeps "
                                                  "strangers who guess from locking you out."}),
         field<&LogIn::code>(
             "code",
             {.max_length = 40,
              .help =
                  "Of the authenticator app, or a recovery code, where the account has a second factor."})});
    return shape;
}

}  // namespace tamiti::auth
