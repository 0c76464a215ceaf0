#include "core/jobs/undecodable.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "core/base/json.hpp"

namespace tamiti::jobs {
namespace {

// What the program wrote itself may be empty where a client would have had to say something.
Shape lenient(const Shape& shape) {
    Shape copy = shape;
    for (Field& field : copy.fields) field.rules.required = false;
    return copy;
}

std::string missing_members(const Shape& shape, const boost::json::value& json) {
    std::string missing;
    if (const auto* object = json.if_object())
        for (const Field& field : shape.fields)
            if (!object->contains(field.name)) missing += " " + field.name + ": It is missing.";
    return missing;
}

}  // namespace

void read_stored(const Shape& shape, const std::string& json, const std::string& what, void* object) {
    std::string why;
    try {
        const auto parsed = json::parse(json);
        read_shape(lenient(shape), parsed, Actor::system(), object);
        why = missing_members(shape, parsed);
        if (why.empty()) return;
    } catch (const Problem& problem) {
        why = " " + problem.detail();
        for (const FieldError& error : problem.errors()) why += " " + error.field + ": " + error.message;
    }
    throw Undecodable(what + " can't be read." + why);
}

}  // namespace tamiti::jobs
