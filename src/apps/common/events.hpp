#pragma once

#include <boost/describe/class.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "apps/common/models.hpp"

/// What others may listen to.
namespace tamiti::common {

/// Somebody commented on a record.
struct CommentMade {
    static constexpr std::string_view event_name = "common.comment_made";
    Id<Comment> comment{};
    std::string on_model{};
    Uuid on_row{};
    Id<users::User> author{};
    std::vector<Id<users::User>> mentions{};
    bool internal = false;  ///< nothing of it may reach a client
};
BOOST_DESCRIBE_STRUCT(CommentMade, (), (comment, on_model, on_row, author, mentions, internal))

}  // namespace tamiti::common
