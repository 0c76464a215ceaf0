// Runs jobs that the proofs of background work need and the studio must not have.
#include <unistd.h>

#include <boost/describe/class.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>

#include "core/engine/engine.hpp"
#include "core/jobs/job.hpp"
#include "core/program/processes.hpp"

namespace tamiti {
namespace {

struct Nothing {
    static constexpr std::string_view job_name = "proof.nothing";
};
BOOST_DESCRIBE_STRUCT(Nothing, (), ())

/// Takes a while and leaves one row.
struct Ledger {
    static constexpr std::string_view job_name = "proof.ledger";
    int milliseconds = 0;
};
BOOST_DESCRIBE_STRUCT(Ledger, (), (milliseconds))

/// The same from outside of a transaction.
struct Outside {
    static constexpr std::string_view job_name = "proof.outside";
    int milliseconds = 0;
};
BOOST_DESCRIBE_STRUCT(Outside, (), (milliseconds))

/// Does what it is told to bring its process down.
struct Poison {
    static constexpr std::string_view job_name = "proof.poison";
    std::string how{};
};
BOOST_DESCRIBE_STRUCT(Poison, (), (how))

struct Tick {
    static constexpr std::string_view job_name = "proof.tick";
};
BOOST_DESCRIBE_STRUCT(Tick, (), ())

void pause(int milliseconds) {
    std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
}

void leave_row(Tx& tx, int milliseconds) {
    tx.execute({"INSERT INTO proof_effect (milliseconds, pid, parent) VALUES ({}, {}, {})", milliseconds,
                getpid(), getppid()});
}

JobResult nothing(Tx&, const Nothing&) {
    return done();
}

// Its via names the job: the row says for which job it is by what the transaction knows of its cause.
JobResult ledger(Tx& tx, const Ledger& job) {
    leave_row(tx, job.milliseconds);
    pause(job.milliseconds);
    return done();
}

JobResult outside(JobRun& run, const Outside& job) {
    pause(job.milliseconds);
    return run.complete_with([&](Tx& tx) {
        leave_row(tx, job.milliseconds);
        return done();
    });
}

JobResult poison(JobRun&, const Poison& job) {
    if (job.how == "crash") std::abort();
    if (job.how == "loop")
        for (volatile int i = 0;; i = i + 1) continue;
    if (job.how == "memory") {
        std::string hoard;
        while (true) hoard.append(16 << 20, 'x');
    }
    if (job.how == "throw") throw "no exception";
    return done();
}

JobResult tick(Tx&, const Tick&) {
    return done();
}

App proofs() {
    using std::chrono::seconds;
    const JobRules quick{.timeout = seconds(2), .first_retry = seconds(0)};
    JobRules poisonous = quick;
    poisonous.queue = "poison";
    poisonous.max_attempts = 4;
    return {.name = "proof",
            .jobs = {job<Nothing>(nothing), job<Ledger>(ledger), job<Outside>(outside),
                     job<Poison>(poison, poisonous), job<Tick>(tick)},
            .schedules = {every(seconds(1), Tick{}, CatchUp::all)}};
}

int run(int count, char** words) {
    Program program(read_settings());
    const auto has = [&](const char* word) {
        for (int i = 1; i < count; ++i)
            if (std::strcmp(words[i], word) == 0) return i;
        return 0;
    };
    if (has("migrate")) return migrate(program);
    if (has("beat")) return jobs::run_beat(program);
    if (!has("worker")) return 2;
    if (const int at = has("--only"); at > 0 && at + 3 < count)
        return jobs::run_only_job(program, words[at + 1], words[at + 3]);
    if (has("--watched")) return jobs::run_watched_worker(program, has("--beat") > 0);
    return jobs::run_worker(program, has("--beat") > 0);
}

}  // namespace

// In place of the studio's apps.
std::vector<App> installed_apps() {
    return {engine(), proofs()};
}

}  // namespace tamiti

int main(int count, char** words) {
    try {
        return tamiti::run(count, words);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "jobs_worker: %s\n", error.what());
        return 1;
    }
}
