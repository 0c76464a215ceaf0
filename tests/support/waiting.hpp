#pragma once

#include <atomic>

#include "core/db/pool.hpp"

namespace tamiti::test {

/// Waits until a statement on the pool's database waits for a lock, and answers true; false where `is_done`
/// came first, so that a test in which nobody waits ends with a failure and not never. It looks every few
/// milliseconds: PostgreSQL tells nobody that somebody begins to wait.
bool until_somebody_waits(db::Pool& pool, const std::atomic<bool>& is_done);

}  // namespace tamiti::test
