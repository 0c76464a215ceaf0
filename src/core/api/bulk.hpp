#pragma once

#include "core/api/route.hpp"
#include "core/api/router.hpp"

namespace tamiti::api {

constexpr int most_bulk_operations = 500;

/// Runs `POST /{resource}/bulk`: up to 500 creates, changes and removals of rows of one resource, each
/// exactly as its own request would be (the same rules, scopes and field permissions), in one transaction.
///
/// In place of `operations`, a `filter` in a list's grammar with `op` and `data` does the same to each row
/// that the list has; one that finds more than 500 is refused.
///
/// `atomic` (the default): all are done, or none and a Problem 422 "http.bulk_refused" names what is wrong as
/// "operations.3.name", of the first 20 that fail. Otherwise each stands for itself and `results` has a
/// status for each, with the row or its problem. With `dry_run` the answer is the same and nothing is kept.
void run_bulk(Call& call, const Operation& operation);

/// Whether a resource has anything that bulk could do.
bool takes_bulk(const Resource& resource);

}  // namespace tamiti::api
