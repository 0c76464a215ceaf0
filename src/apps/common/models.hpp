#pragma once

#include <boost/describe/enum.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "apps/users/models.hpp"
#include "core/base/time.hpp"
#include "core/base/uuid.hpp"
#include "core/model/model.hpp"
#include "core/model/record.hpp"
#include "core/model/types.hpp"

/// What hangs on records of any app: comments and attachments; and how people look at lists.
namespace tamiti::common {

inline constexpr int longest_comment = 10'000;  ///< characters of its body

/// What somebody said about a record.
struct Comment {
    Id<Comment> id{};
    Record on{};
    Id<users::User> author{};
    std::optional<Id<Comment>> reply_to{};
    int depth = 0;  ///< 0 for the first of a thread, at most 2
    LongText body{};
    std::vector<Id<users::User>> mentions{};  ///< whom the body names as @username and who may see it
    bool internal = false;                    ///< never for clients
    std::optional<Timestamp> edited_at{};
    std::optional<Id<users::User>> removed_by{};  ///< who put it into the trash last
    Timestamp created_at{};
    Timestamp updated_at{};
    int version = 1;
    std::optional<Timestamp> deleted_at{};
};
const Model& model_of(tag<Comment>);

/// A file that belongs to a record.
struct Attachment {
    Id<Attachment> id{};
    Record on{};
    std::string name{};
    std::string media_type{};  ///< by content, not by name
    int size = 0;              ///< bytes
    std::string sha256{};      ///< of the bytes, 64 hexadecimal digits
    Id<users::User> uploader{};
    bool internal = false;      ///< never for clients
    std::string storage_key{};  ///< where the bytes lie; empty: in the database
    std::optional<Id<users::User>> removed_by{};
    Timestamp created_at{};
    Timestamp updated_at{};
    int version = 1;
    std::optional<Timestamp> deleted_at{};
};
const Model& model_of(tag<Attachment>);

/// Who sees a saved view: its owner alone, the owner's department too, the whole studio.
enum class Visibility : std::uint8_t { personal, team, everyone };
BOOST_DESCRIBE_ENUM(Visibility, personal, team, everyone)

/// A way to look at a list, kept under a name.
struct SavedView {
    Id<SavedView> id{};
    std::string name{};
    std::string on_model{};  ///< whose rows are listed
    Json query{};            ///< {"filters", "ordering", "search", "fields", "expand", "columns", "group"}
    LongText query_string{};
    Id<users::User> owner{};
    Visibility visibility = Visibility::personal;
    bool is_default = false;  ///< what the owner sees of that model at first
    int position = 0;
    Timestamp created_at{};
    Timestamp updated_at{};
    int version = 1;
};
const Model& model_of(tag<SavedView>);

}  // namespace tamiti::common
