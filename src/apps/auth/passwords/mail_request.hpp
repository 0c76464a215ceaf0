#pragma once

#include <boost/describe/class.hpp>
#include <string>

#include "core/model/shape.hpp"
#include "core/model/types.hpp"

/// Requests that are answered by a mail, so that the answer is the same whether or not the address is known.
namespace tamiti::auth {

/// An address that mails are asked for.
struct MailRequest {
    Email email{};
};
const Shape& shape_of(tag<MailRequest>);

/// The answer, a sentence.
struct Receipt {
    std::string detail{};
};
BOOST_DESCRIBE_STRUCT(Receipt, (), (detail))

}  // namespace tamiti::auth
