#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/access/scope.hpp"
#include "core/http/message.hpp"
#include "core/model/shape.hpp"

namespace tamiti {

struct Call;

/// Who may call a route at all. What it does with rows is its verb's affair, unless it is a verb on one row
/// (`on` in core/api/route.hpp): then who may do that to which rows is said here, too.
struct RouteAccess {
    enum class Kind : unsigned char { undeclared, anyone, signed_in, permission, row };
    Kind kind = Kind::undeclared;
    std::string permission{};
    const Model* model = nullptr;           ///< of the row
    Scope (*rows)(const Actor&) = nullptr;  ///< that it may be done to, of those that the actor sees
};
inline RouteAccess anyone() {
    return {.kind = RouteAccess::Kind::anyone};
}
inline RouteAccess signed_in() {
    return {.kind = RouteAccess::Kind::signed_in};
}
inline RouteAccess needs(std::string permission) {
    return {.kind = RouteAccess::Kind::permission, .permission = std::move(permission)};
}

/// How a console offers a verb on a row.
struct Offer {
    /// Asked before it is done, where it can't be undone.
    std::string confirm{};
    /// What a row is like for which it makes sense, in filters of the list: {{"completed_at__isnull",
    /// "true"}}.
    std::vector<std::pair<std::string, std::string>> when{};
    bool one_by_one = false;  ///< not for many rows at once
};

/// What a verb takes that reads rows of a spreadsheet: each column fills a field of the model.
struct SheetColumns {
    const Model* model = nullptr;
    std::vector<std::string> fields{};
    int most_rows = 0;
    const Model* batch = nullptr;  ///< of the row that stays of a spreadsheet; its id is in the answer
};

/// What else is said of a route, each by its name: {.problems = {"projects.archived"}, .status = 202}.
struct RouteOptions {
    std::vector<std::string> problems{};  ///< codes that the verb may answer beyond the general ones
    int status = 0;                       ///< of the answer; 0 is 204 where there is nothing to say, else 200
    /// The request or its answer holds a secret: no cache keeps the answer, and no Idempotency-Key is heeded,
    /// which would keep both.
    bool no_store = false;
    /// Why a personal access token can't call it whatever its grants are, as a sentence; empty where it can.
    std::string no_token{};
    /// The verb counts by itself who may ask how often, so that strangers at an address don't use up what its
    /// people need to get in: not with the requests of the address.
    bool own_limits = false;
    /// Answers what is for the person alone to know: not for who looks as them.
    bool for_oneself = false;
    /// Media types of a body that is bytes and no JSON; the verb reads them from its Call. None: JSON.
    std::vector<std::string> takes{};
    /// The body is a file of at most so many bytes (Request::file), and what else the verb takes stands in
    /// the address; 0 where the body is JSON. See upload() in core/api/route.hpp.
    std::size_t takes_file = 0;
    /// May be called by who must set up a second factor and hasn't yet.
    bool without_factor = false;
    Offer offer{};
    SheetColumns sheet{};
};

/// A verb mounted at a path; made by get, post, patch, put and delete_ in core/api/route.hpp.
struct Route {
    http::Method method = http::Method::get;
    std::string path;
    std::string summary;
    RouteAccess access{};
    RouteOptions options{};
    int status = 200;  ///< of the answer
    std::optional<Shape> input{};
    std::optional<Shape> output{};
    std::function<void(Call&)> run{};
    std::function<void(Call&)> before_file{};  ///< refuses before a file is read what it can
    bool takes_text = false;                   ///< its path parameters are texts (Call::texts), not ids
};

}  // namespace tamiti
