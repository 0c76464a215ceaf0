#include "apps/auth/jobs.hpp"

#include "apps/auth/mails.hpp"
#include "apps/auth/sign_in/accounts.hpp"

namespace tamiti::auth {

JobResult send_reset_link(Tx& tx, const SendReset& job) {
    const auto account = account_of_address(tx, job.email);
    if (!account || !account->is_open) return cancel("Nobody who may sign in has this address.");
    send_reset(tx, *account);
    return done();
}

JobResult send_verification_link(Tx& tx, const SendVerification& job) {
    const auto account = account_of_address(tx, job.email);
    if (!account || !account->is_open || account->is_verified) return cancel("There is no address to prove.");
    send_verification(tx, *account);
    return done();
}

JobResult forget_old_tries(Tx& tx, const ForgetOldTries&) {
    const Timestamp month = tx.now() - std::chrono::days(30), quarter = tx.now() - std::chrono::days(90);
    tx.execute({"DELETE FROM auth_link WHERE expires_at < {}", month});
    tx.execute({"DELETE FROM auth_sign_in WHERE at < {} AND NOT succeeded", quarter});
    tx.execute({"DELETE FROM auth_registration WHERE created_at < {}", quarter});
    return done();
}

}  // namespace tamiti::auth
