#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "core/access/actor.hpp"
#include "core/base/time.hpp"
#include "core/db/transaction.hpp"
#include "core/model/catalogue.hpp"

namespace tamiti {

/// What rows are called, or their brief forms, of which others have only the ids: those are collected and
/// then looked up by one statement for each model. Rows that the actor doesn't see are not found, and neither
/// are those of models without a resource. For as long as one answer is written.
class RowNames {
public:
    enum class Form : unsigned char {
        label,  ///< what people call the row
        brief,  ///< its brief form as JSON, as `expand` has it
    };
    RowNames(const Catalogue& catalogue, Actor who, Timestamp now, Form form)
        : catalogue_(catalogue), who_(std::move(who)), now_(now), form_(form) {}

    void want(const Model& model, std::string_view id);

    /// Looks up what was wanted since. Of very many rows it forgets those of before.
    void look_up(db::Transaction& transaction);

    /// nullptr where there is no such row for the actor.
    const std::string* find(const Model& model, std::string_view id) const;

    /// The brief form, or {"id": …} of a row that isn't seen.
    std::string embedded(const Model& model, std::string_view id) const;

private:
    using Key = std::pair<const Model*, std::string>;
    void look_up(db::Transaction& transaction, const Resource& resource, const std::vector<std::string>& ids);

    const Catalogue& catalogue_;
    Actor who_;
    Timestamp now_;
    Form form_;
    std::map<const Model*, std::set<std::string, std::less<>>> wanted_{};
    std::map<Key, std::optional<std::string>> known_{};
};

/// The model whose row says who somebody is, of which an actor has the id; nullptr where there is none.
const Model* person_model(const Catalogue& catalogue);

}  // namespace tamiti
