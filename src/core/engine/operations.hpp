#pragma once

#include <vector>

#include "core/api/declared_route.hpp"
#include "core/base/problem_codes.hpp"

/// What an admin looks at when something doesn't happen: background work, the processes that do it, and the
/// mails that went out.
namespace tamiti::operations {

/// `GET /operations` and what is below it, for holders of operations.manage: jobs, which can be tried again
/// and cancelled, and mails. What a mail says is told in development only, where it is caught: in production
/// links in it let people in.
std::vector<Route> routes();
std::vector<ProblemKind> problems();

}  // namespace tamiti::operations
