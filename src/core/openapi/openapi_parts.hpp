#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/openapi/openapi.hpp"
#include "core/openapi/openapi_components.hpp"

/// What the files of the OpenAPI writer share; nothing else includes it.
namespace tamiti::openapi_parts {

using boost::json::array;
using boost::json::object;
using boost::json::value;

/// The document while it is made.
struct Parts {
    const Documented& documented;
    Components& components;
    std::string_view app{};  ///< whose operation is being described
};

// openapi_schemas.cpp: what bodies look like.

/// A reference to a component: {"$ref": "#/components/schemas/Project"}.
object reference(std::string_view kind, std::string_view name);

/// Rows as they are answered, in a list, in another row's expansion, and as they are sent.
object row_schema(Parts& parts, const Model& model);
object page_schema(Parts& parts, const Model& model);
object brief_schema(Parts& parts, const Model& model);
object input_schema(Parts& parts, const Model& model, Verb verb);

/// The input or output of a verb of that app.
object shape_schema(Parts& parts, std::string_view app, const Shape& shape, bool is_input);

/// The name of a model's schema: what its description says, or its noun in CamelCase.
std::string schema_name(const Model& model);

/// "created_at" to "CreatedAt".
std::string camel(std::string_view text);

Components::Owner owner_of(const Model& model);

/// Sentences about a field beyond its schema: help, permissions.
std::string about(const Field& field, bool is_input);

/// Fields whose expansion embeds another row, as `expand` names them: "owner", "project.client".
std::vector<std::string> expandable(const Catalogue& catalogue, const Model& model, int depth);

// openapi_bulk.cpp: many operations in one body, and what became of each.

object bulk_schema(Parts& parts, const Resource& resource);
object bulk_answer(Parts& parts, const Model& model);

// openapi_parameters.cpp: what paths, queries and headers carry.

array list_parameters(Parts& parts, const Model& model);
array summary_parameters(Parts& parts, const Model& model);
array read_parameters(Parts& parts, const Model& model);
array history_parameters(Parts& parts);
array verb_parameters(Parts& parts, const Route& route);
object path_parameter(Parts& parts, const std::string& name);
object if_match(Parts& parts);
object idempotency_key(Parts& parts);

// openapi_problems.cpp: what can go wrong.

/// Codes that several operations may answer beyond the general ones: their responses are components whose
/// names end with `name`, as "ConflictProject".
struct SharedCodes {
    std::string name;
    Components::Owner owner;
    std::vector<std::string> codes;
};

/// Adds the problems of those statuses to an operation's responses, as references to components; only what is
/// one verb's own, `codes`, stands there itself.
void add_problems(Parts& parts, object& responses, std::vector<int> statuses,
                  const std::vector<std::string>& codes = {});
void add_problems(Parts& parts, object& responses, std::vector<int> statuses, const SharedCodes& shared);

// openapi_paths.cpp

object operation(Parts& parts, const Operation& operation);

}  // namespace tamiti::openapi_parts
