#pragma once

#include "core/jobs/kinds.hpp"
#include "core/jobs/worker.hpp"

namespace tamiti::jobs {

/// Runs jobs that took a worker down in a process of their own: `tamiti worker --only JOB --token TOKEN`. One
/// that crashes even there is a dead letter; one that overruns its time is ended and has failed.
Isolation in_processes(const JobKinds& kinds, int memory_mb);

/// What such a process does: one attempt at the job that the lease holds. Answers its exit code.
int run_only(Site& site, const std::string& job, const std::string& token);

}  // namespace tamiti::jobs
