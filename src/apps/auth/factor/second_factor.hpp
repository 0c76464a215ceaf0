#pragma once

#include <boost/describe/class.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "apps/auth/models.hpp"
#include "core/access/actor.hpp"
#include "core/jobs/job.hpp"
#include "core/model/shape.hpp"
#include "core/model/tx.hpp"
#include "core/program/app.hpp"

/// The second factor of a sign-in: codes of an authenticator app, and recovery codes for who has lost it.
namespace tamiti::auth {

struct FactorStatus {
    bool is_on = false;
    bool is_required = false;  ///< one of the roles demands it
    std::optional<Timestamp> confirmed_at{};
    int recovery_codes_left = 0;
};
BOOST_DESCRIBE_STRUCT(FactorStatus, (), (is_on, is_required, confirmed_at, recovery_codes_left))

struct FactorSetUp {
    std::string password{};
};
const Shape& shape_of(tag<FactorSetUp>);

/// What an authenticator app is told, by QR code or by hand.
struct FactorSecret {
    std::string secret{};  ///< base32
    std::string uri{};     ///< otpauth://totp/…
    Timestamp expires_at{};
};
BOOST_DESCRIBE_STRUCT(FactorSecret, (), (secret, uri, expires_at))

struct FactorCode {
    std::string code{};
};
const Shape& shape_of(tag<FactorCode>);

struct FactorRemoval {
    std::string password{};
    std::string code{};
};
const Shape& shape_of(tag<FactorRemoval>);

struct RecoveryCodes {
    Tags recovery_codes{};  ///< shown this once; each is good for one sign-in
};
BOOST_DESCRIBE_STRUCT(RecoveryCodes, (), (recovery_codes))

FactorStatus second_factor(ReadTx& tx, const Actor& who);

/// Makes the secret of a factor that counts once a code of it was confirmed, within fifteen minutes; an
/// earlier unconfirmed one is forgotten. Asks for the password again, so that a stolen session can't lock its
/// owner out.
FactorSecret begin_second_factor(Tx& tx, const Actor& who, FactorSetUp asked);

/// Turns the factor on. From now on signing in takes a code.
RecoveryCodes confirm_second_factor(Tx& tx, const Actor& who, FactorCode asked);

/// Turns it off, for who knows the password and has a code.
void remove_second_factor(Tx& tx, const Actor& who, FactorRemoval asked);

/// Ten new recovery codes; the old ones end.
RecoveryCodes renew_recovery_codes(Tx& tx, const Actor& who, FactorCode asked);

/// What every way of signing in with a password calls once the password was right; answers by what the person
/// signs in then. Where the account has a factor: 401 "auth.second_factor_needed" without a code, 401
/// "auth.wrong_code" with a wrong one and 429 after five wrong ones. The code is of the app, each step good
/// once, or a recovery code, which it uses up.
SignInKind require_second_factor(Tx& tx, const Actor& who, Id<users::User> account,
                                 const std::optional<std::string>& code);

/// Turns the factor of somebody off who has lost app and recovery codes: what an operator or admin does.
/// Whether there was one.
bool drop_second_factor(Tx& tx, Id<users::User> account);

/// Seals secrets under the present key that are still under the one before.
struct ResealSecondFactors {
    static constexpr std::string_view job_name = "auth.reseal_second_factors";
};
BOOST_DESCRIBE_STRUCT(ResealSecondFactors, (), ())
JobResult reseal_second_factors(Tx& tx, const ResealSecondFactors& job);

}  // namespace tamiti::auth
