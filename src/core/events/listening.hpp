#pragma once

#include <boost/describe/class.hpp>
#include <string>

#include "core/jobs/job.hpp"

namespace tamiti {

/// The job that tells one listener of one event.
struct Listen {
    static constexpr std::string_view job_name = "core.listen";
    std::string listener{};
    std::string event{};  ///< id of the row of core_event
};
BOOST_DESCRIBE_STRUCT(Listen, (), (listener, event))

/// Runs the listener and completes the job in one transaction. An event that retention has removed, or a
/// listener that no app has, is a failure that names it.
JobResult listen(Tx& tx, const Listen& job);

}  // namespace tamiti
