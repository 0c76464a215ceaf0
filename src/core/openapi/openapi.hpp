#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/access/permissions.hpp"
#include "core/api/operations.hpp"
#include "core/base/problem_codes.hpp"
#include "core/model/catalogue.hpp"

/// The documentation of the API as OpenAPI 3.1, read from what the apps declared. Nothing in it is written by
/// hand twice.
namespace tamiti {

struct OpenapiInfo {
    std::string title = "Tamiti Studio";
    std::string version = "1";
    std::string contact{};  ///< where questions go, an address of the web; none when empty
};

/// What the document is made from. What it refers to must outlive it.
struct Documented {
    /// Operations that belong together: an app.
    struct Chapter {
        std::string name;
        std::string doc;
    };
    const std::vector<Operation>& operations;
    const Catalogue& catalogue;
    const Permissions& permissions;
    std::vector<Chapter> chapters{};
    std::vector<ProblemKind> problems{};  ///< beyond the engine's own
};

/// The document. The same declarations give the same bytes, so that a snapshot shows what a change does to
/// the API. Two models, or structs, whose components would have one name are a std::logic_error that names
/// both.
boost::json::object openapi(const Documented& documented, const OpenapiInfo& info = {});

/// What one app adds to the document: the paths that it answers, and the components that speak of its models
/// and structs. The parts of all apps together are the document's paths and components; what all share is
/// the engine's part, "core".
boost::json::object openapi_part(const Documented& documented, std::string_view app);

/// The document as text, compact as clients get it.
std::string openapi_text(const Documented& documented, const OpenapiInfo& info = {});

/// JSON indented by two blanks, for people and snapshots; what is short and has nothing nested is one line.
std::string indented_text(const boost::json::value& document);

}  // namespace tamiti
