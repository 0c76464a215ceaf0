#include "core/program/processes.hpp"

#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <thread>

#include "core/base/log.hpp"
#include "core/jobs/beat.hpp"
#include "core/jobs/isolation.hpp"
#include "core/jobs/supervisor.hpp"
#include "core/jobs/worker.hpp"
#include "core/program/signals.hpp"
#include "core/telemetry/sentry.hpp"

namespace tamiti::jobs {
namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

constexpr int replaced = 76;       // the exit code of a worker that leaves a stuck thread behind
constexpr int spare_pool = 4;      // connections beyond one for each thread
constexpr auto acquire_wait = 5s;  // a job may wait longer for a connection than a request

void begin(const Program& program) {
    // Each arena reserves much for the threads that use it, and counts against the limit of memory.
    mallopt(M_ARENA_MAX, 2);
    log::start(program.settings.log_level);
    if (!program.settings.sentry_dsn.empty())
        telemetry::start(program.settings.sentry_dsn, "tamiti", program.settings.env);
}

int end(int code) {
    telemetry::stop();
    log::flush();
    return code;
}

int threads_of(const Settings& settings) {
    if (settings.worker_threads > 0) return settings.worker_threads;
    return 2 * static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

// Jobs wait for connections as long as for anything else, and there is one for each that runs.
void own_pool(Site& site, int threads) {
    db::ConnectionSettings settings = site.pool->settings();
    settings.application_name = "tamiti-worker";
    site.pool = std::make_shared<db::Pool>(settings, threads + spare_pool, acquire_wait);
}

void say_ready(const char* event) {
    log::info(event, {{"pid", static_cast<std::int64_t>(getpid())}});
}

// Waits until somebody ends the process or a thread is lost; says in the log when the first jobs may be
// claimed.
bool told_to_end(const Signals& signals, const Worker& worker) {
    bool was_ready = false;
    while (!worker.must_be_replaced()) {
        if (!was_ready && worker.has_lease()) {
            say_ready("worker_ready");
            was_ready = true;
        }
        if (signals.comes(100ms)) return true;
    }
    return false;
}

std::vector<std::string> watched_arguments(bool with_schedules) {
    std::vector<std::string> arguments = {"worker", "--watched"};
    if (with_schedules) arguments.emplace_back("--beat");
    return arguments;
}

}  // namespace

std::unique_ptr<Supervisor> supervised_worker(const Settings& settings, bool with_schedules) {
    return std::make_unique<Supervisor>(watched_arguments(with_schedules), settings.worker_memory_mb);
}

int run_worker(Program& program, bool with_schedules) {
    const Signals signals;
    begin(program);
    if (!has_all_migrations(program)) return end(1);
    const auto supervisor = supervised_worker(program.settings, with_schedules);
    supervisor->start();
    signals.wait();
    supervisor->ask_to_stop();
    // A second signal makes haste; what waits for it is another thread than what waits for the process.
    std::thread([&signals, &supervisor] {
        if (signals.comes(std::chrono::hours(1))) supervisor->ask_to_stop();
    }).detach();
    supervisor->wait(std::chrono::seconds(program.settings.worker_grace_seconds + 5));
    log::info("worker_stopped");
    end(0);
    _exit(0);  // without the thread that still waits for a second signal
}

int run_watched_worker(Program& program, bool with_schedules) {
    const Signals signals;
    begin(program);
    Site& site = program.sites.first();
    const int threads = threads_of(program.settings);
    own_pool(site, threads + (with_schedules ? 1 : 0));
    int code = 0;
    {
        Worker worker(site, {.threads = threads,
                             .isolation = in_processes(*site.jobs, program.settings.worker_memory_mb)});
        Beat beat(site);
        worker.start();
        if (with_schedules) beat.start();
        const bool told = told_to_end(signals, worker);
        code = told ? 0 : replaced;
        const auto deadline =
            Steady::now() + std::chrono::seconds(told ? program.settings.worker_grace_seconds
                                                      : std::min(5, program.settings.worker_grace_seconds));
        beat.stop();
        const bool all_ended = worker.stop([&] { return Steady::now() >= deadline || signals.comes(1ms); });
        if (!all_ended) {
            end(code);
            _exit(code);  // threads that don't heed are still at work on what destructors would take away
        }
    }
    return end(code);
}

int run_only_job(Program& program, const std::string& job, const std::string& token) {
    begin(program);
    own_pool(program.sites.first(), 2);
    return end(run_only(program.sites.first(), job, token));
}

int run_beat(Program& program) {
    const Signals signals;
    begin(program);
    if (!has_all_migrations(program)) return end(1);
    Beat beat(program.sites.first());
    beat.start();
    signals.wait_and_tell([&] { return beat.has_ticked(); }, [] { say_ready("beat_ready"); });
    beat.stop();
    return end(0);
}

}  // namespace tamiti::jobs
