#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/access/actor.hpp"
#include "core/access/scope.hpp"
#include "core/db/result.hpp"
#include "core/model/catalogue.hpp"
#include "core/model/model.hpp"

/// How rows leave: which columns a statement selects for an actor and how a row of the result becomes JSON,
/// written straight into the response. Field permissions are applied here and nowhere else.
namespace tamiti {

/// Whether the actor may see the field at all.
inline bool readable(const Field& field, const Actor& who) {
    return !field.rules.read || who.can(field.rules.read);
}

/// The rows of a resource's table that the actor sees, as something to select from: a table name or a
/// bracketed subquery. Rows in the trash are left out.
Sql visible_rows(const Resource& resource, const Actor& who);

/// The same with another scope.
Sql scoped_rows(const Model& model, const Scope& scope);

/// The rows that are shown in brief where a row that the actor sees refers to them (Access::named).
Sql named_rows(const Resource& resource, const Actor& who);

/// The rows of a scope, told one by one whether they are in it, and for which `kept` is true. The planner
/// takes the CASE of it for half of the table, so it goes along an index of something else (an ordering,
/// words, another filter), as it does for who sees everything. `ids` are what reached rows refer to.
Sql walked_rows(const Model& model, const Scope& scope, const Sql& kept, const Sql& ids);

/// Visible rows in that form.
Sql walked_rows(const Resource& resource, const Actor& who);

/// What a client asked to see.
struct Selection {
    std::vector<std::string> fields{};  ///< empty: all
    std::vector<std::string> expand{};  ///< "owner", "project.client", "people"
    bool trash = false;                 ///< rows in the trash instead of the others
    bool can = false;                   ///< with each row, what the actor may do to it
    RecordsNamed about{};               ///< which records the rows are about, where a filter says it
};

/// The plan of one answer: which columns are read, and how a row becomes JSON. That of all fields, without
/// anything expanded, is made once for each set of fields that an actor may see.
class Output {
public:
    /// Unknown or unreadable names in the selection are a Problem (400) that names those which exist.
    Output(const Catalogue& catalogue, const Resource& resource, const Actor& who, const Selection& selection,
           db::Params& params);

    /// Select list, without SELECT: the row is aliased t.
    const std::string& columns() const { return plan_->columns; }
    /// LEFT JOINs of the expansions, empty without any.
    const std::string& joins() const { return plan_->joins; }
    /// The row's own fields in the order of their columns, which are the first.
    std::vector<const Field*> fields() const;
    int column_count() const { return plan_->count; }
    int version_column() const { return plan_->version_column; }

    /// Appends the row as a JSON object.
    void write(const db::Row& row, std::string& out) const;

private:
    struct Part;
    struct Item {
        const Field* field;
        int column;
        std::unique_ptr<Part> expansion;
    };
    struct Part {
        std::vector<Item> items;
        std::string alias = "t";
        int id_column = -1;    // of an expansion: null where the row isn't visible
        int list_column = -1;  // of an expanded list: its rows as JSON, in which the columns of items count
    };
    struct Plan {
        std::string columns{};
        std::string joins{};
        int count = 0;
        int version_column = -1;
        int can_column = -1;  // of what the actor may do to the row; -1 where nobody asked
        Part root{};
    };
    class Planning;

    static void write_part(const Part& part, const db::Row& row, std::string& out);
    static void write_list(const Part& part, std::string_view rows, std::string& out);

    std::shared_ptr<const Plan> plan_;

    friend class PlainOutputs;
};

/// The plans of all fields that were made before, by the model and the fields that can be seen. Shared by
/// threads.
class PlainOutputs {
public:
    using Plan = std::shared_ptr<const Output::Plan>;

    /// nullptr where none was kept.
    Plan find(const Model& model, const std::string& seen) const;
    void keep(const Model& model, const std::string& seen, Plan plan);

private:
    mutable std::mutex mutex_{};
    std::map<std::pair<const Model*, std::string>, Plan> plans_{};
};

/// Refuses (400 "http.unknown_<parameter>") a name in a parameter, with those that exist.
[[noreturn]] void refuse_name(const std::string& parameter, std::string_view name,
                              const std::vector<std::string>& known);

/// Names of the model's fields that the actor may see, for messages.
std::vector<std::string> readable_names(const Model& model, const Actor& who);

}  // namespace tamiti
