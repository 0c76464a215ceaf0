#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "core/access/actor.hpp"
#include "core/audit/entries.hpp"
#include "core/model/row_names.hpp"

namespace tamiti::audit {

/// Where entry_columns puts what.
namespace column {
constexpr int id = 0, at = 1, table = 2, row = 3, verb = 4, actor = 5, address = 6, request = 7, via = 8,
              changes = 9;
}

/// A field before and after, as the API shows it.
struct Change {
    std::string name{};
    const Field* field = nullptr;         ///< where a mounted model has it
    std::array<std::string, 2> values{};  ///< JSON
    std::array<const Model*, 2> names{};  ///< whose rows the values name by their ids

    /// The ids in a value that names rows; none of what was hidden or erased.
    std::vector<std::string> ids(std::size_t side) const;
};

/// One entry of the trail, with the changes that the actor may read.
class Entry {
public:
    Entry(const db::Row& row, const Catalogue& catalogue, const Actor& who);

    const db::Row& row() const { return row_; }
    const Model* model() const { return model_; }  ///< nullptr where no installed app mounts one
    const std::vector<Change>& changes() const { return changes_; }

    /// "2026-02-03T10:00:00Z"
    std::string time() const;

    /// Collects what is to be looked up.
    void want(const Expansion& expansion, const Model* people, RowNames& names) const;

private:
    db::Row row_;
    const Model* model_;
    std::vector<Change> changes_{};
};

}  // namespace tamiti::audit
