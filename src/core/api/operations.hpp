#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/api/declared_route.hpp"
#include "core/model/resource.hpp"
#include "core/model/verb.hpp"

/// Everything that the installed apps answer under /api/v1, in one list: the generic operations of resources
/// and the verbs. The documentation, `tamiti routes` and the access tests walk over it.
namespace tamiti {

/// What every path begins with.
inline constexpr std::string_view api_root = "/api/v1";

struct Operation {
    http::Method method = http::Method::get;
    std::string path;             ///< below /api/v1, with parameters in braces: "/projects/{id}"
    std::string_view app{};       ///< the name of the app that answers it
    std::string_view no_token{};  ///< why no access token may call it; empty where its grants decide
    bool no_store = false;        ///< `RouteOptions::no_store`
    bool without_factor = false;  ///< `RouteOptions::without_factor`
    Verb verb = Verb::none;       ///< none for a route
    const Resource* resource = nullptr;
    const Route* route = nullptr;  ///< set where resource is not
    std::string summary;

    /// An identifier that clients can make function names of: "projects_list", "auth_token_post".
    std::string id() const;
    /// Who may call it, as `tamiti routes` says it: "anyone", "signed in", "projects.view_all", "scope view",
    /// and "scope verb" of a verb on one row.
    std::string access() const;
    bool is_for_anyone() const { return route && route->access.kind == RouteAccess::Kind::anyone; }
};

/// What one app answers, in the order of its declaration. `no_token` says why no access token may call any of
/// it; empty where its routes decide. What is given must outlive the operations.
std::vector<Operation> operations_of(std::string_view app, std::string_view no_token,
                                     const std::vector<Resource>& resources,
                                     const std::vector<Route>& routes);

/// The names in braces of a path, in order.
std::vector<std::string> path_parameters(std::string_view path);

}  // namespace tamiti
