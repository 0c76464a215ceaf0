#include "core/openapi/openapi_components.hpp"

#include <boost/json.hpp>
#include <stdexcept>

#include "core/openapi/openapi_parts.hpp"

namespace tamiti::openapi_parts {

object Components::refer(const std::string& kind, const std::string& name, const Owner& owner,
                         const std::function<object()>& make) {
    const auto [found, is_new] = by_kind_[kind].try_emplace(name, Component{owner, nullptr});
    if (is_new) {
        Component& component = found->second;
        component.json = make();
    } else if (found->second.owner.what != owner.what) {
        refuse(name, found->second.owner, owner);
    }
    return reference(kind, name);
}

object Components::refer_to(const std::string& kind, const std::string& name, const Owner& owner,
                            object made) {
    const auto [found, is_new] = by_kind_[kind].try_emplace(name, Component{owner, made});
    if (!is_new && found->second.json != value(made)) refuse(name, found->second.owner, owner);
    return reference(kind, name);
}

object Components::refer_to_struct(std::string_view app, const std::string& name, bool is_input,
                                   object made) {
    const auto& schemas = by_kind_["schemas"];
    const auto other = schemas.find(name);
    const bool goes_both_ways = other != schemas.end() && other->second.json != value(made) &&
                                other->second.owner.what == of_struct(app, name, !is_input).what;
    const std::string called = goes_both_ways ? name + (is_input ? "Input" : "Answer") : name;
    return refer_to("schemas", called, of_struct(app, name, is_input), std::move(made));
}

void Components::refuse(const std::string& name, const Owner& first, const Owner& second) {
    throw std::logic_error("The OpenAPI document would have two components named " + name + ": of " +
                           first.what + " and of " + second.what +
                           ". Give the later model a name of its own with .schema in its Description, as "
                           "\"FinanceAccount\"; rename the later struct.");
}

object Components::json(std::string_view app) const {
    object made;
    for (const auto& [kind, components] : by_kind_) {
        object of_kind;
        for (const auto& [name, component] : components)
            if (app.empty() || component.owner.app == app) of_kind.emplace(name, component.json);
        if (!of_kind.empty()) made.emplace(kind, std::move(of_kind));
    }
    return made;
}

}  // namespace tamiti::openapi_parts
