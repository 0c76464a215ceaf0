#pragma once

#include <string>
#include <utility>

#include "core/base/problem.hpp"
#include "core/model/shape.hpp"

namespace tamiti::jobs {

/// What was stored for a job can't be read by this program: trying again is of no use.
struct Undecodable : Problem {
    explicit Undecodable(std::string detail) : Problem(422, "jobs.undecodable", std::move(detail)) {}
};

/// Reads what write_shape wrote for a job or an event into `object`: every member must be there, each may be
/// empty. A fault throws Undecodable; `what` begins its sentence ("Its arguments").
void read_stored(const Shape& shape, const std::string& json, const std::string& what, void* object);

}  // namespace tamiti::jobs
