#pragma once

#include <optional>
#include <string>
#include <string_view>

/// Secrets that the program must be able to read again, such as those of second factors: encrypted at rest
/// with a key of the site (XChaCha20-Poly1305).
namespace tamiti {

struct Site;

/// Encrypts a text under the key of that purpose. It opens for the same purpose and context only (the id of
/// its row), so a sealed text that was copied to another row is worthless there.
std::string seal_text(const Site& site, std::string_view purpose, std::string_view context,
                      std::string_view text);

/// A text that was sealed; `is_stale` where it was under the previous secret key and wants to be sealed anew
/// before that key goes.
struct OpenedText {
    std::string text{};
    bool is_stale = false;
};

/// Nothing where the text was changed, or was sealed for another purpose, context or site.
std::optional<OpenedText> open_text(const Site& site, std::string_view purpose, std::string_view context,
                                    std::string_view sealed);

}  // namespace tamiti
