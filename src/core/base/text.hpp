#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Small text questions with one answer for the whole program.
namespace tamiti {

/// Whether the bytes are well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates).
bool is_utf8(std::string_view text);

/// The number of code points of well-formed UTF-8.
std::size_t count_characters(std::string_view text);

/// Whether a code point below U+0020 other than tab, line feed and carriage return, one from U+007F to
/// U+009F, or a bidirectional override (U+202A to U+202E, U+2066 to U+2069) is in the text: things that
/// nobody types and that deceive readers. U+0085 is among them where kept_line() hasn't made a line end of
/// it.
bool has_control_characters(std::string_view text);

std::string_view trim(std::string_view text);
std::string lower(std::string_view text);  ///< ASCII letters only
bool starts_with_ignoring_case(std::string_view text, std::string_view prefix);

/// Splits at every occurrence; an empty text has no parts.
std::vector<std::string_view> split(std::string_view text, char separator);
std::string join(const std::vector<std::string>& parts, std::string_view separator);

/// Of the candidates the one that a mistyped word probably meant (edit distance at most a third of its
/// length); empty when none is near.
std::string closest(std::string_view word, const std::vector<std::string>& candidates);

/// A name of the program as people say it: "due_on" is "due on", "/saved-views" is "saved views".
std::string words_of(std::string_view name);
/// The same as a label: "Due on".
std::string label_of(std::string_view name);

/// A number as sentences show it: "12,345".
std::string grouped(std::uint64_t number);

/// A fast 64-bit hash for cache keys and ETags; not for secrets. The same bytes give the same hash on every
/// node.
std::uint64_t fast_hash(std::string_view bytes);

/// Lower-case hexadecimal.
std::string hex(std::string_view bytes);

/// The bytes that hexadecimal digits stand for; std::invalid_argument where they are none.
std::string unhex(std::string_view digits);

/// Base64url without padding (RFC 4648 section 5).
std::string base64url(std::string_view bytes);

// Forms of values that people type. Each returns the normalised text, or an empty text when it isn't one.

/// An address with exactly one @, a local part of at most 64 and a domain with a dot, 254 in all, ASCII; the
/// domain is lower-cased.
std::string normalise_email(std::string_view text);

/// An E.164 number ("+256772123456", 8 to 15 digits); blanks, hyphens, dots and brackets are dropped, a
/// leading "00" is read as "+", and a leading single 0 takes the calling code ("256") where one is given.
std::string normalise_phone(std::string_view text, std::string_view calling_code = {});

/// An http or https address with a host, at most 2,000 characters, without user information.
std::string normalise_url(std::string_view text);

/// A tag in the form in which it is kept and compared, folded(): 1 to 50 characters, no comma or control
/// character.
std::string normalise_tag(std::string_view text);

}  // namespace tamiti
