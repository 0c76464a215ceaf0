#pragma once

#include <boost/json/fwd.hpp>
#include <string>

#include "core/program/app.hpp"

/// The documentation of the API as OpenAPI 3.1, read from what the apps declared. Nothing in it is written by
/// hand twice.
namespace tamiti {

struct OpenapiInfo {
    std::string title = "Tamiti Studio";
    std::string version = "1";
    std::string contact{};  ///< where questions go, an address of the web; none when empty
};

/// The document. The same registry gives the same bytes, so that a snapshot shows what a change does to the
/// API.
boost::json::object openapi(const Registry& registry, const OpenapiInfo& info = {});

/// The document as text: compact for clients, indented by two blanks for people and snapshots.
std::string openapi_text(const Registry& registry, const OpenapiInfo& info = {}, bool indented = false);

}  // namespace tamiti
