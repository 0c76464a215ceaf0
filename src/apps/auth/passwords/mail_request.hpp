#pragma once

#include <boost/describe/class.hpp>
#include <string>
#include <string_view>

#include "core/model/field.hpp"
#include "core/model/types.hpp"

namespace tamiti::auth {

/// An address that mails are asked for.
struct MailRequest {
    Email email{};
};
BOOST_DESCRIBE_STRUCT(MailRequest, (), (email))
Rules rules_for(tag<MailRequest>, std::string_view member);

/// What is answered alike whether or not the address is known, and how long it takes tells nothing either.
struct Receipt {
    std::string detail{};
};
BOOST_DESCRIBE_STRUCT(Receipt, (), (detail))

}  // namespace tamiti::auth
