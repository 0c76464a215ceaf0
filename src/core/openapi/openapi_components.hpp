#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace tamiti::openapi_parts {

/// What operations share by name: schemas, parameters and responses. One is there once an operation refers to
/// it, so that none is unused, and belongs to the app that it speaks of, or to the engine.
class Components {
public:
    using object = boost::json::object;

    /// Whose a component is: an app, and what of it as a sentence has it: "the model crm.account".
    struct Owner {
        std::string app;
        std::string what;
    };
    static Owner engine() { return {"core", "the engine"}; }
    static Owner of_struct(std::string_view app, const std::string& name, bool is_input) {
        return {std::string(app), "the struct " + name + " that the app " + std::string(app) +
                                      (is_input ? " takes" : " answers")};
    }

    /// A reference to the component of that kind ("schemas") and name: {"$ref": "…"}. Where it isn't there
    /// yet, `make` makes it; it may refer to itself meanwhile. A name that another owner's component has is a
    /// std::logic_error with a sentence that names both.
    object refer(const std::string& kind, const std::string& name, const Owner& owner,
                 const std::function<object()>& make);

    /// The same for what is made already and may come from several owners: equal text is the same component.
    object refer_to(const std::string& kind, const std::string& name, const Owner& owner, object made);

    /// A reference to the schema of a struct. Where the app answers and takes a struct, and the two differ,
    /// the later of them is called "OrderInput" or "OrderAnswer".
    object refer_to_struct(std::string_view app, const std::string& name, bool is_input, object made);

    /// All of them or those of one app, by kind and in the order of their names; nothing of a kind that has
    /// none.
    object json(std::string_view app = {}) const;

private:
    struct Component {
        Owner owner;
        boost::json::value json;
    };
    [[noreturn]] static void refuse(const std::string& name, const Owner& first, const Owner& second);
    std::map<std::string, std::map<std::string, Component>> by_kind_{};
};

}  // namespace tamiti::openapi_parts
