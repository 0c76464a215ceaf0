#pragma once

#include <string>
#include <string_view>

/// Text as it is kept and compared: one form for what reads alike, whatever keyboard or program it came from.
/// What is no UTF-8 is given back as it is.
namespace tamiti {

/// Several lines as they are kept: composed (NFC), U+0085, U+2028 and U+2029 as line feeds, and without the
/// white space and invisible characters around.
std::string kept_lines(std::string_view text);

/// One line as it is kept: the same, and without the format characters inside, such as soft hyphens, marks of
/// direction and byte order marks. Those stay that change what is seen: joiners in scripts that join and in
/// emoji, and variation selectors. Line ends inside stay, for the caller to refuse.
std::string kept_line(std::string_view text);

/// Whether anything of a text can be seen.
bool is_visible(std::string_view text);

/// The form in which texts are compared for uniqueness: case folded, blanks single, nothing invisible. The
/// database's core_same() is the same, character by character.
std::string folded(std::string_view text);

/// A password as it is hashed and compared (RFC 8265, OpaqueString): composed, every blank a U+0020.
std::string opaque(std::string_view password);

}  // namespace tamiti
