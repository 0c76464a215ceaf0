#pragma once

#include "core/program/app.hpp"

/// `GET /search?q=`: one ranked answer over all models that are searched, each by what the actor sees of it.
namespace tamiti::search {

Route search_route();

}  // namespace tamiti::search
