#include "core/jobs/worker.hpp"

#include <unistd.h>

#include <csignal>

#include "core/base/complaint.hpp"
#include "core/base/log.hpp"
#include "core/db/error.hpp"
#include "core/db/pause.hpp"
#include "core/jobs/attempt.hpp"
#include "core/jobs/kinds.hpp"

namespace tamiti::jobs {
namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

constexpr auto poll = 1s;             // between looks where nobody rang
constexpr auto after_outage = 200ms;  // between tries to connect

// Claims and rescues must use their indexes, whatever the statistics of a table that is mostly dead rows
// say.
constexpr const char* plans =
    "SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_hashjoin = off;"
    " SET enable_mergejoin = off; SET plan_cache_mode = force_generic_plan";

std::string place() {
    char host[256] = "";
    if (gethostname(host, sizeof host - 1) != 0) host[0] = '\0';
    return std::string(host) + ":" + std::to_string(getpid());
}

}  // namespace

/// What the feeder keeps between rounds.
struct Worker::Feeding {
    std::unique_ptr<db::Connection> connection{};
    std::vector<Outcome> outcomes{};  // not written yet
    bool more = true;                 // the last claim got all that it asked for
    bool contested = false;           // somebody else reached for the same serial key
    Steady::time_point next_look{};
    Complaint complaint{"jobs.feeder_waits"};
};

Worker::Worker(Site& site, WorkerSettings settings)
    : site_(site),
      settings_(std::move(settings)),
      known_(*site.jobs),
      hand_(settings_.threads, settings_.limits) {}

Worker::~Worker() {
    if (!threads_.empty()) stop([] { return false; });
}

void Worker::start() {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);  // signals are for the thread that waits for them
    runners_ = settings_.threads;
    threads_.emplace_back([this] { keep(); });
    threads_.emplace_back([this] { feed(); });
    threads_.emplace_back([this] { listen(); });
    for (int i = 0; i < settings_.threads; ++i) threads_.emplace_back([this] { run(); });
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

bool Worker::has_lease() const {
    const std::lock_guard lock(mutex_);
    return !id_.is_nil();
}

db::ConnectionSettings Worker::connection_settings(const char* name) const {
    db::ConnectionSettings settings = site_.pool->settings();
    settings.statement_timeout_ms = 5000;
    settings.application_name = name;
    return settings;
}

std::unique_ptr<db::Connection> Worker::connect(const char* name) const {
    auto connection = std::make_unique<db::Connection>(connection_settings(name));
    connection->run_script(plans);
    return connection;
}

// --- the feeder -------------------------------------------------------------------------------------------

void Worker::feed() {
    Feeding feeding;
    while (true) {
        hand_.await(feeding.more && !feeding.contested, feeding.next_look);
        for (Outcome& outcome : hand_.collect()) feeding.outcomes.push_back(std::move(outcome));
        if (hand_.is_finished() && feeding.outcomes.empty()) return;
        try {
            if (feeding.connection == nullptr) feeding.connection = connect("tamiti-jobs");
            feed_once(feeding);
            feeding.complaint.withdraw();
        } catch (const std::exception& error) {
            feeding.complaint.make(error.what());
            feeding.connection.reset();
            feeding.more = true;
            if (hand_.is_finished()) return;  // leases will run out
            std::this_thread::sleep_for(after_outage);
        }
    }
}

void Worker::feed_once(Feeding& feeding) {
    const bool poked = hand_.take_poke();
    const bool look = poked || feeding.more || Steady::now() >= feeding.next_look;
    Order order{.queues = known_.queues};
    {
        const std::lock_guard lock(mutex_);
        order.worker = id_;
    }
    if (order.worker.is_nil() && feeding.outcomes.empty()) std::this_thread::sleep_for(20ms);
    if (look && !feeding.contested && !order.worker.is_nil()) order.most = hand_.wanted();
    feeding.contested = false;
    if (order.most > 0) order.free = hand_.free_of(order.queues, order.most);
    if (Steady::now() >= feeding.next_look) feeding.next_look = Steady::now() + poll;
    if (order.most == 0 && poked) feeding.more = true;  // asked for again when a thread is free
    if (order.most == 0 && feeding.outcomes.empty()) return;
    std::vector<Claimed> claimed;
    try {
        claimed = exchange(*feeding.connection, feeding.outcomes, order.most > 0 ? &order : nullptr, known_);
    } catch (const db::Error& error) {
        if (error.sqlstate != "23505" && !error.is_retryable()) throw;
        feeding.contested = !feeding.outcomes.empty();  // these alone first, then another claim
        feeding.more = true;
        db::pause(1ms, 20ms);
        return;
    }
    if (order.most > 0) feeding.more = static_cast<int>(claimed.size()) >= order.most;
    count(feeding.outcomes);
    feeding.outcomes.clear();
    if (claimed.empty()) return;
    const std::lock_guard lock(mutex_);
    if (id_ == order.worker) hand_.put(std::move(claimed));
}

void Worker::count(const std::vector<Outcome>& outcomes) {
    const std::lock_guard lock(mutex_);
    to_count_.insert(to_count_.end(), outcomes.begin(), outcomes.end());
}

// --- runners ----------------------------------------------------------------------------------------------

void Worker::run() {
    constexpr int rescues_until_alone = 2;
    while (const auto held = hand_.take()) {
        if (held->job.rescues >= rescues_until_alone && settings_.isolation) {
            auto outcome = settings_.isolation(*held);
            hand_.end(held, std::move(outcome));
            continue;
        }
        Attempted attempted = attempt(site_, held->job, held->stop, false);
        if (attempted.recorded) {
            if (!attempted.lease_was_lost) count({attempted.outcome});
            hand_.end(held, std::nullopt);
        } else {
            hand_.end(held, std::move(attempted.outcome));
        }
    }
    --runners_;
}

// --- the keeper -------------------------------------------------------------------------------------------

void Worker::keep() {
    Complaint complaint("jobs.keeper_waits");
    std::unique_ptr<db::Connection> connection;
    for (int round = 0; !closing_; ++round) {
        watch();
        hand_.give_back_stale();
        try {
            if (connection == nullptr) connection = connect("tamiti-keeper");
            keep_once(*connection, round);
            complaint.withdraw();
        } catch (const std::exception& error) {
            complaint.make(error.what());
            connection.reset();
        }
        std::this_thread::sleep_for(connection == nullptr ? after_outage : 500ms);
    }
    try {
        const Uuid id = id_;
        if (connection != nullptr && !id.is_nil() && hand_.busy() == 0) leave(*connection, id);
    } catch (const db::Error&) {
        // Its lease runs out by itself.
    }
}

void Worker::keep_once(db::Connection& connection, int round) {
    if (round % 2 == 0 || id_.is_nil()) lead(connection);
    const auto rescued = rescue(connection);
    for (const auto& kind : rescued) {
        Outcome outcome;
        outcome.kind = kind;
        outcome.counted = "rescued";
        count({outcome});
    }
    if (!rescued.empty()) hand_.poke();
    if (round % 2 == 0 && unblock(connection) > 0) hand_.poke();
    if (round % 120 == 0) {
        mend_times(connection);
        tidy(connection, known_);
    }
    std::vector<Outcome> counted;
    {
        const std::lock_guard lock(mutex_);
        counted.swap(to_count_);
    }
    add_totals(connection, counted);
}

// Renews the lease. Where it had run out, others may have everything that is in our hands: we begin anew.
void Worker::lead(db::Connection& connection) {
    if (!id_.is_nil() && renew(connection, id_)) return reconcile(connection);
    if (!id_.is_nil()) log::warning("jobs.lease_lost", {{"worker", id_.text()}});
    {
        const std::lock_guard lock(mutex_);
        id_ = Uuid();
        hand_.lose_all();
    }
    strangers_.clear();
    const Uuid fresh = Uuid::make();
    enrol(connection, fresh, place());
    {
        const std::lock_guard lock(mutex_);
        id_ = fresh;
    }
    hand_.poke();
}

// Compares what we hold with what the database thinks that we hold.
void Worker::reconcile(db::Connection& connection) {
    constexpr int times_seen = 4;  // seconds; the answer to a claim may be on its way
    std::map<Uuid, std::shared_ptr<Held>> ours;
    for (const auto& held : hand_.all()) ours[held->job.id] = held;
    std::map<Uuid, int> strangers;
    for (const Holding& holding : holdings(connection, id_)) {
        const auto found = ours.find(holding.id);
        if (found != ours.end() && found->second->job.token == holding.token) {
            if (holding.cancel_requested) found->second->stop = true;
            ours.erase(found);
            continue;
        }
        const int seen = strangers_[holding.id] + 1;
        strangers[holding.id] = seen;
        if (seen < times_seen) continue;
        Claimed lost;  // the answer that told us of it never came
        lost.id = holding.id;
        lost.token = holding.token;
        hand_.write(given_back(lost));
    }
    strangers_ = std::move(strangers);
    // Those left over were claimed after we had asked, or have just ended, or are somebody else's by now; the
    // last show themselves when they end.
}

// Jobs that outlive their time are asked to stop; one that doesn't costs the process.
void Worker::watch() {
    constexpr auto heed = 5s;
    for (const auto& held : hand_.in_progress()) {
        const JobKind* kind = site_.jobs->named(held->job.kind);
        if (kind == nullptr || held->job.rescues >= 2) continue;
        const auto age = Steady::now() - held->started;
        if (age < kind->rules.timeout) continue;
        held->stop = true;
        if (age < kind->rules.timeout + heed || held->lost) continue;
        Outcome outcome = failed(held->job, kind->rules,
                                 "It ran longer than " + std::to_string(kind->rules.timeout.count()) +
                                     " s and did not stop when it was asked to.");
        outcome.isolated = true;
        log::error("job.stuck", {{"job", held->job.id.text()}, {"kind", held->job.kind}});
        hand_.settle(held, std::move(outcome));
        must_be_replaced_ = true;
    }
}

// --- the end ----------------------------------------------------------------------------------------------

bool Worker::stop(const std::function<bool()>& hurry) {
    hand_.close();
    while (hand_.running() > 0 && !hurry()) std::this_thread::sleep_for(20ms);
    for (const auto& held : hand_.in_progress()) hand_.settle(held, given_back(held->job));
    // Isolated jobs are ended now, and what waits is written, but not for longer than this.
    const auto deadline = Steady::now() + 2s;
    hand_.finish();
    closing_ = true;
    while (runners_ > 0 && Steady::now() < deadline) std::this_thread::sleep_for(10ms);
    const bool all_ended = runners_ == 0;
    for (std::size_t i = 0; i < threads_.size(); ++i)
        if (i < 3 || all_ended) threads_[i].join();
    if (!all_ended)
        for (std::size_t i = 3; i < threads_.size(); ++i) threads_[i].detach();
    threads_.clear();
    return all_ended;
}

}  // namespace tamiti::jobs
