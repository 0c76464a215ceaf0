#pragma once

#include <boost/describe/class.hpp>
#include <optional>
#include <string>
#include <vector>

#include "apps/common/models.hpp"
#include "core/access/actor.hpp"
#include "core/api/declared_route.hpp"
#include "core/model/catalogue.hpp"
#include "core/model/shape.hpp"
#include "core/model/tx.hpp"
#include "core/model/types.hpp"

/// Vocabulary that every app shares, and what people add to records and lists.
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
    std::optional<std::string> model{};   ///< whose tags alone are counted
};
const Shape& shape_of(tag<TagSearch>);

struct TagCount {
    std::string name{};
    int count = 0;  ///< uses, over all models
};
BOOST_DESCRIBE_STRUCT(TagCount, (), (name, count))

/// The 200 most used words of tag fields in what the actor sees, the most used first.
std::vector<TagCount> tags(ReadTx& tx, const Actor& who, const TagSearch& query);

struct TagMerge {
    Tags from{};
    std::string into{};
    bool dry_run = false;  ///< count only
};
const Shape& shape_of(tag<TagMerge>);

struct TagsMerged {
    std::string into{};
    int rows = 0;   ///< that had one of the words
    Json models{};  ///< {"projects.project": 3, …}: the rows of each model that had
    bool dry_run = false;
};
BOOST_DESCRIBE_STRUCT(TagsMerged, (), (into, rows, models, dry_run))

/// Puts one word in place of others in the tag fields of every row, those in the trash too, in one
/// transaction. Renaming a tag is a merge of one word into a new one.
TagsMerged merge_tags(Tx& tx, const Actor& who, const TagMerge& merge);

// Rules of plain writes; app.cpp mounts them.

/// The record must be one that the author sees; what answers a comment is on the same record, at most two
/// levels below the first, and internal where that is (422). Whether it is internal changes for five minutes,
/// and until it is answered (409). Whom the text names as @username is noted where they may see the comment;
/// the answer is the same for a name that nobody has and for who may not. On people's own rows only those
/// comment who may see everybody (403): a client would reach the whole studio there.
void before_save_comment(Tx& tx, const Actor& who, Comment& next, const Comment* before);
/// Mails those who are named for the first time, 100 of an author's an hour (429), and tells listeners of a
/// new comment.
void after_save_comment(Tx& tx, const Actor& who, const Comment& now, const Comment* before);

/// Notes who removes it.
void before_remove_comment(Tx& tx, const Actor& who, const Comment& row);
void before_remove_attachment(Tx& tx, const Actor& who, const Attachment& row);

/// A small file as JSON carries it.
struct NewAttachment {
    Record on{};
    std::string name{};
    bool internal = false;
    LongText content{};  ///< the bytes in base64 (RFC 4648 section 4)
};
const Shape& shape_of(tag<NewAttachment>);

/// Keeps a file of at most 700 KiB, which comes in the JSON, with a record that the actor sees; 20 files a
/// record, and 20 internal ones, with those in the trash; 120 files a person and hour. The content decides
/// what the file is; other types than those of media_types.cpp are refused.
Attachment attach(Tx& tx, const Actor& who, const NewAttachment& file);

/// What stands in the address of a request whose body is a file.
struct NewFile {
    Record on{};
    std::string name{};
    bool internal = false;
};
const Shape& shape_of(tag<NewFile>);

constexpr std::size_t most_file_bytes = 25 << 20;

/// Refuses before the file comes whoever may not attach it there, and a name that is none.
void before_attach_file(ReadTx& tx, const Actor& who, const NewFile& file);

/// Keeps the body, a file of at most 25 MB, as attach() does.
Attachment attach_file(Tx& tx, const Actor& who, NewFile file, const Call& call);

/// Keeps the row with its bytes; type, size, hash and a fitting name are read off them.
void keep_file(Tx& tx, Attachment& attachment, const std::string& bytes);

/// Answers the bytes of a visible attachment, as a download only: nothing in it runs in the studio's origin.
void download(ReadTx& tx, const Actor& who, Id<Attachment> id, const Call& call);

/// A new name keeps an ending that fits the content.
void before_save_attachment(Tx& tx, const Actor& who, Attachment& next, const Attachment* before);

/// The query must be one that the list of the model takes from the owner; at a position of its own the others
/// make room. The owner's other views of the
/// model stop being the default where this one becomes it, which nobody else decides (403).
void before_save_view(Tx& tx, const Actor& who, SavedView& next, const SavedView* before);

/// Removes what was for the person alone: their personal views. What they said to others stays, under the
/// name that `users` leaves.
void erase(Tx& tx, const Uuid& person);

}  // namespace tamiti::common
