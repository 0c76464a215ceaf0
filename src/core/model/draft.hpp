#pragma once

#include <boost/json/fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/access/actor.hpp"
#include "core/db/error.hpp"
#include "core/model/model.hpp"
#include "core/model/tx.hpp"
#include "core/model/verb.hpp"

/// Rows on their way in: JSON is checked against the description and kept as stored text, one value a field.
namespace tamiti {

class Catalogue;

/// The values of one row and which of them the client gave.
struct Draft {
    const Model* model = nullptr;
    std::vector<std::optional<std::string>> values{};
    std::vector<bool> given{};

    std::optional<std::string>& operator[](int field) { return values[static_cast<std::size_t>(field)]; }
    const std::optional<std::string>& operator[](int field) const {
        return values[static_cast<std::size_t>(field)];
    }
};

/// A draft with the model's initial values.
Draft initial_draft(const Model& model);

/// A row that is to be new: with an id where it has none, the time and the first version.
Draft new_draft(const Model& model, const void* row, Timestamp now);

/// Takes the members of a JSON object over into the draft. Everything wrong is reported at once: a body that
/// isn't an object, unknown or read-only members (400), members that need a permission the actor lacks (403),
/// values (422). The verb is create, replace or change.
void take(Draft& draft, const boost::json::value& body, const Actor& who, Verb verb);
/// The same, but gives back what is wrong with values, for who can say what else is wrong.
std::vector<FieldError> take_sound(Draft& draft, const boost::json::value& body, const Actor& who, Verb verb);

/// Draft to row object and back, for rules written in C++.
void to_row(const Draft& draft, void* row);
void from_row(Draft& draft, const void* row);

/// Positions of the fields in which two drafts differ, of those that have a column.
std::vector<int> differences(const Draft& before, const Draft& after);

/// Adds a row's values, as insertion_of() counts them.
void bind(const Draft& draft, db::Params& params);

/// "column = $n, …" that gives a field's columns a value.
std::string assignment(const Field& field, const std::optional<std::string>& stored, db::Params& params);

/// "UPDATE … AS t SET … WHERE id = …" with its values; those of derived fields aren't asked for.
std::string update_statement(const Draft& draft, const std::vector<int>& fields, const Uuid& id,
                             db::Params& params);

/// The row locked: its fields in their order, then whether it lies in `may`. No row where it isn't in
/// `visible`. Both are asked of the row as it is once it is locked.
Sql lock_statement(const Model& model, const Uuid& id, const Scope& visible, const Scope& may);

/// Refuses (422) references, and records, that don't exist or that the actor can't see. Asks the database
/// once for all, with the next statement of the transaction: the refusal is thrown from there, before
/// anything else that statement answers or fails with. tx.transaction().settle() asks at once. Answers
/// whether there is anything to ask.
bool check_references(Tx& tx, const Draft& draft, const std::vector<int>& fields, const Actor& who);

/// Turns the violation of a constraint into a problem that names the field, with the sentence that the
/// description gives; what no description knows keeps the general answer of its kind. Throws; returns only
/// where the error is a bug.
void explain(const Catalogue& catalogue, const db::Error& error);

}  // namespace tamiti
