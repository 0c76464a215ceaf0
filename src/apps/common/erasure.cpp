#include "apps/common/erasure.hpp"

#include "apps/common/mentions.hpp"
#include "apps/common/models.hpp"
#include "apps/users/service.hpp"
#include "core/audit/audit.hpp"
#include "core/base/text.hpp"
#include "core/model/member.hpp"

namespace tamiti::common {
namespace {

/// The longer name may be too long for the text: then strokes stand for what it was.
std::string without_name(std::string_view body, const std::string& username, const std::string& former) {
    std::string text = with_name_replaced(body, username, former);
    if (count_characters(text) <= longest_comment) return text;
    return with_name_replaced(body, username, std::string(username.size(), '-'));
}

}  // namespace

void forget_mentions(Tx& tx, const Uuid& person) {
    const std::string username = tx.get(Id<users::User>{person}).username;
    const std::string former = users::former_username(person);
    for (Comment& comment :
         tx.select<Comment>({"t.mentions @> ARRAY[{}::uuid] ORDER BY t.id FOR UPDATE", person})) {
        comment.body.text = without_name(comment.body.text, username, former);
        tx.save(comment, &Comment::body);
        // After the change, whose own entry in the trail has the text of before.
        audit::forget(tx, comment.id.value, model_of(tag<Comment>{}), {"body"});
    }
}

}  // namespace tamiti::common
