#pragma once

#include "core/db/pool.hpp"

namespace tamiti::jobs {

/// Brings the numbers about background work up to date, from the database and thus for all processes, at most
/// every five seconds: tamiti_jobs (by queue and state), tamiti_job_oldest_seconds (by queue: for how long
/// the oldest due job waits), tamiti_jobs_total (by kind and outcome), tamiti_job_workers. A database that is
/// away leaves them as they were.
void measure(db::Pool& pool);

}  // namespace tamiti::jobs
