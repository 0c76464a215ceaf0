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

}  // namespace tamiti
