#include "core/base/money.hpp"

#include <algorithm>
#include <stdexcept>

namespace tamiti {
namespace {

// ISO 4217, list one as of 2026, by minor-unit digits; metals, tests and "no currency" have none and aren't
// here.
constexpr std::string_view without_digits =
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF ";
constexpr std::string_view with_two_digits =
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF "
    "CHW CNY "
    "COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF "
    "IDR ILS "
    "INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN "
    "MXV MYR "
    "MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS "
    "SRD SSP "
    "STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW "
    "ZWG ";
constexpr std::string_view with_three_digits = "BHD IQD JOD KWD LYD OMR TND ";
constexpr std::string_view with_four_digits = "CLF UYW ";

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool are_digits(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

/// A number in plain notation, cut into its pieces.
struct Plain {
    bool negative = false;
    std::string_view whole{};
    std::string_view fraction{};  ///< empty where there is no point
};

std::optional<Plain> cut(std::string_view text) {
    Plain plain;
    plain.negative = text.starts_with('-');
    if (plain.negative) text.remove_prefix(1);
    const std::size_t point = text.find('.');
    plain.whole = text.substr(0, point);
    if (!are_digits(plain.whole)) return std::nullopt;
    if (point == text.npos) return plain;
    plain.fraction = text.substr(point + 1);
    if (!are_digits(plain.fraction)) return std::nullopt;
    return plain;
}

/// Puts one more digit at the end of a number that grows downwards, so that the least 64-bit number fits too.
bool push_digit(std::int64_t& negative, char digit) {
    return !__builtin_mul_overflow(negative, std::int64_t{10}, &negative) &&
           !__builtin_sub_overflow(negative, std::int64_t{digit - '0'}, &negative);
}

}  // namespace

std::optional<int> currency_digits(std::string_view code) {
    if (code.size() != 3) return std::nullopt;
    const auto has = [&](std::string_view list) {
        for (std::size_t at = 0; at < list.size(); at += 4) {
            if (list.compare(at, 3, code) == 0) return true;
        }
        return false;
    };
    if (has(without_digits)) return 0;
    if (has(with_two_digits)) return 2;
    if (has(with_three_digits)) return 3;
    if (has(with_four_digits)) return 4;
    return std::nullopt;
}

std::optional<std::int64_t> parse_amount(std::string_view text, std::string_view currency) {
    const auto digits = currency_digits(currency);
    const auto plain = cut(text);
    if (!digits || !plain || plain->fraction.size() > static_cast<std::size_t>(*digits)) return std::nullopt;
    std::int64_t negative = 0;
    for (const char digit : plain->whole) {
        if (!push_digit(negative, digit)) return std::nullopt;
    }
    for (std::size_t i = 0; i < static_cast<std::size_t>(*digits); ++i) {
        if (!push_digit(negative, i < plain->fraction.size() ? plain->fraction[i] : '0')) return std::nullopt;
    }
    if (plain->negative) return negative;
    std::int64_t minor = 0;
    if (__builtin_sub_overflow(std::int64_t{0}, negative, &minor)) return std::nullopt;
    return minor;
}

std::string format_amount(std::int64_t minor, std::string_view currency) {
    const auto known = currency_digits(currency);
    if (!known) throw std::invalid_argument("There is no currency " + std::string(currency) + ".");
    const auto digits = static_cast<std::size_t>(*known);
    std::string text = std::to_string(minor);
    const std::size_t sign = minor < 0 ? 1 : 0;
    if (digits == 0) return text;
    if (text.size() - sign <= digits) text.insert(sign, digits + 1 - (text.size() - sign), '0');
    text.insert(text.size() - digits, 1, '.');
    return text;
}

std::optional<Decimal> Decimal::parse(std::string_view text) {
    constexpr std::size_t most_digits = 38;
    const auto plain = cut(text);
    if (!plain) return std::nullopt;
    std::string_view whole = plain->whole;
    std::string_view fraction = plain->fraction;
    whole.remove_prefix(std::min(whole.find_first_not_of('0'), whole.size()));
    fraction = fraction.substr(0, fraction.find_last_not_of('0') + 1);
    if (whole.size() + fraction.size() > most_digits) return std::nullopt;
    Decimal number;
    if (whole.empty() && fraction.empty()) return number;
    number.text = plain->negative ? "-" : "";
    number.text += whole.empty() ? "0" : whole;
    if (!fraction.empty()) number.text.append(".").append(fraction);
    return number;
}

DecimalDigits digits_of(const Decimal& number) {
    std::string_view text = number.text;
    if (text.starts_with('-')) text.remove_prefix(1);
    const std::size_t point = text.find('.');
    const std::string_view whole = text.substr(0, point);
    const std::size_t fraction = point == text.npos ? 0 : text.size() - point - 1;
    return {whole == "0" ? 0 : static_cast<int>(whole.size()), static_cast<int>(fraction)};
}

int compare(const Decimal& a, const Decimal& b) {
    const bool a_negative = a.text.starts_with('-');
    const bool b_negative = b.text.starts_with('-');
    if (a_negative != b_negative) return a_negative ? -1 : 1;
    const int sign = a_negative ? -1 : 1;
    const int a_whole = digits_of(a).whole;
    const int b_whole = digits_of(b).whole;
    if (a_whole != b_whole) return a_whole < b_whole ? -sign : sign;
    // With as many digits before the point, the order of the texts is that of the numbers: a point sorts
    // before digits and a canonical fraction has no zeros at its end.
    return sign * a.text.compare(b.text);
}

}  // namespace tamiti
