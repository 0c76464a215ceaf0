#pragma once

#include "core/model/tx.hpp"

namespace tamiti::projects {

/// The demo studio's clients, projects, members and milestones: the same rows on every machine. What is there
/// stays.
void seed(Tx& tx);

}  // namespace tamiti::projects
