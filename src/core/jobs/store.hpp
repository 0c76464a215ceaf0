#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/uuid.hpp"
#include "core/db/connection.hpp"

namespace tamiti {
class JobKinds;
}  // namespace tamiti

/// The statements behind background work. Every time in them is the database's.
namespace tamiti::jobs {

inline constexpr int lease_seconds = 3;
/// Of a worker in the calling thread, which nobody renews.
inline constexpr int longest_lease_seconds = 600;

/// A job that a worker holds, as its row was when it was claimed.
struct Claimed {
    Uuid id{};
    std::int64_t token = 0;  ///< of the lease: what every statement on the attempt is fenced by
    std::string kind{};
    std::string arguments{};
    std::string queue{};
    std::string serial_key{};
    int version = 1;
    int attempt = 1;
    int max_attempts = 1;
    int rescues = 0;
};

/// What becomes of a job after an attempt.
struct Outcome {
    enum class Next : unsigned char { done, cancelled, dead, waiting };
    Next next = Next::done;
    bool counts = true;     ///< false where a job that waits again has not used up an attempt
    bool isolated = false;  ///< the next attempt is to be made in a process of its own
    double delay = 0;       ///< seconds until a job that waits is due
    std::string why{};      ///< kept as the job's last error; empty keeps the one before
    std::string counted{};  ///< the outcome's name in the metrics: done, failed, dead, …

    Uuid id{};
    std::int64_t token = 0;
    std::string kind{};
    std::string serial_key{};
};

/// Which jobs a worker can take now.
struct Order {
    Uuid worker{};
    int most = 0;
    std::vector<std::string> queues{};
    std::vector<std::string> free{};  ///< how many of each of those queues, as numbers in text
};

/// What the program can run: kinds and the queues they are in, in the form that statements want.
struct Known {
    explicit Known(const JobKinds& declared);
    std::vector<std::string> kinds{};
    std::vector<std::string> queue_of_kind{};
    std::vector<std::string> queues{};  ///< each once
};

/// Writes outcomes and claims jobs in one round trip and one transaction. Outcomes of attempts whose lease is
/// no longer theirs change nothing. Throws db::Error; 23505 means that two workers reached for jobs of one
/// serial key at once and nothing was done.
std::vector<Claimed> exchange(db::Connection& connection, const std::vector<Outcome>& outcomes,
                              const Order* order, const Known& known);

/// The job that is held by that lease, for a process that runs it alone.
std::optional<Claimed> held_by(db::Connection& connection, const Uuid& job, std::int64_t token);

/// Makes a worker known, with a lease of that many seconds.
void enrol(db::Connection& connection, const Uuid& worker, const std::string& place,
           int seconds = lease_seconds);
/// Renews its lease; false where that had run out, and others may have its jobs.
bool renew(db::Connection& connection, const Uuid& worker);
void leave(db::Connection& connection, const Uuid& worker);

/// One job that the database thinks a worker has.
struct Holding {
    Uuid id{};
    std::int64_t token = 0;
    bool cancel_requested = false;
};
std::vector<Holding> holdings(db::Connection& connection, const Uuid& worker);

/// Gives jobs back whose worker's lease has run out; answers the kind of each.
std::vector<std::string> rescue(db::Connection& connection);

/// Lets jobs run that wait for nothing any more: the end of the one before and their own making happened at
/// the same time, and neither saw the other.
int unblock(db::Connection& connection);

/// Mends what was written while the clock stood ahead: leases of which nobody would notice that their worker
/// is gone, and jobs that would wait until the time of their making is past. Says in the log how many;
/// answers it.
int mend_times(db::Connection& connection);

/// Makes dead letters of jobs that no program has known for a day, and moves jobs into the queue that their
/// kind is in by now. Answers how many became dead letters.
int tidy(db::Connection& connection, const Known& known);

/// Adds to the counts behind the metrics.
void add_totals(db::Connection& connection, const std::vector<Outcome>& outcomes);

/// What is kept of an error: well-formed text of at most 2,000 bytes.
std::string kept_text(std::string text);

}  // namespace tamiti::jobs
