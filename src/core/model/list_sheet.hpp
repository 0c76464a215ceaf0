#pragma once

#include <cstdint>

#include "core/model/list.hpp"
#include "core/model/sheet.hpp"

namespace tamiti {

/// All rows that a list request finds, without pages: the same filters, ordering, search, fields and
/// permissions as list(). What a row names by its id, people too, has the label of that beside it
/// ("owner_label"), where the actor sees it. `page`, `page_size`, `cursor`, `count`, `expand` and `can` are a
/// Problem (400). At most so many rows are counted, and one more.
Sheet list_sheet(const Catalogue& catalogue, const Resource& resource, const Actor& who,
                 const QueryPairs& query, Timestamp now, std::int64_t most);

}  // namespace tamiti
