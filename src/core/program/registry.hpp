#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/api/operations.hpp"
#include "core/events/listeners.hpp"
#include "core/jobs/kinds.hpp"
#include "core/model/catalogue.hpp"
#include "core/program/app.hpp"

namespace tamiti {

/// Everything that the apps declared, checked and indexed. Faults throw std::logic_error at start: a route
/// without access, two routes at one place, a permission that nobody declared.
class Registry {
public:
    explicit Registry(std::vector<App> apps);
    Registry(const Registry&) = delete;  // its indexes know where the apps are
    Registry& operator=(const Registry&) = delete;

    const std::vector<App>& apps() const { return apps_; }
    const Permissions& permissions() const { return permissions_; }
    const Catalogue& catalogue() const { return catalogue_; }
    const JobKinds& jobs() const { return jobs_; }
    const Listeners& listeners() const { return listeners_; }
    /// All that is answered under /api/v1, in the order of declaration.
    const std::vector<Operation>& operations() const { return operations_; }

    /// What the apps declare of that type, in their order.
    template <class T>
    std::vector<const T*> declared() const {
        std::vector<const T*> found;
        for (const App& app : apps_)
            for (const Declaration& declaration : app.declares)
                if (const T* one = declaration.as<T>()) found.push_back(one);
        return found;
    }

    /// The settings of the apps, in their order.
    const std::vector<const StoredSettings*>& settings() const { return settings_; }

    /// Gives a site what is declared here; the registry must outlive it.
    void install(Site& site) const;

    std::optional<Actor> authenticate(Site& site, const http::Request& request) const;
    /// Without the engine, whose migrations come first in any case.
    std::vector<std::string> app_names() const;

private:
    void add_resources(App& app);
    void add_settings(App& app);
    void add_routes(const App& app);
    void add_verb(const Route& route, const std::string& place);
    void add_background(const App& app);
    void add_operations();
    void check_offer(const Route& route) const;
    void check_permission(const char* code, const std::string& where) const;

    std::vector<App> apps_;
    Permissions permissions_{};
    Catalogue catalogue_{};
    JobKinds jobs_{};
    Listeners listeners_{};
    std::vector<const StoredSettings*> settings_{};
    std::vector<Operation> operations_{};
    std::optional<Actor> (*authenticate_)(Site&, const http::Request&) = nullptr;
};

}  // namespace tamiti
