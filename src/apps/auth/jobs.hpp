#pragma once

#include <boost/describe/class.hpp>
#include <string>
#include <string_view>

#include "core/jobs/job.hpp"

/// Work of signing in that nobody waits for. What is asked about an address is looked up here, so that the
/// answer and its time are the same for every address.
namespace tamiti::auth {

struct SendReset {
    static constexpr std::string_view job_name = "auth.send_reset";
    std::string email{};
};
BOOST_DESCRIBE_STRUCT(SendReset, (), (email))
JobResult send_reset_link(Tx& tx, const SendReset& job);

struct SendVerification {
    static constexpr std::string_view job_name = "auth.send_verification";
    std::string email{};
};
BOOST_DESCRIBE_STRUCT(SendVerification, (), (email))
JobResult send_verification_link(Tx& tx, const SendVerification& job);

/// Forgets links that expired a month ago, and after three months tries to sign in that failed and who asked
/// for accounts.
struct ForgetOldTries {
    static constexpr std::string_view job_name = "auth.forget_old_tries";
};
BOOST_DESCRIBE_STRUCT(ForgetOldTries, (), ())
JobResult forget_old_tries(Tx& tx, const ForgetOldTries& job);

}  // namespace tamiti::auth
