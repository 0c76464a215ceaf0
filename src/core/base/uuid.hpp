#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace tamiti {

/// A 128-bit identifier (RFC 9562).
struct Uuid {
    std::array<std::uint8_t, 16> bytes{};

    auto operator<=>(const Uuid&) const = default;
    bool is_nil() const { return *this == Uuid{}; }

    /// Lower-case text form with hyphens, 36 characters.
    std::string text() const;

    /// Appends the text form without an allocation of its own.
    void append_to(std::string& out) const;

    /// Reads the 36-character form, either case; anything else is nothing.
    static std::optional<Uuid> parse(std::string_view text);

    /// A new time-ordered id (version 7): 48 bits of Unix milliseconds, then a counter that grows within the
    /// same millisecond of a thread, then random bits.
    static Uuid make();
};

/// The id of one kind of row, so that ids of two kinds can't be mixed.
template <class T>
struct Id {
    Uuid value{};

    auto operator<=>(const Id&) const = default;
    bool is_nil() const { return value.is_nil(); }
    std::string text() const { return value.text(); }

    static Id make() { return Id{Uuid::make()}; }
    static std::optional<Id> parse(std::string_view text) {
        if (auto value = Uuid::parse(text)) return Id{*value};
        return std::nullopt;
    }
};

}  // namespace tamiti

template <>
struct std::hash<tamiti::Uuid> {
    std::size_t operator()(const tamiti::Uuid& id) const noexcept;
};
