#pragma once

#include <boost/describe/class.hpp>
#include <string_view>

#include "core/jobs/job.hpp"

namespace tamiti::jobs {

/// Removes what has been kept for long enough: finished jobs after a day, dead letters and events after 30,
/// ticks after 7.
struct RemoveOld {
    static constexpr std::string_view job_name = "core.remove_old";
};
BOOST_DESCRIBE_STRUCT(RemoveOld, (), ())
JobResult remove_old(JobRun& run, const RemoveOld& job);

}  // namespace tamiti::jobs
