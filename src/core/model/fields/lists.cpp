#include "core/model/fields/lists.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "core/base/json.hpp"

namespace tamiti {
namespace {

/// Appends one element of an array's text as JSON; backslashes are PostgreSQL's escapes.
void append_element(std::string& out, std::string_view element) {
    if (element.find('\\') == element.npos) return json::append_string(out, element);
    std::string text;
    for (std::size_t i = 0; i < element.size(); ++i) {
        if (element[i] == '\\' && i + 1 < element.size()) ++i;
        text += element[i];
    }
    json::append_string(out, text);
}

/// The length of the first element of "a,b}" or "\"a\",\"b\"}", quotes included.
std::size_t element_length(std::string_view rest) {
    if (!rest.starts_with('"')) return std::min(rest.find_first_of(",}"), rest.size());
    for (std::size_t i = 1; i < rest.size(); ++i) {
        if (rest[i] == '\\')
            ++i;
        else if (rest[i] == '"')
            return i + 1;
    }
    return rest.size();
}

}  // namespace

std::optional<std::string> ListLike::accept(const Field& field, const boost::json::value& json,
                                            const std::string& path, Faults& faults) const {
    const auto* list = json.if_array();
    if (!list)
        return refuse(faults, path, "Must be a list of strings, not " + std::string(kind_of(json)) + ".");
    if (list->size() > limit(field)) {
        return refuse(faults, path,
                      "Must have at most " + std::to_string(limit(field)) + " elements, not " +
                          std::to_string(list->size()) + ".");
    }
    std::vector<std::string> kept;
    std::vector<std::string_view> sent;
    bool fine = true;
    for (std::size_t i = 0; i < list->size(); ++i) {
        const std::string element_path = path + "." + std::to_string(i);
        const auto text = read_string((*list)[i], element_path, faults);
        auto element = text ? read(field, *text, element_path, faults) : std::nullopt;
        const bool twice = text && std::find(sent.begin(), sent.end(), *text) != sent.end();
        if (element && twice) faults.add(element_path, "Must be in the list once only.");
        fine = fine && element && !twice;
        if (!fine) continue;
        sent.push_back(*text);
        // Two spellings of one value are one value.
        if (std::find(kept.begin(), kept.end(), *element) == kept.end()) kept.push_back(std::move(*element));
    }
    if (!fine) return std::nullopt;
    arrange(field, kept);
    return db::array_text(kept);
}

void ListLike::write_json(const Field&, std::string_view stored, std::string& out) const {
    out += '[';
    std::string_view rest = stored.substr(std::min<std::size_t>(1, stored.size()));
    for (bool first = true; !rest.empty() && rest.front() != '}';) {
        const std::size_t length = element_length(rest);
        std::string_view element = rest.substr(0, length);
        rest.remove_prefix(std::min(length + (rest.substr(length).starts_with(',') ? 1 : 0), rest.size()));
        if (element == "NULL") continue;
        if (element.size() > 1 && element.starts_with('"')) element = element.substr(1, element.size() - 2);
        if (!first) out += ',';
        first = false;
        append_element(out, element);
    }
    out += ']';
}

std::string ListLike::equals(const Field& field, std::string_view row, int parameter) const {
    return column_of(field, row) + " @> ARRAY[" + placeholder(parameter, element_type()) + "]";
}

std::string ListLike::one_of(const Field& field, std::string_view row, int parameter) const {
    return column_of(field, row) + " && " + placeholder(parameter, column_type(field));
}

boost::json::object ListLike::schema(const Field& field) const {
    boost::json::object schema{{"type", "array"}, {"items", element_schema(field)}, {"uniqueItems", true}};
    if (field.rules.required) schema["minItems"] = 1;
    schema["maxItems"] = limit(field);
    return schema;
}

std::string ListLike::example(const Field& field) const {
    if (field.rules.example) return json_example(field, "");
    std::string out = "[";
    json::append_string(out, element_example(field));
    return out += ']';
}

}  // namespace tamiti
