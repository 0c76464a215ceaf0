#pragma once

#include <boost/describe/members.hpp>
#include <boost/mp11/algorithm.hpp>

#include "core/model/describe.hpp"
#include "core/model/shape.hpp"

/// Reading a shape off a C++ type; included where verbs, jobs and events are declared.
namespace tamiti {

/// A type that says beside itself what its shape is: const Shape& shape_of(tag<LogIn>), made by input() or
/// answer() of core/model/input.hpp.
template <class T>
concept HasShape = requires {
    shape_of(tag<T>{});
};

/// The shape of T: what is described of it, its model, or its members as BOOST_DESCRIBE_STRUCT lists them.
template <class T>
Shape shape_of() {
    if constexpr (HasShape<T>) {
        return shape_of(tag<T>{});
    } else if constexpr (HasModel<T>) {
        return {.name = type_name<T>(), .model = &model_of(tag<T>{})};
    } else {
        Shape shape{.name = type_name<T>()};
        using Members = boost::describe::describe_members<T, boost::describe::mod_public>;
        boost::mp11::mp_for_each<Members>([&](auto member) {
            shape.fields.push_back(field<decltype(member)::pointer>(member.name));
            shape.fields.back().json_key = "\"" + shape.fields.back().name + "\":";
        });
        require_what_is_nothing(shape);
        return shape;
    }
}

}  // namespace tamiti
