#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/model/catalogue.hpp"
#include "core/model/shape.hpp"
#include "core/model/sheet.hpp"

/// What was changed in one row: `GET /projects/{id}/history`.
namespace tamiti::audit {

/// Writes {"count", "next", "previous", "results"}, the latest change first, for whoever sees the row or may
/// bring it back from the trash; for others it is NotFound. Only fields that the actor may read are told, and
/// of a change to others alone there is no trace. Where a change came from is told to holders of audit.view.
/// `query` has page, page_size and expand ("actor", "changes"); `path` is what the links begin with.
void history(ReadTx& tx, const Resource& resource, const Actor& who, const Uuid& id,
             const std::vector<std::pair<std::string, std::string>>& query, std::string_view path,
             std::string& out);

/// All of it as a file; page, page_size and expand are a Problem (400). At most so many lines are counted,
/// and one more.
Sheet history_sheet(ReadTx& tx, const Resource& resource, const Actor& who, const Uuid& id,
                    const std::vector<std::pair<std::string, std::string>>& query, std::int64_t most);

/// What history() writes, for the documentation.
const Shape& history_shape();

}  // namespace tamiti::audit
