#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/access/actor.hpp"
#include "core/access/scope.hpp"
#include "core/base/problem_codes.hpp"
#include "core/events/listener.hpp"
#include "core/http/message.hpp"
#include "core/jobs/declaration.hpp"
#include "core/model/model.hpp"
#include "core/model/shape.hpp"
#include "core/model/tx.hpp"

/// What an app says of itself in its app.cpp.
namespace tamiti {

class Registry;
struct Call;

/// Which rows of a resource exist for an actor, and what the actor may do with them. An operation without a
/// rule is not offered. Not in `view` is 404; in `view` but not in `change` or `remove` is 403. `create` is
/// the scope that a new row must lie in; a changed row must lie in `change` before and after.
struct Access {
    Scope (*view)(const Actor&) = nullptr;
    Scope (*create)(const Actor&) = nullptr;
    Scope (*change)(const Actor&) = nullptr;
    Scope (*remove)(const Actor&) = nullptr;

    /// In place of `view` where it depends on what the actor sees of other resources, as of comments on any
    /// record.
    Scope (*view_in)(const Actor&, const Registry&) = nullptr;

    bool has_view() const { return view || view_in; }
};

/// What an app adds to generic writes; both run inside the transaction. `before` is null on create.
template <class T>
struct Rule {
    void (*before_save)(Tx&, const Actor&, T& next, const T* before) = nullptr;
    void (*after_save)(Tx&, const Actor&, const T& now, const T* before) = nullptr;
    void (*before_remove)(Tx&, const Actor&, const T& row) = nullptr;
};

/// A model mounted at a path: list, read, create, patch, delete.
struct Resource {
    std::string path;  ///< "/tasks"
    const Model* model = nullptr;
    Access access;
    const Registry* registry = nullptr;  ///< that it is installed in

    /// The rows that exist for the actor; those in the trash among them.
    Scope visible_to(const Actor& who) const;

    // The typed rules, behind functions over row objects.
    std::function<std::shared_ptr<void>()> make_row{};
    std::function<void(Tx&, const Actor&, void* next, const void* before)> before_save{};
    std::function<void(Tx&, const Actor&, const void* now, const void* before)> after_save{};
    std::function<void(Tx&, const Actor&, const void* row)> before_remove{};
};

template <class T>
Resource resource(std::string path, Access access, Rule<T> rule = {}) {
    Resource made{.path = std::move(path), .model = &model_of(tag<T>{}), .access = access};
    made.make_row = [] { return std::static_pointer_cast<void>(std::make_shared<T>()); };
    if (rule.before_save)
        made.before_save = [rule](Tx& tx, const Actor& who, void* next, const void* before) {
            rule.before_save(tx, who, *static_cast<T*>(next), static_cast<const T*>(before));
        };
    if (rule.after_save)
        made.after_save = [rule](Tx& tx, const Actor& who, const void* now, const void* before) {
            rule.after_save(tx, who, *static_cast<const T*>(now), static_cast<const T*>(before));
        };
    if (rule.before_remove)
        made.before_remove = [rule](Tx& tx, const Actor& who, const void* row) {
            rule.before_remove(tx, who, *static_cast<const T*>(row));
        };
    return made;
}

/// Who may call a route at all; what the route does with rows is its verb's affair.
struct RouteAccess {
    enum class Kind : unsigned char { undeclared, anyone, signed_in, permission };
    Kind kind = Kind::undeclared;
    std::string permission{};
};
inline RouteAccess anyone() {
    return {RouteAccess::Kind::anyone, {}};
}
inline RouteAccess signed_in() {
    return {RouteAccess::Kind::signed_in, {}};
}
inline RouteAccess needs(std::string permission) {
    return {RouteAccess::Kind::permission, std::move(permission)};
}

/// A verb mounted at a path; made by get, post, patch, put and delete_ in core/api/route.hpp.
struct Route {
    http::Method method = http::Method::get;
    std::string path;
    std::string summary;
    RouteAccess access{};
    int status = 200;
    std::optional<Shape> input{};
    std::optional<Shape> output{};
    std::function<void(Call&)> run{};
    std::vector<std::string> problems{};  ///< codes that the verb may answer beyond the general ones
    /// Why a personal access token can't call it whatever its grants are, as a sentence; empty where it can.
    std::string no_token{};
};

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

/// Rows that somebody must answer for: what a person leaves behind who goes. `open` is a condition over bare
/// column names that tells work still to be done from history: {&model_of(tag<Task>{}), "owner",
/// "completed_at IS NULL"}.
struct Responsibility {
    const Model* model = nullptr;
    std::string field{};  ///< a reference, or list of references, to a user
    std::string open = "true";
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
    std::vector<ProblemKind> problems{};  ///< what its verbs may answer beyond the engine's own
    std::string no_token{};               ///< `Route::no_token` for all that the app answers

    /// Adds the app's part of the demo studio; the same rows every time.
    void (*seed)(Tx&) = nullptr;

    /// Makes a person unrecognisable in the app's rows and keeps what others need (sums, history); runs when
    /// a person's data are erased.
    void (*erase)(Tx&, const Uuid& person) = nullptr;

    /// Finds out who asks; nothing for a request without credentials, a Problem (401) for bad ones. One app
    /// has it.
    std::optional<Actor> (*authenticate)(Site&, const http::Request&) = nullptr;
};

/// The engine's own part and the installed apps in their order; defined in apps.cpp.
std::vector<App> installed_apps();

/// Everything that the apps declared, checked and indexed. Faults throw std::logic_error at start: a route
/// without access, two routes at one place, a permission that nobody declared.
class Registry {
public:
    explicit Registry(std::vector<App> apps);
    Registry(const Registry&) = delete;  // its resources know where it is
    Registry& operator=(const Registry&) = delete;

    const std::vector<App>& apps() const { return apps_; }
    const Permissions& permissions() const { return permissions_; }
    const std::vector<const Model*>& models() const { return models_; }

    /// The resource of a model, or nullptr where it has none.
    const Resource* resource_of(const Model& model) const;
    const Model* model_named(std::string_view name) const;
    const JobKind* job_named(std::string_view name) const;  ///< nullptr where no app has it
    /// The listeners of an event, in the order of the apps.
    const std::vector<const Listener*>& listeners_of(std::string_view event) const;
    std::optional<Actor> authenticate(Site& site, const http::Request& request) const;
    /// Without the engine, whose migrations come first in any case.
    std::vector<std::string> app_names() const;

private:
    void check_permission(const char* code, const std::string& where) const;
    void add_background(const App& app);
    std::vector<App> apps_;
    Permissions permissions_{};
    std::vector<const Model*> models_{};
    std::map<const Model*, const Resource*> resources_{};
    std::map<std::string, const JobKind*, std::less<>> jobs_{};
    std::map<std::string, std::vector<const Listener*>, std::less<>> listeners_{};
    std::optional<Actor> (*authenticate_)(Site&, const http::Request&) = nullptr;
};

}  // namespace tamiti
