#pragma once

#include "core/jobs/declaration.hpp"

namespace tamiti::jobs {

/// Seconds until the next attempt after the `attempt`th (1 is the first) has failed: the rule's first delay,
/// doubled with each attempt, up to the longest. `jitter` from -1 to 1 moves it by a fifth at most, never
/// above the longest.
double backoff(const JobRules& rules, int attempt, double jitter);

/// The same with a random jitter.
double backoff(const JobRules& rules, int attempt);

}  // namespace tamiti::jobs
