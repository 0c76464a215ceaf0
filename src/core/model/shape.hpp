#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <utility>
#include <vector>

#include "core/access/actor.hpp"
#include "core/model/model.hpp"

namespace tamiti {

/// The fields of an input, an answer, a job's arguments or an event: for decoding, encoding and the
/// documentation. `shape_of<T>()` reads it off a described struct or a model; inputs are described by hand
/// (core/model/input.hpp).
struct Shape {
    std::string name;              ///< "LogIn"; schema name in OpenAPI
    const Model* model = nullptr;  ///< set where the shape is a model's row
    bool is_list = false;
    std::vector<Field> fields{};  ///< where it is not a model

    const std::vector<Field>& members() const { return model ? model->fields : fields; }
};

/// Makes every field required that holds nothing to begin with: no optional, no boolean, and no text, amount,
/// id or time of its own.
void require_what_is_nothing(Shape& shape);

/// Fills the members of `row` from a JSON object. Everything that is wrong is told at once: unknown members
/// are a Malformed, values that won't do an Invalid, each with the members named.
void read_shape(const Shape& shape, const boost::json::value& json, const Actor& who, void* row);

/// The same from the parameters of an address.
void read_shape(const Shape& shape, const std::vector<std::pair<std::string, std::string>>& query,
                const Actor& who, void* row);

/// Appends `row` as a JSON object; of a model's row only what the actor may read.
void write_shape(const Shape& shape, const Actor& who, const void* row, std::string& out);

}  // namespace tamiti
