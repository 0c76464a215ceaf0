#pragma once

#include <string>
#include <string_view>

#include "core/base/time.hpp"
#include "core/base/uuid.hpp"

/// Mails as they travel (RFC 5322, 2045 to 2047).
namespace tamiti::mail {

/// "Tamiti Studio <studio@studio.example>" in its parts; the name may be missing.
struct Mailbox {
    std::string name{};
    std::string address{};
};
Mailbox parse_mailbox(std::string_view text);

/// What one mail consists of.
struct Letter {
    Uuid id{};         ///< of its row
    std::string host;  ///< right part of the Message-ID: of the site's origin
    Mailbox from{};
    std::string to;
    std::string subject;
    std::string text;
    std::string html;
    std::string language = "en";
    Timestamp written_at{};
};

/// The same mail always has the same: by it a receiver knows a mail that was sent twice.
std::string message_id(const Uuid& id, std::string_view host);

/// The whole message, CRLF line ends, 7-bit ASCII, lines of 76 characters and less but for addresses. A
/// control character in an address throws std::logic_error; in names and subjects they become blanks.
std::string compose(const Letter& letter);

/// Quoted-printable (RFC 2045 6.7) of a text with LF line ends.
std::string quoted_printable(std::string_view text);

/// A header's text; encoded words (RFC 2047) where it isn't plain ASCII. Its lines have 76 characters at
/// most, the first with the `begins_at` that stand before it.
std::string encoded_header(std::string_view text, std::size_t begins_at = 0);

/// "studio.example" of "https://studio.example:8443".
std::string host_of(std::string_view origin);

}  // namespace tamiti::mail
