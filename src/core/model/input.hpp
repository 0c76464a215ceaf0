#pragma once

#include <boost/pfr/core.hpp>
#include <string>
#include <utility>
#include <vector>

#include "core/model/describe.hpp"
#include "core/model/shape.hpp"

/// Describing what verbs take and answer; included by the .cpp files beside whose verbs it is described.
namespace tamiti {

namespace shape_parts {

/// Where each member of the row lies, in the order of the struct.
template <class T>
std::vector<const void*> members_of(const T& row) {
    std::vector<const void*> members;
    boost::pfr::for_each_field(row, [&](const auto& member) { members.push_back(&member); });
    return members;
}

/// Throws std::logic_error where the fields aren't those members, each once (a Record is two fields) and
/// under a name of its own.
Shape described(std::string name, std::vector<FieldGroup> groups, const void* row,
                const std::vector<const void*>& members);

}  // namespace shape_parts

/// The shape of an answer whose members need a word for the documentation; a struct without any is listed by
/// BOOST_DESCRIBE_STRUCT alone. A forgotten member throws std::logic_error with its place.
template <class T>
Shape answer(std::vector<FieldGroup> fields) {
    const T row{};
    return shape_parts::described(type_name<T>(), std::move(fields), &row, shape_parts::members_of(row));
}

/// The shape of an input, described as models are, beside its verb:
///
///     const Shape& shape_of(tag<LogIn>) {
///         static const Shape shape =
///             input<LogIn>({field<&LogIn::username>("username", {.max_length = 254}),
///                           field<&LogIn::code>("code", {.max_length = 40})});
///         return shape;
///     }
///
/// Its header declares that function after the struct. What may be left out has an initial value in the
/// struct, is optional or a boolean; every other member is required. A forgotten member throws
/// std::logic_error with its place.
template <class T>
Shape input(std::vector<FieldGroup> fields) {
    Shape shape = answer<T>(std::move(fields));
    require_what_is_nothing(shape);
    return shape;
}

}  // namespace tamiti
