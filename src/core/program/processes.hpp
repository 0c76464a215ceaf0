#pragma once

#include <memory>
#include <string>

#include "core/program/program.hpp"

namespace tamiti::jobs {

class Supervisor;

/// `tamiti worker`: runs jobs in a process that is watched and replaced whenever it ends. `with_schedules`
/// lets that process also make the jobs of schedules. Answers the exit code after SIGTERM or SIGINT; a second
/// signal doesn't wait for jobs that run.
int run_worker(Program& program, bool with_schedules);

/// The process that is watched: runs jobs until it is told to stop, or has to be replaced.
int run_watched_worker(Program& program, bool with_schedules);

/// The process of one job that is kept apart from others.
int run_only_job(Program& program, const std::string& job, const std::string& token);

/// `tamiti beat`: makes the jobs of schedules and runs none.
int run_beat(Program& program);

/// The worker of a process that serves requests too.
std::unique_ptr<Supervisor> supervised_worker(const Settings& settings, bool with_schedules);

}  // namespace tamiti::jobs
