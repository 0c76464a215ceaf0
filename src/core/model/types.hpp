#pragma once

#include <compare>
#include <string>
#include <vector>

/// Value types of model members whose rules differ from plain text.
namespace tamiti {

/// Text of one kind; the kind picks the field type.
template <class Kind>
struct Text {
    std::string text{};

    auto operator<=>(const Text&) const = default;
    bool empty() const { return text.empty(); }
};

using LongText = Text<struct LongTextKind>;  ///< several paragraphs
using Email = Text<struct EmailKind>;
using Phone = Text<struct PhoneKind>;  ///< E.164
using Url = Text<struct UrlKind>;
using TimeZone = Text<struct TimeZoneKind>;  ///< IANA name

/// Free words for grouping, lower-case, each once.
struct Tags {
    std::vector<std::string> names{};
    bool operator==(const Tags&) const = default;
};

/// A JSON document, compact text.
struct Json {
    std::string text = "{}";
    bool operator==(const Json&) const = default;
};

/// Selects an overload for a type: model_of(tag<Task>{}).
template <class T>
struct tag {};

template <class T>
concept HasModel = requires {
    model_of(tag<T>{});
};

/// The name of a type without its namespaces.
template <class T>
std::string type_name() {
    std::string name = __PRETTY_FUNCTION__;  // "… [with T = tamiti::auth::LogIn; …]"
    name = name.substr(name.find("T = ") + 4);
    name = name.substr(0, name.find_first_of(";]"));
    return name.substr(name.rfind(':') + 1);
}

}  // namespace tamiti
