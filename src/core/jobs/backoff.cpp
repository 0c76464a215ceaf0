#include "core/jobs/backoff.hpp"

#include <algorithm>
#include <cmath>
#include <random>

namespace tamiti::jobs {

double backoff(const JobRules& rules, int attempt, double jitter) {
    const auto first = static_cast<double>(rules.first_retry.count());
    const auto longest = static_cast<double>(rules.longest_retry.count());
    const double doubled = std::min(longest, std::ldexp(first, std::clamp(attempt, 1, 64) - 1));
    return std::clamp(doubled * (1 + std::clamp(jitter, -1.0, 1.0) / 5), 0.0, longest);
}

double backoff(const JobRules& rules, int attempt) {
    thread_local std::minstd_rand random(std::random_device{}());
    return backoff(rules, attempt, std::uniform_real_distribution<double>(-1, 1)(random));
}

}  // namespace tamiti::jobs
