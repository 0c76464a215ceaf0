#include "core/api/operations.hpp"

#include "core/api/bulk.hpp"
#include "core/base/text.hpp"
#include "core/model/trash.hpp"
#include "core/model/verb_names.hpp"

#include <algorithm>

namespace tamiti {
namespace {

/// What an id ends with.
std::string_view ending_of(Verb verb) {
    if (verb == Verb::remove) return "delete";
    if (verb == Verb::summary) return "get";
    return verb == Verb::bulk ? "post" : name_of(verb);
}

void add_resource(const Operation& common, const Resource& resource, std::vector<Operation>& all) {
    const std::string rows = words_of(resource.path);
    const std::string row = words_of(resource.model->noun);
    const std::string one = resource.path + "/{id}";
    const auto add = [&](http::Method method, const std::string& path, Verb verb, std::string summary) {
        Operation& made = all.emplace_back(common);
        made.method = method;
        made.path = path;
        made.verb = verb;
        made.resource = &resource;
        made.summary = std::move(summary);
    };
    const Access& access = resource.access;
    if (access.view) add(http::Method::get, resource.path, Verb::list, "List " + rows + ".");
    if (access.view)
        add(http::Method::get, resource.path + "/summary", Verb::summary,
            "Count " + rows + " in groups, and add up what they have.");
    if (access.create) add(http::Method::post, resource.path, Verb::create, "Create a new " + row + ".");
    if (access.view) add(http::Method::get, one, Verb::read, "Read one " + row + ".");
    if (access.change) add(http::Method::put, one, Verb::replace, "Replace one " + row + ".");
    if (access.change) add(http::Method::patch, one, Verb::change, "Change parts of one " + row + ".");
    if (access.remove) add(http::Method::delete_, one, Verb::remove, "Delete one " + row + ".");
    if (access.view)
        add(http::Method::get, one + "/history", Verb::history, "See what was changed in one " + row + ".");
    if (access.view) add(http::Method::get, one + "/uses", Verb::uses, "See where one " + row + " is used.");
    if (has_trash(resource))
        add(http::Method::post, one + "/restore", Verb::restore,
            "Bring one " + row + " back from the trash.");
    if (api::takes_bulk(resource))
        add(http::Method::post, resource.path + "/bulk", Verb::bulk,
            "Create, change and remove many " + rows + ".");
}

}  // namespace

std::string Operation::id() const {
    std::string text;
    for (const char letter : path) {
        if (letter == '{' || letter == '}') continue;
        if (letter == '/' && text.empty()) continue;
        text += letter == '/' || letter == '-' || letter == '.' ? '_' : letter;
    }
    if (!resource) return text + "_" + lower(http::name_of(method));
    if (const std::size_t id = text.find("_id"); path.find("{id}") != path.npos) text.resize(id);
    return text + "_" + std::string(ending_of(verb));
}

std::string Operation::access() const {
    if (route) {
        switch (route->access.kind) {
            case RouteAccess::Kind::anyone:
                return "anyone";
            case RouteAccess::Kind::signed_in:
                return "signed in";
            case RouteAccess::Kind::permission:
                return route->access.permission;
            case RouteAccess::Kind::row:
                return "scope verb";
            case RouteAccess::Kind::undeclared:
                return "undeclared";
        }
    }
    switch (verb) {
        case Verb::create:
            return "scope create";
        case Verb::replace:
        case Verb::change:
            return "scope change";
        case Verb::remove:
        case Verb::restore:
            return "scope remove";
        case Verb::bulk:
            return "scope each";
        default:
            return "scope view";
    }
}

std::vector<Operation> operations_of(std::string_view app, std::string_view no_token,
                                     const std::vector<Resource>& resources,
                                     const std::vector<Route>& routes) {
    const Operation common{.app = app, .no_token = no_token};
    std::vector<Operation> all;
    for (const Resource& resource : resources) add_resource(common, resource, all);
    for (const Route& route : routes) {
        Operation& made = all.emplace_back(common);
        made.method = route.method;
        made.path = route.path;
        made.route = &route;
        made.summary = route.summary;
        if (!route.options.no_token.empty()) made.no_token = route.options.no_token;
        made.no_store = route.options.no_store;
        made.without_factor = route.options.without_factor;
    }
    return all;
}

std::vector<std::string> path_parameters(std::string_view path) {
    std::vector<std::string> names;
    for (std::size_t open = path.find('{'); open != std::string_view::npos; open = path.find('{', open + 1)) {
        const std::size_t close = path.find('}', open);
        if (close == std::string_view::npos) break;
        names.emplace_back(path.substr(open + 1, close - open - 1));
    }
    return names;
}

}  // namespace tamiti
