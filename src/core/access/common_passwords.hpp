#pragma once

#include <string_view>

namespace tamiti {

/// Whether a password is one that guessers try first: a well-known one, one with the usual letters for digits
/// ("p4ssw0rd") or digits and signs hung on to its end ("Password2024!"), one character or short piece
/// repeated, or a run along the keyboard, the alphabet or the digits. Case doesn't matter.
bool is_common_password(std::string_view password);

}  // namespace tamiti
