#pragma once

#include <string_view>
#include <vector>

#include "core/base/time.hpp"
#include "core/jobs/declaration.hpp"

namespace tamiti::jobs {

/// The nominal times of a schedule after `after` and not after `until`, oldest first; of more than `most` the
/// latest. A time of day that a transition of the zone skips is the first moment after it; one that happens
/// twice is the first of the two.
std::vector<Timestamp> ticks(const Schedule& schedule, Timestamp after, Timestamp until,
                             std::string_view zone, std::size_t most = 100);

/// Which of these are to be run now, by what the schedule says of missed ones. A tick is missed when it is
/// older than a minute and than a quarter of the interval.
std::vector<Timestamp> ticks_to_run(const Schedule& schedule, std::vector<Timestamp> due, Timestamp now);

/// What is wrong with a schedule, as a sentence; empty where nothing is.
std::string fault_of(const Schedule& schedule);

}  // namespace tamiti::jobs
