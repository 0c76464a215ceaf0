#pragma once

#include <boost/describe/class.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/problem_codes.hpp"
#include "core/model/nested.hpp"
#include "core/model/tx.hpp"
#include "core/model/types.hpp"

namespace tamiti::operations {

/// Stands for a job in the addresses of routes.
struct StoredJob;

/// Which jobs are asked for: those that aren't over, and dead letters, where no state is named.
struct JobQuery {
    std::optional<std::string> state{};
    std::optional<std::string> kind{};
    std::optional<std::string> queue{};
    std::optional<Uuid> cursor{};
    int page_size = 25;
};
const Shape& shape_of(tag<JobQuery>);

/// A job among others.
struct JobLine {
    Uuid id{};
    std::string kind{};
    std::string queue{};
    std::string state{};
    std::int64_t attempt = 0;
    std::int64_t max_attempts = 0;
    Timestamp run_at{};
    Timestamp created_at{};
    std::optional<Timestamp> finished_at{};
    std::optional<std::string> last_error{};
};
BOOST_DESCRIBE_STRUCT(JobLine, (),
                      (id, kind, queue, state, attempt, max_attempts, run_at, created_at, finished_at,
                       last_error))

struct JobPage {
    std::optional<std::string> next{};
    std::vector<JobLine> results{};
};
const Shape& shape_of(tag<JobPage>);

/// All that is known of a job.
struct JobSheet {
    Uuid id{};
    std::string kind{};
    Json arguments{};
    std::int64_t arguments_version = 1;
    std::string queue{};
    std::int64_t priority = 0;
    std::string state{};
    std::int64_t attempt = 0;
    std::int64_t max_attempts = 0;
    std::int64_t rescues = 0;
    Timestamp run_at{};
    std::optional<std::string> unique_key{};
    std::optional<std::string> serial_key{};
    std::optional<std::string> place{};
    bool cancel_requested = false;
    std::optional<std::string> last_error{};
    Timestamp created_at{};
    std::optional<Timestamp> started_at{};
    std::optional<Timestamp> finished_at{};
};
BOOST_DESCRIBE_STRUCT(JobSheet, (),
                      (id, kind, arguments, arguments_version, queue, priority, state, attempt, max_attempts,
                       rescues, run_at, unique_key, serial_key, place, cancel_requested, last_error,
                       created_at, started_at, finished_at))

JobPage list_jobs(ReadTx& tx, const Actor& who, const JobQuery& query);
JobSheet show_job(ReadTx& tx, const Actor& who, Id<StoredJob> id);
/// Runs a dead, cancelled or waiting job now.
JobSheet retry_job(Tx& tx, const Actor& who, Id<StoredJob> id);
/// Cancels a job; one that runs is asked to stop.
JobSheet cancel_job(Tx& tx, const Actor& who, Id<StoredJob> id);

std::vector<ProblemKind> job_problems();

}  // namespace tamiti::operations
