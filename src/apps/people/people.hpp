#pragma once

#include <vector>

#include "core/program/app.hpp"

/// The part of the table of contents that is about people and needs passwords, links or sign-ins: `users`
/// may not include `auth`, so that it is here. app.cpp joins it to the rest.
namespace tamiti::auth {

std::vector<Resource> people_resources();
std::vector<Route> people_routes();
std::vector<JobKind> people_jobs();
std::vector<Schedule> people_schedules();
std::vector<Listener> people_listeners();
std::vector<ProblemKind> people_problems();

}  // namespace tamiti::auth
