#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

/// Values that may be lost at any time, shared by all nodes through Redis; without Redis every question is
/// answered with nothing and the program works on, slower.
namespace tamiti {

struct Site;

std::optional<std::string> cache_get(Site& site, std::string_view key);
void cache_set(Site& site, std::string_view key, std::string_view value, std::chrono::seconds lifetime);
void cache_forget(Site& site, std::string_view key);

}  // namespace tamiti
