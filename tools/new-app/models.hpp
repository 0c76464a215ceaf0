#pragma once

#include "apps/users/models.hpp"

namespace tamiti::@name@ {

/// One @item@ and whose it is.
struct @Item@ {
    Id<@Item@> id{};
    std::string name{};
    Id<users::User> owner{};
    std::optional<Timestamp> retired_at{};
    Timestamp created_at{}, updated_at{};
    int version = 1;
};
const Model& model_of(tag<@Item@>);

}  // namespace tamiti::@name@
