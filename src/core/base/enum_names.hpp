#pragma once

#include <boost/describe/enumerators.hpp>
#include <boost/mp11/algorithm.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

/// Enums that BOOST_DESCRIBE_ENUM describes, by the names of their values.
namespace tamiti {

/// The names of a described enum's values, in order.
template <class E>
std::vector<std::string> enum_names() {
    std::vector<std::string> names;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>(
        [&](auto d) { names.emplace_back(d.name); });
    return names;
}
/// The name of a value; empty where the enum has none for it.
template <class E>
std::string enum_name(E value) {
    std::string name;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>([&](auto d) {
        if (d.value == value) name = d.name;
    });
    return name;
}
/// The value of that name; std::out_of_range where there is none.
template <class E>
E enum_value(std::string_view name) {
    std::optional<E> found;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>([&](auto d) {
        if (name == d.name) found = d.value;
    });
    if (!found) throw std::out_of_range("no such choice: " + std::string(name));
    return *found;
}

}  // namespace tamiti
