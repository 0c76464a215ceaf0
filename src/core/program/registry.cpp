#include "core/program/registry.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>

#include "core/api/settings_routes.hpp"
#include "core/model/stored_settings.hpp"

namespace tamiti {

Registry::Registry(std::vector<App> apps) : apps_(std::move(apps)) {
    for (const App& app : apps_) {
        for (const Permission& permission : app.permissions) permissions_.add(permission);
        if (app.authenticate) {
            if (authenticate_) throw std::logic_error("two apps authenticate");
            authenticate_ = app.authenticate;
        }
    }
    for (App& app : apps_) {
        add_background(app);
        add_resources(app);
        add_settings(app);
        add_routes(app);
    }
    add_operations();
}

void Registry::add_operations() {
    std::set<std::string> places;
    for (const App& app : apps_) {
        for (Operation& each : operations_of(app.name, app.no_token, app.resources, app.routes)) {
            const std::string place = std::string(http::name_of(each.method)) + " " + each.path;
            if (!places.insert(place).second) throw std::logic_error("two operations at " + place);
            operations_.push_back(std::move(each));
        }
    }
    for (const Operation& each : operations_)
        if (each.route) check_offer(*each.route);
}

void Registry::check_offer(const Route& route) const {
    if (route.options.offer.when.empty()) return;
    const auto resources = catalogue_.resources();
    const auto found = std::ranges::find_if(
        resources, [&](const Resource* each) { return route.path.starts_with(each->path + "/{id}/"); });
    if (found == resources.end())
        throw std::logic_error("the route " + route.path +
                               " is offered for rows, but is below no resource's");
    for (const auto& [filter, value] : route.options.offer.when)
        if (!(*found)->model->find(filter.substr(0, filter.find("__"))))
            throw std::logic_error("the route " + route.path + " is offered by " + filter +
                                   ", which is no field of " + (*found)->model->name);
}

void Registry::add_background(const App& app) {
    for (const JobKind& kind : app.jobs) jobs_.add(kind);
    for (const Schedule& schedule : app.schedules) jobs_.add(schedule);
    for (const Listener& listener : app.listeners) listeners_.add(listener);
}

void Registry::add_resources(App& app) {
    for (Resource& resource : app.resources) {
        resource.answers_tokens = app.no_token.empty();
        catalogue_.add(app.name, resource);
        for (const Field& field : resource.model->fields) {
            check_permission(field.rules.read, resource.model->name + "." + field.name);
            check_permission(field.rules.write, resource.model->name + "." + field.name);
            check_permission(field.rules.true_for, resource.model->name + "." + field.name);
        }
    }
}

void Registry::add_settings(App& app) {
    for (const StoredSettings* of : app.settings) {
        const std::string_view name = of->name;
        const bool is_apps = name.starts_with(app.name + ".");
        const std::string_view noun = is_apps ? name.substr(app.name.size() + 1) : std::string_view();
        if (noun.empty() || noun.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") != noun.npos)
            throw std::logic_error("the settings \"" + of->name + "\" of " + app.name + " are not called \"" +
                                   app.name + ".noun\"");
        if (std::ranges::count(settings_, of->name, &StoredSettings::name) > 0)
            throw std::logic_error("two settings are called " + of->name);
        settings_.push_back(of);
        for (const std::string* code : {&of->read, &of->change})
            if (!code->empty()) check_permission(code->c_str(), of->name);
        for (Route& route : api::settings_routes(*of)) app.routes.push_back(std::move(route));
    }
}

void Registry::add_routes(const App& app) {
    for (const Route& route : app.routes) {
        const std::string place = std::string(http::name_of(route.method)) + " " + route.path;
        if (route.access.kind == RouteAccess::Kind::undeclared)
            throw std::logic_error("the route " + place + " does not say who may call it");
        if (route.access.kind == RouteAccess::Kind::permission)
            check_permission(route.access.permission.c_str(), place);
        if (route.access.kind == RouteAccess::Kind::row) add_verb(route, place);
    }
}

void Registry::add_verb(const Route& route, const std::string& place) {
    constexpr std::string_view row = "/{id}/";
    const std::size_t at = route.path.find(row);
    std::string name = at == std::string::npos ? std::string() : route.path.substr(at + row.size());
    std::replace(name.begin(), name.end(), '-', '_');
    if (name.empty() || name.find('/') != std::string::npos)
        throw std::logic_error("the route " + place +
                               " is a verb on a row, so its path ends with /{id}/verb");
    catalogue_.add(*route.access.model, {std::move(name), route.access.rows});
}

void Registry::check_permission(const char* code, const std::string& where) const {
    if (code && !permissions_.knows(code))
        throw std::logic_error(where + " needs the permission " + code + ", which nobody declared");
}

void Registry::install(Site& site) const {
    site.registry = this;
    site.catalogue = &catalogue_;
    site.jobs = &jobs_;
    site.listeners = &listeners_;
    site.permissions = &permissions_;
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
