#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <initializer_list>
#include <iosfwd>
#include <string>

namespace tamiti::test {

/// Parts of bodies; in braces the empty ones need their names: {{"query", Object{}}, {"tags", Array{}}}.
using Value = boost::json::value;
using Object = boost::json::object;
using Array = boost::json::array;

/// The members of both; where both have one, that of the second.
Object joined(Object first, const Object& second);

/// What a request sends, written as JSON in braces: {{"name", "Cut"}, {"tags", {"film"}}, {"due_on",
/// nullptr}}. As in boost::json braces are an object where each part is a pair that begins with text, and an
/// array where not; nothing in them is an empty object.
class Body {
public:
    Body() : text_("{}") {}
    Body(std::initializer_list<boost::json::value_ref> json);
    Body(const Value& json);
    Body(const Object& json);
    Body(const Array& json);

    /// Text as it is, for what JSON in braces can't say: no JSON, names that stand twice, numbers in other
    /// forms.
    static Body raw(std::string text);
    /// A request without a body.
    static Body none() { return raw({}); }

    const std::string& text() const { return text_; }

private:
    std::string text_;
};

std::ostream& operator<<(std::ostream& out, const Body& body);

}  // namespace tamiti::test
