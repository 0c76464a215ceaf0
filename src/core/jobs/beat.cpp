#include "core/jobs/beat.hpp"

#include <unistd.h>

#include <boost/describe/class.hpp>
#include <csignal>
#include <map>
#include <stdexcept>

#include "core/base/complaint.hpp"
#include "core/base/log.hpp"
#include "core/jobs/job.hpp"
#include "core/jobs/ticks.hpp"

namespace tamiti::jobs {
namespace {

using namespace std::chrono_literals;

constexpr auto look = 250ms;

constexpr std::string_view now_text =
    R"(to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))";
constexpr std::string_view last_text =
    R"(to_char(last_tick AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))";

std::string place() {
    char host[256] = "";
    if (gethostname(host, sizeof host - 1) != 0) host[0] = '\0';
    return std::string(host) + ":" + std::to_string(getpid());
}

/// Where a schedule stands on the database's clock.
struct Stand {
    Timestamp now{};
    Timestamp last_tick{};
};
BOOST_DESCRIBE_STRUCT(Stand, (), (now, last_tick))

// No tick is made before its time: the clock that the last one was made by was wrong.
bool lies_ahead(const Stand& stand) {
    return stand.last_tick > stand.now + clock_error;
}

/// Begins a schedule anew whose last tick lies ahead; else it would stand still, without a word, until then.
/// Its ticks ahead are forgotten: each will have its time.
void begin_anew(Tx& tx, const Schedule& schedule, const Stand& stand) {
    log::error(
        "schedule_ahead",
        {{"schedule", schedule.name}, {"last_tick", format(stand.last_tick)}, {"now", format(stand.now)}});
    tx.execute(
        {"DELETE FROM core_schedule_tick WHERE schedule = {} AND nominal > {}", schedule.name, stand.now});
    tx.execute({"UPDATE core_schedule SET last_tick = {}, changed_at = {} WHERE name = {}", stand.now,
                stand.now, schedule.name});
}

Timestamp stored(std::string_view text) {
    return parse_timestamp(text).value();
}

}  // namespace

Beat::Beat(Site& site) : site_(site), place_(place()) {
    for (const Schedule* schedule : site.jobs->schedules()) {
        if (const auto fault = fault_of(*schedule); !fault.empty()) throw std::logic_error(fault);
        if (site.jobs->named(schedule->job) == nullptr)
            throw std::logic_error("the schedule " + schedule->name + " makes jobs that nobody declared");
        for (const Schedule* other : schedules_)
            if (other->name == schedule->name)
                throw std::logic_error("two schedules are named " + schedule->name);
        schedules_.push_back(schedule);
    }
}

Beat::~Beat() {
    stop();
}

void Beat::start() {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    thread_ = std::thread([this] { run(); });
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void Beat::stop() {
    {
        const std::lock_guard lock(mutex_);
        closing_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void Beat::run() {
    Complaint complaint("beat.waits");
    std::unique_lock lock(mutex_);
    while (!closing_) {
        lock.unlock();
        try {
            tick();
            has_ticked_ = true;
            complaint.withdraw();
        } catch (const std::exception& error) {
            complaint.make(error.what());
        }
        lock.lock();
        changed_.wait_for(lock, look, [&] { return closing_; });
    }
}

// Most looks find nothing due; they cost one statement for all schedules.
int Beat::tick() {
    std::map<std::string, Timestamp, std::less<>> last;
    std::optional<Timestamp> now;
    {
        const auto connection = site_.pool->acquire();
        for (const auto row :
             connection->run("SELECT " + std::string(now_text) + ", name, " + std::string(last_text) +
                             " FROM (SELECT) AS one LEFT JOIN core_schedule ON true")) {
            now = stored(row.text(0));
            if (!row.is_null(1)) last.emplace(row.text(1), stored(row.text(2)));
        }
    }
    int made = 0;
    for (const Schedule* schedule : schedules_) {
        const auto known = last.find(schedule->name);
        if (known == last.end() || lies_ahead({*now, known->second}) ||
            !ticks(*schedule, known->second, *now, site_.time_zone, 1).empty())
            made += tick_one(*schedule);
    }
    return made;
}

// A schedule that is new begins now. One that somebody else is at is left to them.
int Beat::tick_one(const Schedule& schedule) {
    return transact(site_, Actor::system("schedule " + schedule.name), [&](Tx& tx) {
        const int fresh = tx.execute(Sql{R"(INSERT INTO core_schedule (name, last_tick)
                                            VALUES ({}, clock_timestamp()) ON CONFLICT DO NOTHING)",
                                         schedule.name});
        if (fresh == 1) return 0;
        const auto stand =
            tx.find_one<Stand>({R"(SELECT clock_timestamp() AS now, last_tick FROM core_schedule
                                                  WHERE name = {} FOR UPDATE SKIP LOCKED)",
                                schedule.name});
        if (!stand) return 0;
        if (lies_ahead(*stand)) {
            begin_anew(tx, schedule, *stand);
            return 0;
        }
        const auto due = ticks(schedule, stand->last_tick, stand->now, tx.site().time_zone);
        if (due.empty()) return 0;
        int made = 0;
        for (const Timestamp tick : ticks_to_run(schedule, due, stand->now)) {
            const Uuid job = job_parts::insert(tx, schedule.job, schedule.arguments, {});
            tx.execute(
                Sql{"INSERT INTO core_schedule_tick (schedule, nominal, job, worker) VALUES ({}, {}, {}, {})",
                    schedule.name, tick, job, place_});
            ++made;
        }
        tx.execute(
            Sql{"UPDATE core_schedule SET last_tick = {}, changed_at = clock_timestamp() WHERE name = {}",
                due.back(), schedule.name});
        return made;
    });
}

}  // namespace tamiti::jobs
