#pragma once

#include <boost/describe/members.hpp>
#include <boost/mp11/algorithm.hpp>
#include <string_view>

#include "core/model/describe.hpp"
#include "core/model/shape.hpp"

/// Reading a shape off a C++ type; included where verbs, jobs and events are declared.
namespace tamiti {

/// Rules of a shape's member; overload it beside the struct for limits: Rules rules_for(tag<LogIn>,
/// std::string_view).
template <class T>
Rules rules_for(tag<T>, std::string_view) {
    return {};
}

/// The shape of T: of its model, or of its members as BOOST_DESCRIBE_STRUCT lists them.
template <class T>
Shape shape_of() {
    Shape shape{.name = type_name<T>()};
    if constexpr (HasModel<T>) {
        shape.model = &model_of(tag<T>{});
    } else {
        using Members = boost::describe::describe_members<T, boost::describe::mod_public>;
        boost::mp11::mp_for_each<Members>([&](auto member) {
            constexpr auto pointer = decltype(member)::pointer;
            Rules rules = rules_for(tag<T>{}, member.name);
            Field made = field<pointer>(member.name, rules);
            const std::string& initial = made.default_stored;
            const bool is_nothing = initial.empty() || initial == Member<Uuid>::store(Uuid{}) ||
                                    initial == Member<Timestamp>::store(Timestamp{});
            made.rules.required =
                rules.required || (!made.nullable && made.type != &boolean_type() && is_nothing);
            made.json_key = "\"" + made.name + "\":";
            shape.fields.push_back(std::move(made));
        });
    }
    return shape;
}

}  // namespace tamiti
