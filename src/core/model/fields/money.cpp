#include "core/base/money.hpp"

#include <boost/json.hpp>

#include "core/model/fields/json_forms.hpp"
#include "core/model/fields/numbers.hpp"
#include "core/model/member.hpp"

namespace tamiti {
namespace {

constexpr const char* form = R"(Must be an object such as {"amount": "150000", "currency": "UGX"}.)";

/// An amount of one currency: {"amount": "150000", "currency": "UGX"}. Stored as "150000 UGX", in minor
/// units, and kept in two columns. The rules' minimum and maximum are minor units of whichever currency it
/// is.
class MoneyType final : public FieldType {
public:
    std::string_view name() const override { return "money"; }
    std::string column_type(const Field&) const override { return "bigint"; }
    std::vector<Column> columns(const Field& field) const override {
        return {{field.name, "bigint"}, {field.name + "_currency", "text"}};
    }
    std::string select(const Field& field, std::string_view row) const override {
        const std::string column = column_of(field, row);
        return "(" + column + "::text || ' ' || " + column + "_currency)";
    }
    Match matches() const override { return Match::equal | Match::any | Match::range; }
    bool is_empty(std::string_view stored) const override { return stored.empty() || stored.ends_with(' '); }

    void bind(const std::optional<std::string>& stored, db::Params& params) const override;
    std::optional<std::string> accept(const Field& field, const boost::json::value& json,
                                      const std::string& path, Faults& faults) const override;
    std::optional<std::string> accept_text(const Field& field, std::string_view text, const Actor&,
                                           const std::string& path, Faults& faults) const override;
    void write_json(const Field&, std::string_view stored, std::string& out) const override;

    std::string equals(const Field& field, std::string_view row, int parameter) const override;
    std::string one_of(const Field& field, std::string_view row, int parameter) const override {
        return select(field, row) + " = ANY(" + placeholder(parameter, "text[]") + ")";
    }
    std::string compares(const Field& field, std::string_view row, std::string_view operation,
                         db::Params& params, const std::string& stored) const override;

    boost::json::object schema(const Field& field) const override;
    std::string example(const Field& field) const override {
        return json_example(field, R"({"amount": "150000", "currency": "UGX"})");
    }

private:
    static std::optional<std::string> read(const Field& field, std::string_view amount,
                                           std::string_view currency, const std::string& amount_path,
                                           const std::string& currency_path, Faults& faults);
};

/// Why an amount isn't one of a currency with so many digits.
std::string amount_sentence(std::string_view amount, std::string_view currency, int digits) {
    const std::size_t point = amount.find('.');
    const std::size_t fraction = point == amount.npos ? 0 : amount.size() - point - 1;
    if (Decimal::parse(amount) && fraction > static_cast<std::size_t>(digits)) {
        if (digits == 0) return "Must be a whole number: " + std::string(currency) + " has no smaller unit.";
        return "Must have at most " + std::to_string(digits) + " digits after the point, as " +
               std::string(currency) + " has, not " + std::to_string(fraction) + ".";
    }
    if (Decimal::parse(amount)) return "Must fit in 64 bits when counted in the smallest unit.";
    return R"(Must be a decimal number in a string such as "150000".)";
}

std::optional<std::string> MoneyType::read(const Field& field, std::string_view amount,
                                           std::string_view currency, const std::string& amount_path,
                                           const std::string& currency_path, Faults& faults) {
    const auto digits = currency_digits(currency);
    if (!digits) return refuse(faults, currency_path, "Must be an ISO 4217 currency such as UGX or USD.");
    const auto minor = parse_amount(amount, currency);
    if (!minor) return refuse(faults, amount_path, amount_sentence(amount, currency, *digits));
    const auto limits = limits_of(field);
    if (*minor < limits.least || *minor > limits.greatest) {
        const auto shown = [&](std::int64_t limit) { return format_amount(limit, currency); };
        return refuse(
            faults, amount_path,
            limits_sentence(field.rules.minimum ? shown(limits.least) : std::string(),
                            field.rules.maximum ? shown(limits.greatest) : std::string(), shown(*minor)));
    }
    return std::to_string(*minor) + " " + std::string(currency);
}

std::optional<std::string> MoneyType::accept(const Field& field, const boost::json::value& json,
                                             const std::string& path, Faults& faults) const {
    const auto* members = json.if_object();
    if (!members) return refuse(faults, path, form);
    bool fine = true;
    for (const auto& member : *members) {
        const std::string key(member.key());
        if (key == "amount" || key == "currency") continue;
        faults.add(path + "." + key, "Is not a member of an amount of money: those are amount and currency.");
        fine = false;
    }
    const auto* amount = members->if_contains("amount");
    const auto* currency = members->if_contains("currency");
    if (!amount || !currency) return refuse(faults, path, form);
    if (amount->is_number()) {
        return refuse(faults, path + ".amount",
                      "Must be a string, so that no digit is lost: \"" + plain_number(*amount) + "\".");
    }
    const auto amount_text = read_string(*amount, path + ".amount", faults);
    const auto currency_text = read_string(*currency, path + ".currency", faults);
    if (!fine || !amount_text || !currency_text) return std::nullopt;
    return read(field, *amount_text, *currency_text, path + ".amount", path + ".currency", faults);
}

std::optional<std::string> MoneyType::accept_text(const Field& field, std::string_view text, const Actor&,
                                                  const std::string& path, Faults& faults) const {
    const std::size_t blank = text.find(' ');
    if (blank == text.npos)
        return refuse(faults, path, "Must be an amount and its currency, such as 150000 UGX.");
    return read(field, text.substr(0, blank), text.substr(blank + 1), path, path, faults);
}

void MoneyType::bind(const std::optional<std::string>& stored, db::Params& params) const {
    if (!stored) {
        params.add_null();
        params.add_null();
        return;
    }
    const std::string_view text = *stored;
    const std::size_t blank = text.find(' ');
    params.add(text.substr(0, blank));
    params.add(text.substr(blank + 1));
}

void MoneyType::write_json(const Field&, std::string_view stored, std::string& out) const {
    const std::size_t blank = std::min(stored.find(' '), stored.size());
    const std::string_view currency = stored.substr(std::min(blank + 1, stored.size()));
    std::string_view minor = stored.substr(0, blank);
    const auto digits = static_cast<std::size_t>(currency_digits(currency).value_or(0));
    out += R"({"amount":")";
    if (minor.starts_with('-')) {
        out += '-';
        minor.remove_prefix(1);
    }
    const std::size_t whole = minor.size() > digits ? minor.size() - digits : 0;
    out += whole > 0 ? minor.substr(0, whole) : std::string_view("0");
    if (digits > 0) {
        out += '.';
        out.append(digits - (minor.size() - whole), '0');
        out += minor.substr(whole);
    }
    out += R"(","currency":)";
    append_quoted(out, currency);
    out += '}';
}

std::string MoneyType::equals(const Field& field, std::string_view row, int parameter) const {
    const std::string column = column_of(field, row);
    const std::string given = placeholder(parameter, "text");
    return "(" + column + " = split_part(" + given + ", ' ', 1)::bigint AND " + column +
           "_currency = split_part(" + given + ", ' ', 2))";
}

std::string MoneyType::compares(const Field& field, std::string_view row, std::string_view operation,
                                db::Params& params, const std::string& stored) const {
    const int amount = params.size() + 1;
    bind(stored, params);
    const std::string column = column_of(field, row);
    return "(" + column + "_currency = " + placeholder(amount + 1, "text") + " AND " + column + " " +
           std::string(operation) + " " + placeholder(amount, "bigint") + ")";
}

boost::json::object MoneyType::schema(const Field& field) const {
    const bool never_negative = limits_of(field).least >= 0;
    const std::string amount = std::string(never_negative ? "^" : "^-?") + R"([0-9]{1,15}(\.[0-9]{1,3})?$)";
    return {{"type", "object"},
            {"required", boost::json::array{"amount", "currency"}},
            {"additionalProperties", false},
            {"properties",
             {{"amount", {{"type", "string"}, {"pattern", amount}}},
              {"currency", {{"type", "string"}, {"pattern", "^[A-Z]{3}$"}}}}}};
}

}  // namespace

const FieldType& money_type() {
    static const MoneyType type;
    return type;
}

}  // namespace tamiti
