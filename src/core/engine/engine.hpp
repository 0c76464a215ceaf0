#pragma once

#include "core/program/app.hpp"

namespace tamiti {

/// What the engine itself brings as an app would: its commands, routes, jobs and schedules.
App engine();

}  // namespace tamiti
