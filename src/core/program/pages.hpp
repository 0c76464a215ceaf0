#pragma once

#include "core/api/pipeline.hpp"
#include "core/program/registry.hpp"

namespace tamiti {

/// All that a program serves: the operations that its apps declare, and beside them the console at every
/// other address, the documentation (/api/docs, /api/schema), static files and, in development, caught mails.
/// Both must outlive it.
api::Api served(const Settings& settings, const Registry& registry);

}  // namespace tamiti
