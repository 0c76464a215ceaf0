#include "core/engine/operations_mails.hpp"

#include "core/model/input.hpp"
#include "core/model/list.hpp"

namespace tamiti::operations {
namespace {

Field state_field() {
    Field state = field<&MailQuery::state>("state");
    state.type = &choice_type();
    state.choices = {"waiting", "sent", "caught", "failed"};
    return state;
}

std::string link_to_next(const MailQuery& query, const Uuid& last) {
    QueryPairs pairs;
    if (query.state) pairs.emplace_back("state", *query.state);
    pairs.emplace_back("page_size", std::to_string(query.page_size));
    return page_link("/api/v1/operations/mails", pairs, "cursor", last.text());
}

}  // namespace

const Shape& shape_of(tag<MailQuery>) {
    static const Shape shape = input<MailQuery>(
        {state_field(), field<&MailQuery::cursor>("cursor", {.help = "Older ones than that; follow `next`."}),
         field<&MailQuery::page_size>("page_size", {.minimum = "1", .maximum = "200"})});
    return shape;
}

const Shape& shape_of(tag<MailPage>) {
    static const Shape shape = answer<MailPage>(
        {field<&MailPage::next>("next", {.help = "The address of older ones; null where there are none."}),
         field<&MailPage::results>("results")});
    return shape;
}

MailPage list_mails(ReadTx& tx, const Actor&, const MailQuery& query) {
    std::vector<Sql> conditions = {{"true"}};
    if (query.state) conditions.push_back({"state = {}", *query.state});
    if (query.cursor)
        conditions.push_back(
            {"(created_at, id) < (SELECT created_at, id FROM core_mail WHERE id = {})", *query.cursor});
    MailPage page;
    page.results = tx.all<MailLine>(
        {R"(SELECT id, recipient, subject, template AS template_name, language, state, attempts, last_error,
                   created_at, sent_at
            FROM core_mail WHERE {} ORDER BY created_at DESC, id DESC LIMIT {})",
         db::join(conditions, " AND "), query.page_size + 1});
    const auto shown = static_cast<std::size_t>(query.page_size);
    if (page.results.size() > shown) {
        page.results.resize(shown);
        page.next = link_to_next(query, page.results.back().id);
    }
    return page;
}

MailSheet show_mail(ReadTx& tx, const Actor&, Id<StoredMail> id) {
    const bool tells_all = tx.settings().is_development();
    const auto mail = tx.find_one<MailSheet>(
        {R"(SELECT id, recipient, subject, state, coalesce(last_error, answer) AS outcome, created_at,
                   CASE WHEN {} THEN body_text END AS body_text, CASE WHEN {} THEN body_html END AS body_html
            FROM core_mail WHERE id = {})",
         tells_all, tells_all, id.value});
    if (!mail) throw NotFound("There is no such mail.");
    return *mail;
}

}  // namespace tamiti::operations
