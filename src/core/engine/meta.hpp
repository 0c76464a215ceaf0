#pragma once

#include "core/api/declared_route.hpp"

/// What a client needs to know of the studio to show its screens, read from the declarations: which models
/// there are for the actor and what may be done with them, and of each its fields, filters and verbs.
namespace tamiti::meta {

/// `GET /meta`: the brand, and the models that the actor may see or make, each with the operations that are
/// open to them. With an ETag, so that asking again costs nothing.
Route index_route();

/// `GET /meta/{model}`: one of these models in full. Another model, or one that isn't there for the actor, is
/// a 404. Fields that the actor can't read are absent.
Route model_route();

}  // namespace tamiti::meta
