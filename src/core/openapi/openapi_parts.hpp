#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/openapi/openapi.hpp"

/// What the files of the OpenAPI writer share; nothing else includes it.
namespace tamiti::openapi_parts {

using boost::json::array;
using boost::json::object;
using boost::json::value;

/// The document while it is made. A component is added when the first operation refers to it, so none is
/// unused.
struct Parts {
    const Documented& documented;
    object& schemas;
    object& parameters;
    object& responses;
};

// openapi_schemas.cpp: what bodies look like.

/// A reference to a component: {"$ref": "#/components/schemas/Project"}.
object reference(std::string_view kind, std::string_view name);

/// Rows as they are answered, in a list, in another row's expansion, and as they are sent.
object row_schema(Parts& parts, const Model& model);
object page_schema(Parts& parts, const Model& model);
object brief_schema(Parts& parts, const Model& model);
object input_schema(Parts& parts, const Model& model, Verb verb);

/// The input or output of a verb.
object shape_schema(Parts& parts, std::string_view app, const Shape& shape, bool is_input);

/// The name of a model's schema: its noun in CamelCase, with the app before it where an earlier model has
/// that noun.
std::string schema_name(const Catalogue& catalogue, const Model& model);

/// Sentences about a field beyond its schema: help, permissions.
std::string about(const Field& field, bool is_input);

/// Fields whose expansion embeds another row, as `expand` names them: "owner", "project.client".
std::vector<std::string> expandable(const Catalogue& catalogue, const Model& model, int depth);

// openapi_bulk.cpp: many operations in one body, and what became of each.

object bulk_schema(Parts& parts, const Resource& resource);
object bulk_answer(Parts& parts, const Model& model);

// openapi_parameters.cpp: what paths, queries and headers carry.

array list_parameters(Parts& parts, const Model& model);
array read_parameters(Parts& parts, const Model& model);
array history_parameters(Parts& parts);
array verb_parameters(Parts& parts, const Route& route);
object path_parameter(Parts& parts, const std::string& name);
object if_match(Parts& parts);
object idempotency_key(Parts& parts);

// openapi_problems.cpp: what can go wrong.

/// Adds the problems of those statuses to an operation's responses; `codes` are the verb's own.
void add_problems(Parts& parts, object& responses, std::vector<int> statuses,
                  const std::vector<std::string>& codes = {});

// openapi_paths.cpp

object operation(Parts& parts, const Operation& operation);

}  // namespace tamiti::openapi_parts
