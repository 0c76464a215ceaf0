#pragma once

#include <string>
#include <utility>

#include "core/base/problem.hpp"

namespace tamiti::jobs {

/// What was stored for a job can't be read by this program: trying again is of no use.
struct Undecodable : Problem {
    explicit Undecodable(std::string detail) : Problem(422, "jobs.undecodable", std::move(detail)) {}
};

}  // namespace tamiti::jobs
