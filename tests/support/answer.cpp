#include "tests/support/answer.hpp"

#include <gtest/gtest.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <charconv>

#include "core/base/json.hpp"
#include "core/base/text.hpp"
#include "core/http/message.hpp"

namespace tamiti::test {
namespace {

const boost::json::value* walk(const boost::json::value& from, std::string_view path) {
    const boost::json::value* at = &from;
    for (std::string_view part : split(path, '.')) {
        if (const auto* object = at->if_object()) {
            at = object->if_contains(boost::json::string_view(part.data(), part.size()));
        } else if (const auto* array = at->if_array()) {
            std::size_t index = 0;
            std::from_chars(part.data(), part.data() + part.size(), index);
            at = index < array->size() ? &(*array)[index] : nullptr;
        } else {
            at = nullptr;
        }
        if (!at) return nullptr;
    }
    return at;
}

std::string text_of(const boost::json::value& value) {
    if (const auto* text = value.if_string()) return std::string(text->data(), text->size());
    return json::text_of(value);
}

}  // namespace

boost::json::value Answer::json() const {
    return body.empty() ? boost::json::value() : json::parse(body);
}

std::string Answer::text(std::string_view path) const {
    const auto parsed = json();
    const auto* found = walk(parsed, path);
    return found ? text_of(*found) : std::string();
}

std::string Answer::header(std::string_view name) const {
    for (const auto& [key, value] : headers)
        if (http::equals_ignoring_case(key, name)) return value;
    return {};
}

std::vector<std::string> Answer::each(std::string_view member) const {
    std::vector<std::string> values;
    const auto parsed = json();
    const auto* results = walk(parsed, "results");
    if (!results || !results->is_array()) {
        ADD_FAILURE() << "not a list: " << status << " " << body;
        return values;
    }
    for (const auto& row : results->get_array()) {
        const auto* found = walk(row, member);
        values.push_back(found ? text_of(*found) : std::string());
    }
    return values;
}

std::vector<std::string> Answer::ids() const {
    return each("id");
}

std::int64_t Answer::count() const {
    const auto parsed = json();
    const auto* found = walk(parsed, "count");
    return found && found->is_int64() ? found->get_int64() : -1;
}

}  // namespace tamiti::test
