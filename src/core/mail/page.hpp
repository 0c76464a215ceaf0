#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/http/message.hpp"

namespace tamiti {
struct Site;
}

namespace tamiti::mail {

/// The pages /dev/mail (the latest mails) and /dev/mail/ID (one of them, as its reader sees it). Nothing for
/// other addresses, and nothing at all outside of development: links in mails let people in.
std::optional<http::Response> dev_mail_page(Site& site, const std::vector<std::string>& segments);

}  // namespace tamiti::mail
