#pragma once

#include <boost/describe/class.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/jobs/declaration.hpp"

namespace tamiti {
class Tx;
class JobRun;
}  // namespace tamiti

namespace tamiti::mail {

/// Sends one mail. It may be repeated after a crash; its Message-ID stays the same.
struct SendMail {
    static constexpr std::string_view job_name = "core.send_mail";
    std::string mail{};  ///< id of the row
};
BOOST_DESCRIBE_STRUCT(SendMail, (), (mail))

/// Removes the rows of mails that were sent, caught or refused long ago.
struct PurgeMails {
    static constexpr std::string_view job_name = "core.purge_mails";
    int days = 90;
};
BOOST_DESCRIBE_STRUCT(PurgeMails, (), (days))

JobResult send_mail(JobRun& run, const SendMail& job);
JobResult purge_mails(Tx& tx, const PurgeMails& job);

/// For the engine's table of contents.
std::vector<JobKind> jobs();
std::vector<Schedule> schedules();

}  // namespace tamiti::mail
