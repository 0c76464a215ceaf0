#pragma once

#include <boost/describe/class.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/access/actor.hpp"
#include "core/model/field.hpp"
#include "core/model/tx.hpp"
#include "core/model/types.hpp"

/// Vocabulary that every app shares.
namespace tamiti::common {

/// The choices of one field.
struct Enumeration {
    std::string name{};  ///< model and field: "projects.project.status"
    Json choices{};      ///< [{"value": "on_hold", "label": "On hold"}, …] in their order
};
BOOST_DESCRIBE_STRUCT(Enumeration, (), (name, choices))

/// Every choice field of every installed model that the actor may read.
std::vector<Enumeration> enums(ReadTx& tx, const Actor& who);

struct TagSearch {
    std::optional<std::string> search{};  ///< how the word begins
};
BOOST_DESCRIBE_STRUCT(TagSearch, (), (search))
Rules rules_for(tag<TagSearch>, std::string_view member);

struct TagCount {
    std::string name{};
    int count = 0;  ///< uses, over all models
};
BOOST_DESCRIBE_STRUCT(TagCount, (), (name, count))

/// The 200 most used words of tag fields in what the actor sees, the most used first.
std::vector<TagCount> tags(ReadTx& tx, const Actor& who, const TagSearch& query);

}  // namespace tamiti::common
