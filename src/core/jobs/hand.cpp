#include "core/jobs/hand.hpp"

#include <algorithm>

#include "core/jobs/attempt.hpp"

namespace tamiti::jobs {
namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

constexpr int most_ahead = 400;
constexpr double time_ahead = 0.1;  // seconds
constexpr auto longest_wait = 1s;

}  // namespace

Hand::Hand(int threads, std::map<std::string, int> limits) : threads_(threads), limits_(std::move(limits)) {}

std::shared_ptr<Held> Hand::take() {
    std::unique_lock lock(mutex_);
    work_.wait(lock, [&] { return !waiting_.empty() || closed_; });
    if (waiting_.empty()) return nullptr;
    auto held = waiting_.front();
    waiting_.pop_front();
    held->started = Steady::now();
    running_.push_back(held);
    return held;
}

void Hand::end(const std::shared_ptr<Held>& held, std::optional<Outcome> outcome) {
    bool news = false;
    {
        const std::lock_guard lock(mutex_);
        running_.erase(std::find(running_.begin(), running_.end(), held));
        --by_queue_[held->job.queue];
        const auto took = std::chrono::duration<double>(Steady::now() - held->started).count();
        seconds_of_job_ += (took - seconds_of_job_) / 10;
        if (outcome && !held->lost) outcomes_.push_back(std::move(*outcome));
        // Others that had to wait for this one can be claimed now.
        poked_ = poked_ || !held->job.serial_key.empty() || limits_.contains(held->job.queue);
        // The feeder is busy writing most of the time; only what it may wait for wakes it.
        news = outcomes_.size() <= 1 || waiting_.empty() || poked_;
    }
    if (news) news_.notify_one();
}

void Hand::put(std::vector<Claimed> claimed) {
    {
        const std::lock_guard lock(mutex_);
        for (Claimed& job : claimed) {
            if (closed_) {
                outcomes_.push_back(given_back(job));
                continue;
            }
            ++by_queue_[job.queue];
            waiting_.push_back(std::make_shared<Held>(std::move(job)));
        }
    }
    work_.notify_all();
}

void Hand::await(bool more, Steady::time_point until) {
    std::unique_lock lock(mutex_);
    news_.wait_until(lock, until, [&] {
        return !outcomes_.empty() || poked_ || finished_ || (more && wanted_locked() > 0);
    });
}

std::vector<Outcome> Hand::collect() {
    const std::lock_guard lock(mutex_);
    return std::exchange(outcomes_, {});
}

int Hand::wanted_locked() const {
    if (closed_) return 0;
    const double ahead =
        std::min<double>(most_ahead, threads_ * time_ahead / std::max(seconds_of_job_, 1e-6));
    const int held = static_cast<int>(waiting_.size() + running_.size());
    // While enough lie ready a claim for a few more isn't worth its round trip.
    const bool enough = !waiting_.empty() && static_cast<double>(waiting_.size()) > ahead / 2;
    return enough ? 0 : std::max(0, threads_ + static_cast<int>(ahead) - held);
}

int Hand::wanted() {
    const std::lock_guard lock(mutex_);
    return wanted_locked();
}

std::vector<std::string> Hand::free_of(const std::vector<std::string>& queues, int most) const {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> free;
    for (const auto& queue : queues) {
        int left = most;
        if (const auto limit = limits_.find(queue); limit != limits_.end()) {
            const auto held = by_queue_.find(queue);
            left = std::clamp(limit->second - (held == by_queue_.end() ? 0 : held->second), 0, most);
        }
        free.push_back(std::to_string(left));
    }
    return free;
}

void Hand::poke() {
    {
        const std::lock_guard lock(mutex_);
        poked_ = true;
    }
    news_.notify_one();
}

bool Hand::take_poke() {
    const std::lock_guard lock(mutex_);
    return std::exchange(poked_, false);
}

void Hand::give_back_stale(Steady::time_point now) {
    {
        const std::lock_guard lock(mutex_);
        const auto limit = now - longest_wait;
        if (waiting_.empty() || waiting_.front()->claimed > limit) return;
        // Those that were claimed together share their fate; none are claimed ahead until jobs are quick
        // again.
        seconds_of_job_ = std::max(seconds_of_job_, 1.0);
        for (const auto& held : waiting_) {
            --by_queue_[held->job.queue];
            outcomes_.push_back(given_back(held->job));
        }
        waiting_.clear();
    }
    news_.notify_one();
}

void Hand::close() {
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
        for (const auto& held : waiting_)
            if (!held->lost) outcomes_.push_back(given_back(held->job));
        waiting_.clear();
    }
    work_.notify_all();
    news_.notify_one();
}

void Hand::finish() {
    {
        const std::lock_guard lock(mutex_);
        finished_ = true;
    }
    news_.notify_one();
}

bool Hand::is_finished() const {
    const std::lock_guard lock(mutex_);
    return finished_;
}

std::size_t Hand::busy() const {
    const std::lock_guard lock(mutex_);
    return running_.size() + outcomes_.size();
}

std::size_t Hand::running() const {
    const std::lock_guard lock(mutex_);
    return running_.size();
}

std::vector<std::shared_ptr<Held>> Hand::all() const {
    const std::lock_guard lock(mutex_);
    auto held = running_;
    held.insert(held.end(), waiting_.begin(), waiting_.end());
    return held;
}

std::vector<std::shared_ptr<Held>> Hand::in_progress() const {
    const std::lock_guard lock(mutex_);
    return running_;
}

void Hand::lose_all() {
    const std::lock_guard lock(mutex_);
    for (const auto& held : waiting_) --by_queue_[held->job.queue];
    waiting_.clear();
    for (const auto& held : running_) {
        held->lost = true;
        held->stop = true;
    }
}

void Hand::lose(const std::shared_ptr<Held>& held) {
    const std::lock_guard lock(mutex_);
    held->lost = true;
    held->stop = true;
    const auto found = std::find(waiting_.begin(), waiting_.end(), held);
    if (found == waiting_.end()) return;
    --by_queue_[held->job.queue];
    waiting_.erase(found);
}

void Hand::settle(const std::shared_ptr<Held>& held, Outcome outcome) {
    {
        const std::lock_guard lock(mutex_);
        if (held->lost.exchange(true)) return;
        held->stop = true;
        outcomes_.push_back(std::move(outcome));
    }
    news_.notify_one();
}

void Hand::write(Outcome outcome) {
    {
        const std::lock_guard lock(mutex_);
        outcomes_.push_back(std::move(outcome));
    }
    news_.notify_one();
}

}  // namespace tamiti::jobs
