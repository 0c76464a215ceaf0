#include "core/model/member.hpp"

#include "core/model/fields/numbers.hpp"

namespace tamiti {
namespace {

[[noreturn]] void refuse(std::string_view stored, const char* form) {
    throw std::out_of_range("stored text is not " + std::string(form) + ": " + std::string(stored));
}

}  // namespace

Timestamp stored_timestamp(std::string_view stored) {
    std::string text;
    append_timestamp(text, stored);  // leaves RFC 3339 as it is
    if (const auto time = parse_timestamp(text)) return *time;
    refuse(stored, "a time");
}

std::int64_t stored_integer(std::string_view stored) {
    if (const auto number = parse_integer(stored)) return *number;
    refuse(stored, "a whole number of 64 bits");
}

Uuid stored_uuid(std::string_view stored) {
    if (const auto id = Uuid::parse(stored)) return *id;
    refuse(stored, "a UUID");
}

Money stored_money(std::string_view stored) {
    const std::size_t blank = stored.find(' ');
    const auto minor = parse_integer(stored.substr(0, blank));
    if (blank == stored.npos || !minor) refuse(stored, "an amount");
    return {*minor, std::string(stored.substr(blank + 1))};
}

}  // namespace tamiti
