#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tamiti {

/// The number of minor-unit digits of an ISO 4217 currency (UGX 0, USD 2, BHD 3); nothing for an unknown
/// code.
std::optional<int> currency_digits(std::string_view code);

/// An amount in minor units of one currency.
struct Money {
    std::int64_t minor = 0;
    std::string currency{};

    bool operator==(const Money&) const = default;
};

/// Reads a decimal amount in major units ("150000", "12.50") as minor units of that currency. More digits
/// than the currency has, other characters, or a value outside 64 bits are nothing: an amount is never
/// rounded.
std::optional<std::int64_t> parse_amount(std::string_view text, std::string_view currency);

/// The amount in major units with exactly the currency's digits.
std::string format_amount(std::int64_t minor, std::string_view currency);

/// An exact decimal number of at most 38 digits, kept as PostgreSQL's numeric prints it.
struct Decimal {
    std::string text = "0";

    bool operator==(const Decimal&) const = default;

    /// Reads plain decimal notation (an optional minus, digits, an optional fraction; no exponent) and drops
    /// needless zeros: "-0.50" reads as "-0.5".
    static std::optional<Decimal> parse(std::string_view text);
};

/// The digits before and after the point of a decimal in canonical form.
struct DecimalDigits {
    int whole = 0;
    int fraction = 0;
};
DecimalDigits digits_of(const Decimal& number);

/// Compares two canonical decimals: negative, zero or positive.
int compare(const Decimal& a, const Decimal& b);

}  // namespace tamiti
