#include <sodium.h>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include "core/base/base64url.hpp"
#include "core/base/json.hpp"
#include "core/base/text.hpp"
#include "core/model/fields/json_forms.hpp"
#include "core/model/list.hpp"
#include "core/model/member.hpp"

namespace tamiti {
namespace {

constexpr std::size_t seal_bytes = 16;
constexpr std::size_t most_cursor = 4096;

// What the keys belong to: a cursor of another list, ordering or person doesn't fit.
std::string purpose_of(const Model& model, const std::vector<OrderKey>& order, const Actor& who) {
    std::string purpose = model.name + "\n" + who.id.text();
    for (const OrderKey& key : order) purpose += (key.descending ? "\n-" : "\n") + key.field->name;
    return purpose + "\n";
}

std::string seal(const std::string& key, const std::string& purpose, std::string_view payload) {
    const std::string text = purpose + std::string(payload);
    unsigned char bytes[seal_bytes];
    crypto_generichash(bytes, sizeof bytes, reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                       reinterpret_cast<const unsigned char*>(key.data()), key.size());
    return {reinterpret_cast<const char*>(bytes), sizeof bytes};
}

/// Whether the seal is of the present key, or of the one before: a walk through a list outlives a rotation.
bool is_sealed(const Site& site, const std::string& purpose, std::string_view payload, const char* given) {
    for (const std::string& key : {site.key("cursor"), site.previous_key("cursor")})
        if (!key.empty() && sodium_memcmp(seal(key, purpose, payload).data(), given, seal_bytes) == 0)
            return true;
    return false;
}

[[noreturn]] void refuse() {
    const std::string sentence =
        "This cursor belongs to another list or ordering, or was changed. Begin again with an empty cursor.";
    throw Malformed("http.bad_cursor", sentence).with({{"cursor", sentence}});
}

}  // namespace

std::string seal_cursor(const Site& site, const Model& model, const std::vector<OrderKey>& order,
                        const Actor& who, const std::vector<std::optional<std::string>>& keys) {
    std::string payload;
    json::Writer writer(payload);
    writer.begin_array();
    for (const auto& key : keys) {
        if (key)
            writer.string(*key);
        else
            writer.null();
    }
    writer.end_array();
    return base64url(seal(site.key("cursor"), purpose_of(model, order, who), payload) + payload);
}

std::vector<std::optional<std::string>> open_cursor(const Site& site, const Model& model,
                                                    const std::vector<OrderKey>& order, const Actor& who,
                                                    std::string_view cursor) {
    if (cursor.size() > most_cursor) refuse();
    const std::string bytes = decode_base64url(cursor).value_or("");
    if (bytes.size() <= seal_bytes) refuse();
    const std::string_view payload = std::string_view(bytes).substr(seal_bytes);
    if (!is_sealed(site, purpose_of(model, order, who), payload, bytes.data())) refuse();
    std::vector<std::optional<std::string>> keys;
    const auto parsed = json::parse(payload);
    for (const auto& key : parsed.as_array()) {
        if (key.is_null())
            keys.emplace_back();
        else
            keys.emplace_back(std::string(key.as_string()));
    }
    if (keys.size() != order.size()) refuse();
    return keys;
}

std::string order_value(const Field& field, const std::string& operand) {
    if (field.type == &text_type()) return operand + " COLLATE \"und-x-icu\"";
    if (field.type != &choice_type()) return operand;
    return "array_position('{" + join(field.choices, ",") + "}'::text[], " + operand + ")";
}

std::string order_value(const OrderKey& key) {
    return order_value(*key.field, column_of(*key.field, "t"));
}

std::string direction_of(const OrderKey& key) {
    if (!key.descending) return {};
    return key.field->nullable ? " DESC NULLS LAST" : " DESC";
}

std::string order_clause(const std::vector<OrderKey>& order) {
    std::string clause;
    for (const OrderKey& key : order) {
        if (!clause.empty()) clause += ", ";
        clause += order_value(key) + direction_of(key);
    }
    return clause;
}

// What is nothing comes last whichever the direction is, so behind it there is only what follows in the next
// key.
std::string after_condition(const std::vector<OrderKey>& order,
                            const std::vector<std::optional<std::string>>& keys, db::Params& params) {
    std::string alternatives;
    std::string equal_so_far;
    for (std::size_t i = 0; i < order.size(); ++i) {
        const Field& field = *order[i].field;
        const std::string column = column_of(field, "t");
        const std::string value = keys[i] ? "$" + std::to_string(params.add(*keys[i])) +
                                                "::" + field.type->columns(field).front().type
                                          : std::string();
        std::string beyond;
        if (keys[i]) {
            beyond = order_value(field, column) + (order[i].descending ? " < " : " > ") +
                     order_value(field, value);
            if (field.nullable) beyond = "(" + beyond + " OR " + column + " IS NULL)";
        }
        if (!beyond.empty()) {
            if (!alternatives.empty()) alternatives += " OR ";
            alternatives += "(" + equal_so_far + beyond + ")";
        }
        equal_so_far += column + (keys[i] ? " = " + value : std::string(" IS NULL")) + " AND ";
    }
    return "(" + alternatives + ")";
}

}  // namespace tamiti
