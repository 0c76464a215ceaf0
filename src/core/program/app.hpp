#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/access/permissions.hpp"
#include "core/api/declared_route.hpp"
#include "core/base/problem_codes.hpp"
#include "core/events/listener.hpp"
#include "core/jobs/declaration.hpp"
#include "core/model/resource.hpp"
#include "core/program/declaration.hpp"

/// What an app says of itself in its app.cpp.
namespace tamiti {

struct StoredSettings;

/// A command of the program: `tamiti createsuperuser --username ada`.
struct Command {
    struct Option {
        std::string name;
        std::string help;
        bool required = false;
        bool flag = false;
        bool positional = false;  ///< given by its place, without "--name": `tamiti jobs show ID`
    };
    std::string name;  ///< "createsuperuser"; two words are a command of a group: "jobs list"
    std::string help;
    std::vector<Option> options{};
    std::function<int(Site&, const std::map<std::string, std::string>&)> run{};
};

/// An app's table of contents.
struct App {
    std::string name;
    std::string doc;
    std::vector<Resource> resources{};
    std::vector<Route> routes{};
    std::vector<Permission> permissions{};
    std::vector<Command> commands{};
    std::vector<JobKind> jobs{};
    std::vector<Schedule> schedules{};
    std::vector<Listener> listeners{};
    std::vector<Responsibility> responsibilities{};
    std::vector<Declaration> declares{};            ///< for other apps to read
    std::vector<const StoredSettings*> settings{};  ///< that people change: core/model/stored_settings.hpp
    std::vector<ProblemKind> problems{};            ///< what its verbs may answer beyond the engine's own
    std::string no_token{};                         ///< `RouteOptions::no_token` for all that the app answers

    /// Adds what a studio of any kind begins with, such as its departments; what is there already stays as it
    /// is.
    void (*seed_basics)(Tx&) = nullptr;

    /// Adds the app's part of the demo studio, those basics among it; the same rows every time.
    void (*seed)(Tx&) = nullptr;

    /// Makes a person unrecognisable in what the descriptions of the app's models don't call personal, and in
    /// rows that aren't mounted; keeps what others need (sums, history). Runs when a person's data are
    /// erased.
    void (*erase)(Tx&, const Uuid& person) = nullptr;

    /// Finds out who asks; nothing for a request without credentials, a Problem (401) for bad ones. One app
    /// has it.
    std::optional<Actor> (*authenticate)(Site&, const http::Request&) = nullptr;
};

/// The engine's own part and the installed apps in their order; defined in apps.cpp.
std::vector<App> installed_apps();

}  // namespace tamiti
