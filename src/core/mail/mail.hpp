#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/base/uuid.hpp"

/// Mails: written from a template in the transaction of what they tell about, sent by a job.
namespace tamiti {

class Tx;
struct Site;
}  // namespace tamiti

namespace tamiti::mail {

/// One mail to one person. The template's subject, text and HTML are under templates/mail/; every value that
/// a template names must be given.
struct Message {
    std::string to;             ///< the stored address of the person, never one that was typed
    std::string template_name;  ///< "verify_address"
    std::vector<std::pair<std::string, std::string>> values{};
    std::string language = "en";
};

/// Renders the mail and makes the job that sends it. An unknown template, a missing value or an address with
/// line breaks throw std::logic_error: they are the programmer's.
Uuid send(Tx& tx, const Message& message);

/// Removes the mails to that address, in whatever case it is written, but for those that are still to be
/// sent.
void forget(Tx& tx, std::string_view address);

/// The address of a page of the studio, from the site's configured origin: link(tx.site(),
/// "/verify#token=…").
std::string link(const Site& site, std::string_view path);

}  // namespace tamiti::mail
