#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/access/scope.hpp"
#include "core/base/uuid.hpp"
#include "core/model/field.hpp"

/// Rows that are about a row of whichever model: comments, files. What they are about is a Record.
namespace tamiti {

struct Model;
struct RecordFields;
struct Resource;
class Catalogue;
class ReadTx;
class Tx;

/// A row of a model that carries others (Description::carries). As a member of a model or input it is
/// described by record<&Comment::on>("on"): two columns, two members of JSON and two filters, on_model and
/// on_row. The engine refuses what is no such row, or none that the actor sees, with a fault at one of them.
/// No foreign key can lead to it, so what is about a row that is purged is for its app to sweep away.
struct Record {
    std::string model{};  ///< "projects.project"
    Uuid row{};

    bool operator==(const Record&) const = default;
};

/// What a request says of the records whose rows it asks for; nothing where it doesn't.
struct RecordsNamed {
    std::string model{};  ///< only those of this model
    bool is_one = false;  ///< only those of one row of it
};

/// The fields on_model and on_row; what they read is the caller's to set.
std::vector<Field> record_fields(const std::string& name, const Rules& rules);

/// The Record of that name; nullptr where the model has none.
const RecordFields* record_named(const Model& model, std::string_view name);

/// Why rows of the model carry nothing, a sentence: there is no such model, or it doesn't say so. Empty where
/// they do.
std::string carrier_fault(const Catalogue& catalogue, std::string_view model);

/// The resource of the record's model. Throws Invalid at "<name>_model" where that carries nothing.
const Resource& carrier(ReadTx& tx, const Record& record, const std::string& name);

/// The refusal of a row that isn't there or not for the actor: the same sentence for both.
std::string not_seen(const Model& model);

/// Refuses (422) a record that the actor doesn't see, as the engine does where a model has it: for verbs.
void require_record(ReadTx& tx, const Actor& who, const Record& record, const std::string& name);

/// Asks the rule of the record's model (Rule::before_hung) before what hangs on it is made, changed, removed
/// or brought back; the engine does for its own writes, and verbs do for theirs.
void require_open_record(Tx& tx, const Actor& who, const Record& record);

/// Whether the actor sees the record; false where its model carries nothing.
bool sees(ReadTx& tx, const Actor& who, const Record& record);

/// Rows, of a model that has the Record, whose record the actor sees.
Scope of_visible_records(const Actor& who, const Catalogue& catalogue, const RecordFields& record,
                         const RecordsNamed& about);

/// What the filters of a list, all of which must hold, say of the records that its rows are seen with.
RecordsNamed records_named(const Resource& resource,
                           const std::vector<std::pair<std::string, std::string>>& filters);

}  // namespace tamiti
