#include "core/jobs/isolation.hpp"

#include <sys/wait.h>

#include <charconv>
#include <csignal>

#include "core/base/log.hpp"
#include "core/jobs/attempt.hpp"
#include "core/jobs/child.hpp"

namespace tamiti::jobs {
namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

constexpr int in_vain = 75;  // the exit code of a process that could do nothing about the job (EX_TEMPFAIL)

// What the end of the process says of its job; nothing where it has written the outcome itself.
std::optional<Outcome> judged(const Held& held, const JobRules& rules, int status) {
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return std::nullopt;
    if (WIFEXITED(status) && (WEXITSTATUS(status) == in_vain || WEXITSTATUS(status) == 127))
        return given_back(held.job, 1);
    const std::string why = "It crashed the process that it was alone in: " + text_of_status(status) + ".";
    log::error("job.crashed", {{"job", held.job.id.text()}, {"kind", held.job.kind}, {"why", why}});
    // Anybody may send this one, the system too when memory is short: only many of them are a proof.
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) return failed(held.job, rules, why);
    return dead(held.job, why);
}

std::optional<Outcome> run_alone(Held& held, const JobRules& rules, int memory_mb) {
    try {
        Child child({"worker", "--only", held.job.id.text(), "--token", std::to_string(held.job.token)},
                    {.memory_mb = memory_mb, .on_orphaned = SIGKILL});
        const auto deadline = Steady::now() + rules.timeout + 1s;
        while (!child.ended()) {
            if (held.lost) return std::nullopt;  // and the process goes with the object
            if (Steady::now() >= deadline)
                return failed(held.job, rules,
                              "It ran longer than " + std::to_string(rules.timeout.count()) +
                                  " s, alone in a process, which was ended.");
            std::this_thread::sleep_for(10ms);
        }
        return judged(held, rules, *child.ended());
    } catch (const std::exception& error) {
        log::error("job.not_isolated", {{"job", held.job.id.text()}, {"why", error.what()}});
        return given_back(held.job, 1);
    }
}

}  // namespace

Isolation in_processes(const JobKinds& kinds, int memory_mb) {
    return [&kinds, memory_mb](Held& held) -> std::optional<Outcome> {
        const JobKind* kind = kinds.named(held.job.kind);
        if (kind == nullptr) return given_back(held.job, 60);
        return run_alone(held, kind->rules, memory_mb);
    };
}

int run_only(Site& site, const std::string& job, const std::string& token) {
    const auto id = Uuid::parse(job);
    std::int64_t lease = 0;
    const auto read = std::from_chars(token.data(), token.data() + token.size(), lease);
    if (!id || read.ec != std::errc()) return in_vain;
    try {
        const auto claimed = held_by(*site.pool->acquire(), *id, lease);
        if (!claimed) return 0;  // somebody else's by now
        const std::atomic<bool> stop{false};
        const Attempted attempted = attempt(site, *claimed, stop, true);
        const Known known(*site.jobs);
        if (!attempted.recorded) exchange(*site.pool->acquire(), {attempted.outcome}, nullptr, known);
        add_totals(*site.pool->acquire(), {attempted.outcome});
        return 0;
    } catch (const std::exception& error) {
        log::error("job.not_run", {{"job", job}, {"why", error.what()}});
        return in_vain;
    }
}

}  // namespace tamiti::jobs
