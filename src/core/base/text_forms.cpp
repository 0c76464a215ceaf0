#include <algorithm>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include "core/base/text.hpp"
#include "core/base/unicode.hpp"

namespace tamiti {
namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// A host name as DNS has it: labels of letters, digits and inner hyphens, at most 63 each and 253 in all.
bool is_host_name(std::string_view text) {
    if (text.empty() || text.size() > 253) return false;
    for (const auto label : split(text, '.')) {
        if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') return false;
        if (!std::all_of(label.begin(), label.end(),
                         [](char c) { return is_letter(c) || is_digit(c) || c == '-'; })) {
            return false;
        }
    }
    return true;
}

/// The part before the @, unquoted (RFC 5322 dot-atom): quoted forms are legal, but nobody has one.
bool is_local_part(std::string_view text) {
    constexpr std::string_view symbols = "!#$%&'*+-/=?^_`{|}~.";
    if (text.empty() || text.size() > 64 || text.front() == '.' || text.back() == '.') return false;
    if (text.find("..") != text.npos) return false;
    return std::all_of(text.begin(), text.end(), [&](char c) {
        return is_letter(c) || is_digit(c) || symbols.find(c) != symbols.npos;
    });
}

/// Percent-encodes what may not stand in an address as it is, as browsers do; escapes that are there stay.
std::string escape_address(std::string_view text) {
    constexpr char digits[] = "0123456789ABCDEF";
    constexpr std::string_view unsafe = "\"<>\\^`{|}";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80 && unsafe.find(c) == unsafe.npos) {
            out += c;
        } else {
            out += {'%', digits[byte >> 4], digits[byte & 15]};
        }
    }
    return out;
}

}  // namespace

std::string normalise_email(std::string_view text) {
    const std::string address = kept_line(text);
    const std::size_t at = address.find('@');
    if (at == address.npos || address.size() > 254) return {};
    const std::string_view local = std::string_view(address).substr(0, at);
    const std::string_view domain = std::string_view(address).substr(at + 1);
    if (!is_local_part(local) || !is_host_name(domain) || domain.find('.') == domain.npos) return {};
    return std::string(local) + "@" + lower(domain);
}

std::string normalise_phone(std::string_view text, std::string_view calling_code) {
    const std::string shown = kept_line(text);  // address books put marks of direction around numbers
    std::string_view typed = shown;
    const bool international = typed.starts_with('+') || typed.starts_with("00");
    if (international) typed.remove_prefix(typed.front() == '+' ? 1 : 2);
    std::string digits;
    for (std::size_t i = 0; i < typed.size(); ++i) {
        if (is_digit(typed[i])) {
            digits += typed[i];
        } else if (international && typed.substr(i, 3) == "(0)") {
            i += 2;  // "+44 (0)20 …": the 0 is dialled only inside the country
        } else if (std::string_view(" -.()[]").find(typed[i]) == std::string_view::npos) {
            return {};
        }
    }
    if (!international) {
        if (calling_code.empty() || !digits.starts_with('0')) return {};
        if (digits.starts_with("00")) return {};
        digits.replace(0, 1, calling_code);
    }
    if (digits.size() < 8 || digits.size() > 15 || digits.front() == '0') return {};
    return "+" + digits;
}

std::string normalise_url(std::string_view text) {
    if (text.size() > 8000 || !is_utf8(text)) return {};
    const std::string typed = kept_line(text);
    if (typed.size() > 2000 || typed.find_first_of(" \t\r\n") != typed.npos) return {};
    if (has_control_characters(typed)) return {};
    const std::string address = escape_address(typed);
    const auto parsed = boost::urls::parse_uri(address);
    if (!parsed || address.size() > 2000) return {};
    const boost::urls::url_view& url = *parsed;
    const std::string scheme = lower(std::string_view(url.scheme()));
    if ((scheme != "http" && scheme != "https") || url.has_userinfo()) return {};
    const std::string_view port(url.port().data(), url.port().size());
    if (port.size() > 5 || (port.size() == 5 && port > "65535") || (url.has_port() && url.port_number() == 0))
        return {};
    const std::string_view host(url.encoded_host().data(), url.encoded_host().size());
    if (!is_host_name(host) && url.host_type() != boost::urls::host_type::ipv6) return {};
    const std::size_t rest = address.find_first_of("/?#", scheme.size() + 3);
    const std::string authority = lower(address.substr(scheme.size() + 3, rest - scheme.size() - 3));
    return scheme + "://" + authority + (rest == address.npos ? "" : address.substr(rest));
}

std::string normalise_tag(std::string_view text) {
    if (!is_utf8(text) || has_control_characters(kept_line(text))) return {};
    std::string words = folded(text);
    if (words.find(',') != words.npos || count_characters(words) > 50) return {};
    return words;
}

}  // namespace tamiti
