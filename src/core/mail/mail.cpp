#include "core/mail/mail.hpp"

#include <stdexcept>

#include "core/base/text.hpp"
#include "core/jobs/job.hpp"
#include "core/mail/jobs.hpp"
#include "core/mail/template.hpp"
#include "core/model/brand.hpp"

namespace tamiti::mail {

Uuid send(Tx& tx, const Message& message) {
    if (normalise_email(message.to).empty() || has_control_characters(message.to) ||
        message.to.find_first_of("\r\n\t <>") != message.to.npos)
        throw std::logic_error("mail " + message.template_name + ": the recipient is no mail address");
    const Template& from = template_named(message.template_name, message.language);
    const Rendered made = render(tx.site(), tx.setting<Brand>(), from, message.values);
    const Uuid id = Uuid::make();
    tx.execute(Sql{R"(INSERT INTO core_mail (id, recipient, subject, body_text, body_html, template, language)
                      VALUES ({}, {}, {}, {}, {}, {}, {}))",
                   id, message.to, made.subject, made.text, made.html, from.name, from.language});
    tx.enqueue(SendMail{id.text()});
    return id;
}

void forget(Tx& tx, std::string_view address) {
    tx.execute({"DELETE FROM core_mail WHERE state <> 'waiting' AND lower(recipient) = lower({})", address});
}

std::string link(const Site& site, std::string_view path) {
    if (!path.starts_with('/') || path.starts_with("//"))
        throw std::logic_error("the path of a link must start with one /");
    return site.origin + std::string(path);
}

}  // namespace tamiti::mail
