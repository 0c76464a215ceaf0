#include "core/mail/mime.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <optional>
#include <stdexcept>

#include "core/base/text.hpp"

namespace tamiti::mail {
namespace {

bool is_plain(std::string_view text) {
    return std::all_of(text.begin(), text.end(),
                       [](char letter) { return letter >= ' ' && letter < '\x7f'; });
}

std::string without_line_ends(std::string_view text) {
    std::string clean(text);
    for (char& letter : clean)
        if (static_cast<unsigned char>(letter) < 0x20 || letter == '\x7f') letter = ' ';
    return clean;
}

std::string base64(std::string_view bytes) {
    std::string text(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
    sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                      bytes.size(), sodium_base64_VARIANT_ORIGINAL);
    text.pop_back();  // the zero at its end
    return text;
}

constexpr std::size_t longest_line = 76;  // of a header: RFC 2047 2, and what RFC 5322 2.1.1 asks for is 78

/// The text in lines that end at its blanks; nothing where one of them would be too long.
std::optional<std::string> folded(std::string_view text, std::size_t begins_at) {
    std::string out;
    std::size_t column = begins_at;
    for (std::string_view rest = text; !rest.empty();) {
        // A word, with the blanks before it.
        const std::size_t word = std::min(rest.find_first_not_of(' '), rest.size());
        const std::size_t end = std::min(rest.find(' ', word), rest.size());
        if (column + end > longest_line && word > 0) {
            out += "\r\n";
            column = 0;
        }
        column += end;
        if (column > longest_line) return std::nullopt;
        out += rest.substr(0, end);
        rest.remove_prefix(end);
    }
    return out;
}

// An address that could end its header, or the SMTP command that it stands in, never gets that far.
const std::string& checked(const std::string& address) {
    if (address.empty() || !is_plain(address) || address.find_first_of(" <>,") != address.npos)
        throw std::logic_error("a mail address has characters that it can't have");
    return address;
}

std::string written(const Mailbox& mailbox) {
    const std::string address = "<" + checked(mailbox.address) + ">";
    const std::string name = without_line_ends(mailbox.name);
    if (name.empty()) return address;
    if (!is_plain(name)) return encoded_header(name) + " " + address;
    std::string quoted;
    for (const char letter : name) {
        if (letter == '"' || letter == '\\') quoted += '\\';
        quoted += letter;
    }
    return "\"" + quoted + "\" " + address;
}

// RFC 5322 3.3: "Sun, 22 Nov 2026 14:05:00 +0000".
std::string date(Timestamp time) {
    static constexpr std::array<const char*, 7> days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr std::array<const char*, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day calendar(day);
    const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
    char text[64];
    std::snprintf(text, sizeof text, "%s, %02u %s %04d %02d:%02d:%02d +0000",
                  days[std::chrono::weekday(day).c_encoding()], static_cast<unsigned>(calendar.day()),
                  months[static_cast<unsigned>(calendar.month()) - 1], static_cast<int>(calendar.year()),
                  static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                  static_cast<int>(clock.seconds().count()));
    return text;
}

std::string part(const std::string& boundary, const char* type, const std::string& text) {
    return "--" + boundary + "\r\nContent-Type: " + type +
           "; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" + quoted_printable(text) +
           "\r\n";
}

}  // namespace

Mailbox parse_mailbox(std::string_view text) {
    const std::size_t open = text.rfind('<');
    if (open == text.npos || !text.ends_with('>')) return {.name = {}, .address = std::string(trim(text))};
    std::string_view name = trim(text.substr(0, open));
    if (name.size() >= 2 && name.front() == '"' && name.back() == '"') name = name.substr(1, name.size() - 2);
    return {.name = std::string(name), .address = std::string(text.substr(open + 1, text.size() - open - 2))};
}

std::string message_id(const Uuid& id, std::string_view host) {
    return "<" + id.text() + "@" + std::string(host) + ">";
}

std::string quoted_printable(std::string_view text) {
    std::string out;
    std::size_t column = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto byte = static_cast<unsigned char>(text[at]);
        if (byte == '\n') {
            out += "\r\n";
            column = 0;
            continue;
        }
        const bool ends_line = at + 1 == text.size() || text[at + 1] == '\n';
        // A dot at the start of a line is what SMTP servers on the way treat in their own ways.
        const bool literal = (byte > ' ' && byte < 0x7f && byte != '=' && !(byte == '.' && column == 0)) ||
                             (byte == ' ' && !ends_line);
        const std::size_t width = literal ? 1 : 3;
        if (column + width > 75) {
            out += "=\r\n";
            column = 0;
        }
        if (literal && !(byte == '.' && column == 0)) {
            out += text[at];
            column += 1;
        } else {
            constexpr char digits[] = "0123456789ABCDEF";
            out.append({'=', digits[byte >> 4], digits[byte & 15]});
            column += 3;
        }
    }
    return out;
}

std::string encoded_header(std::string_view text, std::size_t begins_at) {
    const std::string clean = without_line_ends(text);
    if (is_plain(clean) && clean.find("=?") == clean.npos)
        if (auto lines = folded(clean, begins_at)) return *std::move(lines);
    std::string out;
    std::size_t at = 0;
    while (at < clean.size()) {
        // 3 bytes are 4 of base64, and 12 characters stand around them; characters of the text stay whole.
        const std::size_t begin = out.empty() ? begins_at : 1;
        std::size_t end = std::min(at + (longest_line - begin - 12) / 4 * 3, clean.size());
        while (end < clean.size() && (static_cast<unsigned char>(clean[end]) & 0xc0) == 0x80) --end;
        if (!out.empty()) out += "\r\n ";
        out += "=?utf-8?B?" + base64(std::string_view(clean).substr(at, end - at)) + "?=";
        at = end;
    }
    return out;
}

std::string host_of(std::string_view origin) {
    const std::size_t scheme = origin.find("://");
    std::string_view host = scheme == origin.npos ? origin : origin.substr(scheme + 3);
    host = host.substr(0, host.find('/'));
    if (const std::size_t colon = host.rfind(':'); colon != host.npos && host.find(']', colon) == host.npos)
        host = host.substr(0, colon);
    return std::string(host);
}

std::string compose(const Letter& letter) {
    const std::string boundary = "=_" + letter.id.text();  // quoted-printable has no "=_"
    std::string out;
    const auto header = [&](const char* name, const std::string& value) {
        out.append(name).append(": ").append(value).append("\r\n");
    };
    header("Date", date(letter.written_at));
    header("From", written(letter.from));
    header("To", "<" + checked(letter.to) + ">");
    header("Subject", encoded_header(letter.subject, std::string_view("Subject: ").size()));
    header("Message-ID", message_id(letter.id, letter.host));
    header("Auto-Submitted", "auto-generated");
    header("Content-Language", letter.language);
    header("MIME-Version", "1.0");
    header("Content-Type", "multipart/alternative;\r\n boundary=\"" + boundary + "\"");
    out += "\r\n";
    out += part(boundary, "text/plain", letter.text);
    out += part(boundary, "text/html", letter.html);
    out += "--" + boundary + "--\r\n";
    return out;
}

}  // namespace tamiti::mail
