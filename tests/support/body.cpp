#include "tests/support/body.hpp"

#include <ostream>

#include "core/base/json.hpp"

namespace tamiti::test {

Object joined(Object first, const Object& second) {
    for (const auto& [name, value] : second) first[name] = value;
    return first;
}

Body::Body(std::initializer_list<boost::json::value_ref> json) : Body(Value(json)) {}
Body::Body(const Value& json) : text_(json::text_of(json)) {}
Body::Body(const Object& json) : Body(Value(json)) {}
Body::Body(const Array& json) : Body(Value(json)) {}

Body Body::raw(std::string text) {
    Body body;
    body.text_ = std::move(text);
    return body;
}

std::ostream& operator<<(std::ostream& out, const Body& body) {
    return out << body.text();
}

}  // namespace tamiti::test
