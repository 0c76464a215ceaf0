#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "core/base/time.hpp"
#include "core/base/uuid.hpp"
#include "core/model/shape.hpp"

/// What an app says of its background work: jobs, and the schedules that make them.
namespace tamiti {

class JobRun;

/// How a run of a job ended; made by done(), retry(), cancel() and snooze().
struct JobResult {
    enum class Kind : unsigned char { done, retry, cancel, snooze };
    Kind kind = Kind::done;
    std::string why{};
    std::chrono::seconds delay{0};  ///< of a snooze; of a retry, 0 takes the usual backoff
};
inline JobResult done() {
    return {};
}
/// Try again after the backoff, or after `delay`; counts as a failed attempt.
inline JobResult retry(std::string why, std::chrono::seconds delay = std::chrono::seconds(0)) {
    return {JobResult::Kind::retry, std::move(why), delay};
}
/// Never try again; not a failure.
inline JobResult cancel(std::string why) {
    return {JobResult::Kind::cancel, std::move(why), {}};
}
/// Not now: run again later without counting an attempt.
inline JobResult snooze(std::chrono::seconds delay) {
    return {JobResult::Kind::snooze, {}, delay};
}

/// How jobs of one kind are run, in the order people write it.
struct JobRules {
    std::string queue = "default";
    int priority = 0;       ///< higher runs first
    int max_attempts = 20;  ///< then the job is a dead letter
    std::chrono::seconds timeout{60};
    std::chrono::seconds first_retry{5};  ///< doubles with each attempt, jittered by a fifth
    std::chrono::seconds longest_retry{3600};
    int version = 1;  ///< of its arguments: jobs of another version become dead letters that say so
};

/// One kind of job as it was declared: job<SendReminder>(send, {.queue = "mail"}).
struct JobKind {
    std::string name;  ///< "tasks.send_reminder"
    JobRules rules{};
    Shape arguments{};
    std::function<JobResult(JobRun&)> run{};
};

/// What is asked of one job beyond its kind.
struct JobOptions {
    std::optional<Timestamp> run_at{};
    std::optional<std::string> unique_key{};  ///< at most one unfinished job of the kind has it
    std::optional<std::string>
        serial_key{};  ///< jobs that share it run one at a time, in the order they were made
    std::optional<int> priority{};
};

/// What a schedule does about ticks that nobody was there to run.
enum class CatchUp : unsigned char {
    skip,  ///< they are gone
    once,  ///< one run makes up for all of them
    all,   ///< each is run, the oldest first, a hundred at most
};

/// A job that is made again and again: every(15min, SendDueReminders{}), daily("02:30", PurgeTrash{}).
/// Exactly one job comes of each tick, however many nodes there are.
struct Schedule {
    std::string name;  ///< of its job, and what tells two schedules of one job apart
    std::string job;
    std::string arguments = "{}";      ///< JSON
    std::chrono::seconds interval{0};  ///< elapsed time, from the start of the Unix epoch
    std::string time_of_day{};         ///< "02:30" in the site's zone; where set there is no interval
    CatchUp catch_up = CatchUp::once;
};

}  // namespace tamiti
