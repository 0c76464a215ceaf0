#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/db/sql.hpp"
#include "core/model/console.hpp"
#include "core/model/field.hpp"
#include "core/model/types.hpp"

namespace tamiti {

/// Fields that are described together: FieldGroup converts from one field, and reusable groups hold several.
struct FieldGroup {
    std::vector<Field> fields{};
    FieldGroup(Field field) { fields.push_back(std::move(field)); }
    FieldGroup(std::vector<Field> several) : fields(std::move(several)) {}
};

/// A rule that the database keeps: a CHECK constraint named "<table>_<name>", or a trigger of that name which
/// raises the constraint's name (ERRCODE 'check_violation', CONSTRAINT '<table>_<name>').
struct Check {
    std::string name;
    std::string sql;      ///< of the constraint; of a trigger what it keeps, in words
    std::string message;  ///< the sentence a client gets
    std::string field{};  ///< that the message is shown at
    bool by_trigger =
        false;  ///< what no CHECK can say: it looks at other rows, or at what the row was before
};

/// Columns that are unique together: a constraint or unique index named "<table>_<name>".
struct Unique {
    std::string name;
    std::string message;
    std::string field;
};

/// The two fields of a Record: places among the fields of its model.
struct RecordFields {
    std::string name;  ///< "on" of on_model and on_row
    int model = -1;
    int row = -1;
};

/// A filter by rows of another table that refer to this model's: `?member=me` of projects.
struct FilterThrough {
    Field field{};            ///< its name, and how its value is read
    std::string condition{};  ///< with {row} for the row's alias and {value} for the value
};

/// A piece of what a row is called: text as it stands, or the value of a field.
struct LabelPart {
    std::string text{};
    int field = -1;  ///< its place among the fields; -1 for text
};

/// What is written of a model; `describe<T>` makes a Model of it.
struct Description {
    std::string table;
    std::string doc;
    std::vector<FieldGroup> fields;
    std::vector<Check> checks{};
    std::vector<Unique> unique{};
    std::string order = "id";          ///< default ordering, as in the API: "-created_at,name"
    std::vector<std::string> brief{};  ///< fields of the form that expansions embed; id is always among them
    Console console{};
    std::string
        person{};  ///< the field that says whose personal fields these are, or "id" of a person's own row
    /// The name in the OpenAPI document, where the noun in CamelCase is another model's: "FinanceAccount".
    std::string schema{};
    /// The reference by which most people reach the rows, as scopes of seen<T>(who, within) do: a search of
    /// everything keeps it beside the words, so that who sees little looks at little.
    std::string within = "id";
    /// Filters that a list has which has none on their field: {{"archived", "false"}}.
    std::vector<std::pair<std::string, std::string>> unless_asked{};
    /// Filters that no column has. Whoever sees a row may ask of it what they ask.
    std::vector<FilterThrough> filters{};
    /// Whether other rows may be about rows of this model: comments, files, whatever has a Record.
    bool carries = false;
    /// What a row is called: a field, or fields in a text, "{code} {name}". Whoever sees the row may read
    /// them. Without it the first text of the brief form.
    std::string label{};
    std::vector<std::string>
        label_search{};  ///< texts by which people find a row; those of the label without it
};

/// What stands for the version and the time of change of a row, for people who can't read all of it.
struct SeenFields {
    Field version;
    Field updated_at;
};

/// A model: the one description that SQL, JSON, validation, filters, documentation and console are read from.
struct Model {
    std::string name;  ///< "projects.project"
    std::string app;   ///< "projects"
    std::string noun;  ///< "project"
    std::string table;
    std::string doc;
    std::vector<Field> fields;
    std::vector<Check> checks;
    std::vector<Unique> unique;
    std::string order;
    std::vector<int> brief;
    Console console;
    std::string schema;
    std::string within;
    std::vector<std::pair<std::string, std::string>> unless_asked;
    std::vector<FilterThrough> filters{};
    bool carries = false;
    std::vector<LabelPart> label{};
    std::vector<int> label_search{};
    std::vector<RecordFields> records{};
    Sql columns{};  ///< select list of every field in its order, of the row aliased t; NULL for derived ones
    std::string insertion{};  ///< insertion_of(*this, 1), which every create is sent with
    int id = -1, version = -1, created_at = -1, updated_at = -1,
        deleted_at = -1;  ///< positions of well-known fields
    int person = -1;  ///< of the field that says whose personal fields these are; -1 where none are personal
    bool searchable = false;
    std::vector<std::string> guards{};  ///< permissions that fields need to be read, each once
    std::vector<SeenFields> seen{};     ///< of each set of guards but all of them; see seen.hpp

    /// A field, nullptr when there is none.
    const Field* find(std::string_view field_name) const;
    /// Its place among the fields, -1 when there is none.
    int position_of(std::string_view field_name) const;
    int position_of(const Field& field) const { return static_cast<int>(&field - fields.data()); }
    const Field& field(std::string_view field_name) const;  ///< throws std::logic_error when there is none

    // Made by describe<T>: rows as C++ objects.
    std::unordered_map<std::string, int> positions{};
};

/// "INSERT INTO … AS t (…) VALUES ($1, …), …" of so many rows: each column of each field that has one, in
/// order.
std::string insertion_of(const Model& model, std::size_t rows);

/// Checks a description and completes it. Faults (two fields of one name, a filter that a type doesn't have,
/// a member without a field) throw std::logic_error: they are the programmer's.
Model make_model(std::string name, Description description, std::size_t members);

}  // namespace tamiti
