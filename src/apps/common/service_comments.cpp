#include <algorithm>

#include "apps/common/mentions.hpp"
#include "apps/common/service.hpp"
#include "apps/users/service.hpp"
#include "core/base/text.hpp"
#include "core/model/uses.hpp"

namespace tamiti::common {
namespace {

constexpr int deepest = 2;
constexpr std::size_t most_mentions = 50;

constexpr std::chrono::minutes changeable_for{5};  // how long who may see a comment can be changed

// What answers an internal comment can't be seen by clients: its place in the thread would tell them that
// there is something above it.
void require_as_hidden_as(const Comment& above, const Comment& next) {
    if (above.internal && !next.internal)
        throw Invalid("internal", "What answers an internal comment is internal, too.");
}

// Puts a reply into its thread. The comment above stays as open, or hidden, as it is meanwhile.
void take_place(Tx& tx, Comment& next) {
    next.depth = 0;
    if (!next.reply_to) return;
    tx.send({"SELECT FROM common_comment WHERE id = {} FOR SHARE", *next.reply_to});
    const Comment above = tx.get(*next.reply_to);
    if (above.on != next.on) throw Invalid("reply_to", "Answer a comment on the same record.");
    if (above.depth >= deepest)
        throw Invalid("reply_to", "Threads are three levels deep: answer the comment above that one.");
    next.depth = above.depth + 1;
    require_as_hidden_as(above, next);
}

// Who has read it, or answered it, can't be made not to have: soon after it was said it stays as it is.
void require_changeable(Tx& tx, const Comment& next, const Comment& before) {
    const bool is_answered = tx.exists({"SELECT FROM common_comment WHERE reply_to = {}", before.id});
    if (is_answered || tx.now() > before.created_at + changeable_for)
        throw Conflict(
            "common.settled",
            "Who may see a comment is settled after five minutes, or once somebody has answered it.");
    if (next.reply_to)
        if (const auto above = tx.find(*next.reply_to)) require_as_hidden_as(*above, next);
}

// Everybody of the studio sees everybody, so on a person's own row a client could name, and mail, all of them
// and learn who is called what. The answer says nothing of the row.
void require_place(const Actor& who, const Comment& comment) {
    if (comment.on.model == model_of(tag<users::User>{}).name && !who.can("users.view_all"))
        throw Forbidden("access.denied", "You may not comment on people.");
}

bool may_be_mentioned(Tx& tx, const users::User& user, const Comment& comment) {
    if (!users::may_sign_in(user, tx.now())) return false;
    // Asked of the same scopes that the person's own requests meet.
    const Actor person = users::actor_of(user, *tx.site().permissions);
    if (comment.internal && !person.can("common.view_internal")) return false;
    return sees(tx, person, comment.on);
}

std::vector<users::User> named_users(Tx& tx, const std::vector<std::string>& names) {
    std::vector<std::string> candidates = names;
    for (const std::string& name : names) candidates.push_back(without_ending(name));
    return tx.select<users::User>({"t.username = ANY({})", candidates});
}

// Somebody who doesn't see everybody knows whom the rows name that they see. Other names are to them as those
// that nobody has.
bool knows(Tx& tx, const Actor& who, const users::User& user) {
    if (who.is_system || who.can("users.view_all") || user.id.value == who.id) return true;
    return !uses_of(tx, who, model_of(tag<users::User>{}), user.id.value).empty();
}

// The people whom the text names, whom its author knows and who may see the comment; other names stay plain
// text.
std::vector<Id<users::User>> mentioned(Tx& tx, const Actor& who, const Comment& comment) {
    const std::vector<std::string> names = names_mentioned(comment.body.text);
    if (names.size() > most_mentions)
        throw Invalid("body", "Name at most 50 people, not " + std::to_string(names.size()) + ".");
    std::vector<Id<users::User>> found;
    if (names.empty()) return found;
    const std::vector<users::User> users = named_users(tx, names);
    for (const std::string& name : names) {
        const auto called = [&](const std::string& username) {
            return std::find_if(users.begin(), users.end(),
                                [&](const users::User& user) { return user.username == username; });
        };
        auto user = called(name);
        if (user == users.end()) user = called(without_ending(name));
        if (user == users.end() || std::find(found.begin(), found.end(), user->id) != found.end()) continue;
        if (knows(tx, who, *user) && may_be_mentioned(tx, *user, comment)) found.push_back(user->id);
    }
    return found;
}

}  // namespace

void before_save_comment(Tx& tx, const Actor& who, Comment& next, const Comment* before) {
    const bool says_else = !before || next.body != before->body;
    const bool reaches_others = before && next.internal != before->internal;
    if (!says_else && !reaches_others) return;
    if (trim(next.body.text).empty()) throw Invalid("body", "Say something.");
    require_place(who, next);
    if (reaches_others) require_changeable(tx, next, *before);
    if (before && says_else) next.edited_at = tx.now();
    if (!before) {
        next.author = {who.id};
        take_place(tx, next);
    }
    next.mentions = mentioned(tx, who, next);
}

void before_remove_comment(Tx& tx, const Actor& who, const Comment& row) {
    if (!who.id.is_nil())
        tx.execute({"UPDATE common_comment SET removed_by = {} WHERE id = {}", who.id, row.id});
}

}  // namespace tamiti::common
