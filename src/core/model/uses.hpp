#pragma once

#include <boost/describe/class.hpp>
#include <string>
#include <vector>

#include "core/model/catalogue.hpp"
#include "core/model/shape.hpp"
#include "core/model/tx.hpp"

/// Where a row is used: which rows refer to it, by whichever reference, list of references or Record of any
/// model. Only rows that the actor sees are counted and shown, by fields that they may read.
namespace tamiti {

constexpr int most_counted_uses = 101;  ///< so many mean "more than a hundred"

/// A row that refers to the one in question.
struct UsingRow {
    Uuid id{};
    std::string label{};  ///< what people call it
    std::string path{};   ///< below the root of the API, which write_uses() puts before it
};
BOOST_DESCRIBE_STRUCT(UsingRow, (), (id, label, path))

/// The rows that refer to it by one field.
struct Use {
    std::string model{};           ///< "projects.project"
    std::string field{};           ///< "client"; of a Record its name, "on"
    int count = 0;                 ///< at most most_counted_uses
    std::vector<UsingRow> rows{};  ///< the first five
};
BOOST_DESCRIBE_STRUCT(Use, (), (model, field, count, rows))

/// What GET …/{id}/uses answers.
struct Uses {
    std::vector<Use> uses{};
};
BOOST_DESCRIBE_STRUCT(Uses, (), (uses))

/// Which references are asked.
enum class Referring : unsigned char {
    all,
    restricting,  ///< those alone for which a row can't be removed
};

/// The uses of a row, in the order of the models and their fields; without those that nobody makes.
std::vector<Use> uses_of(ReadTx& tx, const Actor& who, const Model& model, const Uuid& id,
                         Referring referring = Referring::all);

/// The shape of that answer.
const Shape& uses_shape();

/// Appends `{"uses": […]}` of a row that the actor sees; another is a 404. `root` is what paths begin with.
void write_uses(ReadTx& tx, const Resource& resource, const Actor& who, const Uuid& id, std::string_view root,
                std::string& out);

/// Whether rows of the model can be kept from being removed by others that refer to them.
bool is_restricted(const Catalogue& catalogue, const Model& model);

/// The refusal to remove a row that others refer to: it names those that the actor sees, and says otherwise
/// no more than that it is in use.
Problem still_in_use(ReadTx& tx, const Actor& who, const Model& model, const Uuid& id);

}  // namespace tamiti
