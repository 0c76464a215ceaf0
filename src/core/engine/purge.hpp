#pragma once

#include <boost/describe/class.hpp>
#include <string_view>

#include "core/jobs/job.hpp"

namespace tamiti {

/// Empties the trash, once a day: what has lain there for longer than the setting trash_days is removed for
/// good, with everything that went with it. What was done to the rows stays in the audit trail.
struct PurgeTrash {
    static constexpr std::string_view job_name = "core.purge_trash";
};
BOOST_DESCRIBE_STRUCT(PurgeTrash, (), ())

JobResult purge_trash(JobRun& run, const PurgeTrash& job);

}  // namespace tamiti
