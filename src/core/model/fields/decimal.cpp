#include <array>
#include <boost/json.hpp>
#include <charconv>
#include <cmath>

#include "core/base/money.hpp"
#include "core/model/fields/json_forms.hpp"
#include "core/model/fields/numbers.hpp"
#include "core/model/member.hpp"

namespace tamiti {
namespace {

constexpr int digits_in_all = 38;
constexpr int double_digits = 15;  // every decimal of so many digits survives the way through a double

/// The decimal that a double was written as; nothing where more digits were written than a double keeps.
std::optional<std::string> text_of_double(double number) {
    std::array<char, 400> buffer{};
    const auto written =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), number, std::chars_format::scientific);
    int significant = 0;
    for (const char* c = buffer.data(); c != written.ptr && *c != 'e'; ++c)
        significant += *c >= '0' && *c <= '9';
    if (significant > double_digits) return std::nullopt;
    const auto plain =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), number, std::chars_format::fixed);
    if (plain.ec != std::errc{}) return std::nullopt;
    return std::string(buffer.data(), plain.ptr);
}

/// The exact text of a number, or of a string that holds one.
std::optional<std::string> text_of_number(const boost::json::value& json) {
    if (const auto* text = json.if_string()) return std::string(text->data(), text->size());
    if (const auto* number = json.if_int64()) return std::to_string(*number);
    if (const auto* number = json.if_uint64()) return std::to_string(*number);
    if (const auto* number = json.if_double()) return text_of_double(*number);
    return std::nullopt;
}

/// An exact decimal number. On the wire a string, with the digits after the point that the rules say; a JSON
/// number is taken where nothing of it can have been lost.
class DecimalType final : public FieldType {
public:
    std::string_view name() const override { return "decimal"; }
    std::string column_type(const Field&) const override { return "numeric"; }
    Match matches() const override { return Match::equal | Match::any | Match::range; }

    std::optional<std::string> accept(const Field& field, const boost::json::value& json,
                                      const std::string& path, Faults& faults) const override {
        if (const auto text = text_of_number(json)) return read(field, *text, path, faults);
        if (json.is_double())
            return refuse(faults, path,
                          "Must be sent as a string: a JSON number doesn't keep so many digits.");
        return refuse(faults, path, sentence(field));
    }
    std::optional<std::string> accept_text(const Field& field, std::string_view text, const Actor&,
                                           const std::string& path, Faults& faults) const override {
        return read(field, text, path, faults);
    }
    void write_json(const Field& field, std::string_view stored, std::string& out) const override;

    boost::json::object schema(const Field& field) const override;
    std::string example(const Field& field) const override;

private:
    static std::string sentence(const Field& field) {
        return std::string("Must be a decimal number in a string such as ") +
               (field.rules.digits > 0 ? "\"12.5\"." : "\"12\".");
    }
    static std::optional<std::string> read(const Field& field, std::string_view text, const std::string& path,
                                           Faults& faults);
    static bool within(const Rules& rules, const Decimal& number);
};

bool DecimalType::within(const Rules& rules, const Decimal& number) {
    if (rules.minimum && compare(number, Decimal::parse(rules.minimum).value()) < 0) return false;
    return !rules.maximum || compare(number, Decimal::parse(rules.maximum).value()) <= 0;
}

std::optional<std::string> DecimalType::read(const Field& field, std::string_view text,
                                             const std::string& path, Faults& faults) {
    const auto number = Decimal::parse(text);
    if (!number) return refuse(faults, path, sentence(field));
    const auto digits = digits_of(*number);
    if (digits.fraction > field.rules.digits) {
        return refuse(faults, path,
                      "Must have at most " + std::to_string(field.rules.digits) +
                          " digits after the point, not " + std::to_string(digits.fraction) + ".");
    }
    if (digits.whole + field.rules.digits > digits_in_all) {
        return refuse(faults, path,
                      "Must have at most " + std::to_string(digits_in_all - field.rules.digits) +
                          " digits before the point, not " + std::to_string(digits.whole) + ".");
    }
    if (within(field.rules, *number)) return number->text;
    const auto limit = [](const char* rule) { return std::string_view(rule ? rule : ""); };
    return refuse(faults, path,
                  limits_sentence(limit(field.rules.minimum), limit(field.rules.maximum), number->text));
}

void DecimalType::write_json(const Field& field, std::string_view stored, std::string& out) const {
    out += '"';
    const std::size_t point = stored.find('.');
    const auto digits = static_cast<std::size_t>(field.rules.digits);
    std::size_t fraction = point == stored.npos ? 0 : stored.size() - point - 1;
    // What the database computed may have more digits than the rules say: only zeros are dropped.
    for (; fraction > digits && stored.back() == '0'; --fraction) stored.remove_suffix(1);
    if (stored.ends_with('.')) stored.remove_suffix(1);
    out += stored;
    if (fraction == 0 && digits > 0) out += '.';
    for (; fraction < digits; ++fraction) out += '0';
    out += '"';
}

boost::json::object DecimalType::schema(const Field& field) const {
    const bool never_negative = field.rules.minimum && field.rules.minimum[0] != '-';
    int whole = digits_in_all - field.rules.digits;
    if (field.rules.maximum && never_negative)
        whole = std::max(1, digits_of(Decimal::parse(field.rules.maximum).value()).whole);
    std::string pattern = never_negative ? "^" : "^-?";
    pattern += "[0-9]{1," + std::to_string(whole) + "}";
    if (field.rules.digits > 0) pattern += R"((\.[0-9]{1,)" + std::to_string(field.rules.digits) + "})?";
    return {{"type", "string"}, {"format", "decimal"}, {"pattern", pattern + "$"}};
}

std::string DecimalType::example(const Field& field) const {
    if (field.rules.example) return quoted_example(field, "");
    std::string usual = field.rules.digits > 0 ? "12.5" : "12";
    if (!within(field.rules, Decimal{usual}))
        usual = field.rules.minimum ? field.rules.minimum : field.rules.maximum;
    std::string out;
    write_json(field, usual, out);
    return out;
}

}  // namespace

const FieldType& decimal_type() {
    static const DecimalType type;
    return type;
}

}  // namespace tamiti
