#pragma once

#include <boost/describe/class.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/model/nested.hpp"
#include "core/model/tx.hpp"
#include "core/model/types.hpp"

namespace tamiti::operations {

/// Stands for a mail in the addresses of routes.
struct StoredMail;

struct MailQuery {
    std::optional<std::string> state{};
    std::optional<Uuid> cursor{};
    int page_size = 25;
};
const Shape& shape_of(tag<MailQuery>);

/// A mail among others.
struct MailLine {
    Uuid id{};
    std::string recipient{};
    std::string subject{};
    std::string template_name{};
    std::string language{};
    std::string state{};
    std::int64_t attempts = 0;
    std::optional<std::string> last_error{};
    Timestamp created_at{};
    std::optional<Timestamp> sent_at{};
};
BOOST_DESCRIBE_STRUCT(MailLine, (),
                      (id, recipient, subject, template_name, language, state, attempts, last_error,
                       created_at, sent_at))

struct MailPage {
    std::optional<std::string> next{};
    std::vector<MailLine> results{};
};
const Shape& shape_of(tag<MailPage>);

/// One mail; what it says only in development, before it was sent or where it was caught.
struct MailSheet {
    Uuid id{};
    std::string recipient{};
    std::string subject{};
    std::string state{};
    std::optional<std::string> outcome{};
    Timestamp created_at{};
    std::optional<LongText> body_text{};
    std::optional<LongText> body_html{};
};
BOOST_DESCRIBE_STRUCT(MailSheet, (),
                      (id, recipient, subject, state, outcome, created_at, body_text, body_html))

MailPage list_mails(ReadTx& tx, const Actor& who, const MailQuery& query);
MailSheet show_mail(ReadTx& tx, const Actor& who, Id<StoredMail> id);

}  // namespace tamiti::operations
