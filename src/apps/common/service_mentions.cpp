#include <algorithm>

#include "apps/common/events.hpp"
#include "apps/common/service.hpp"
#include "apps/users/service.hpp"
#include "core/base/text.hpp"
#include "core/cache/throttle.hpp"
#include "core/events/event.hpp"
#include "core/mail/mail.hpp"
#include "core/model/catalogue.hpp"
#include "core/model/label.hpp"
#include "core/model/member.hpp"

namespace tamiti::common {
namespace {

constexpr std::size_t excerpt_length = 500;                              // bytes of the comment in a mail
constexpr Limit mentions_of_one{"mention", 100, std::chrono::hours(1)};  // mails that an author causes

// The beginning of the text, not cut inside a character.
std::string excerpt(const std::string& text) {
    if (text.size() <= excerpt_length) return text;
    std::size_t end = excerpt_length;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
    return text.substr(0, end) + "…";
}

void mail_mention(Tx& tx, const Comment& comment, const users::User& author, const users::User& person) {
    const Resource& carrying = carrier(tx, comment.on, "on");
    users::send_mail(tx, person, "mention",
                     {{"name", users::name_of(person)},
                      {"author", users::name_of(author)},
                      {"record", label_of(tx, comment.on)},
                      {"text", excerpt(comment.body.text)},
                      {"link", mail::link(tx.site(), carrying.path + "/" + comment.on.row.text())}});
}

bool was_mentioned(const Comment* before, Id<users::User> person) {
    return before &&
           std::find(before->mentions.begin(), before->mentions.end(), person) != before->mentions.end();
}

void mail_those_named(Tx& tx, const Comment& now, const Comment* before) {
    std::vector<Id<users::User>> news;
    for (const Id<users::User> person : now.mentions)
        if (person != now.author && !was_mentioned(before, person)) news.push_back(person);
    if (news.empty()) return;
    // An address that nobody has proven may be a stranger's.
    const auto people = tx.select<users::User>({"t.id = ANY({}) AND t.is_verified ORDER BY t.id", news});
    if (people.empty()) return;
    // Every mail counts, so that taking a name out and putting it in again is no way around the limit.
    require(tx.site(), {{mentions_of_one, now.author.text(), static_cast<int>(people.size())}});
    const users::User author = tx.get(now.author);
    for (const users::User& person : people) mail_mention(tx, now, author, person);
}

}  // namespace

void after_save_comment(Tx& tx, const Actor&, const Comment& now, const Comment* before) {
    mail_those_named(tx, now, before);
    if (!before)
        tx.emit(CommentMade{.comment = now.id,
                            .on_model = now.on.model,
                            .on_row = now.on.row,
                            .author = now.author,
                            .mentions = now.mentions,
                            .internal = now.internal});
}

}  // namespace tamiti::common
