#include <algorithm>
#include <set>
#include <stdexcept>

#include "core/model/token_grants.hpp"
#include "core/program/app.hpp"

namespace tamiti {

Scope Resource::visible_to(const Actor& who) const {
    if (who.is_system) return Scope::all();
    if (!token_allows(who, *this, "read")) return Scope::none();
    return access.view_in ? access.view_in(who, *registry) : access.view(who);
}

Registry::Registry(std::vector<App> apps) : apps_(std::move(apps)) {
    for (const App& app : apps_) {
        for (const Permission& permission : app.permissions) permissions_.add(permission);
        if (app.authenticate) {
            if (authenticate_) throw std::logic_error("two apps authenticate");
            authenticate_ = app.authenticate;
        }
    }
    for (const App& app : apps_) add_background(app);
    std::set<std::string> places;
    for (App& app : apps_) {
        for (Resource& resource : app.resources) {
            resource.registry = this;
            if (!resource.access.has_view())
                throw std::logic_error("the resource " + resource.path + " does not say who sees it");
            if (!resources_.emplace(resource.model, &resource).second)
                throw std::logic_error("the model " + resource.model->name + " is mounted twice");
            if (!places.insert(resource.path).second)
                throw std::logic_error("two resources at " + resource.path);
            models_.push_back(resource.model);
            for (const Field& field : resource.model->fields) {
                check_permission(field.rules.read, resource.model->name + "." + field.name);
                check_permission(field.rules.write, resource.model->name + "." + field.name);
            }
        }
        for (const Route& route : app.routes) {
            const std::string place = std::string(http::name_of(route.method)) + " " + route.path;
            if (route.access.kind == RouteAccess::Kind::undeclared)
                throw std::logic_error("the route " + place + " does not say who may call it");
            if (route.access.kind == RouteAccess::Kind::permission)
                check_permission(route.access.permission.c_str(), place);
            if (!places.insert(place).second) throw std::logic_error("two routes at " + place);
        }
    }
}

void Registry::add_background(const App& app) {
    for (const JobKind& kind : app.jobs)
        if (!jobs_.emplace(kind.name, &kind).second)
            throw std::logic_error("two jobs are named " + kind.name);
    for (const Listener& listener : app.listeners) {
        std::vector<const Listener*>& all = listeners_[listener.event];
        for (const Listener* other : all)
            if (other->name == listener.name)
                throw std::logic_error("two listeners are named " + listener.name);
        all.push_back(&listener);
    }
}

const JobKind* Registry::job_named(std::string_view name) const {
    const auto found = jobs_.find(name);
    return found == jobs_.end() ? nullptr : found->second;
}

const std::vector<const Listener*>& Registry::listeners_of(std::string_view event) const {
    static const std::vector<const Listener*> none;
    const auto found = listeners_.find(event);
    return found == listeners_.end() ? none : found->second;
}

void Registry::check_permission(const char* code, const std::string& where) const {
    if (code && !permissions_.knows(code))
        throw std::logic_error(where + " needs the permission " + code + ", which nobody declared");
}

const Resource* Registry::resource_of(const Model& model) const {
    const auto found = resources_.find(&model);
    return found == resources_.end() ? nullptr : found->second;
}

const Model* Registry::model_named(std::string_view name) const {
    const auto found =
        std::find_if(models_.begin(), models_.end(), [&](const Model* model) { return model->name == name; });
    return found == models_.end() ? nullptr : *found;
}

std::optional<Actor> Registry::authenticate(Site& site, const http::Request& request) const {
    if (!authenticate_) return std::nullopt;
    auto actor = authenticate_(site, request);
    if (!actor) return actor;
    actor->permissions = &permissions_;
    // A zone that was known when it was saved may have left the time zone database since.
    if (!is_time_zone(actor->time_zone)) actor->time_zone = site.time_zone;
    return actor;
}

std::vector<std::string> Registry::app_names() const {
    std::vector<std::string> names;
    for (const App& app : apps_)
        if (app.name != "core") names.push_back(app.name);
    return names;
}

}  // namespace tamiti
