#pragma once

#include <memory>
#include <string>
#include <string_view>
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

/// The plan of one answer: made per request, used for each row.
class Output {
public:
    /// Unknown or unreadable names in the selection are a Problem (400) that names those which exist.
    Output(const Catalogue& catalogue, const Resource& resource, const Actor& who, const Selection& selection,
           db::Params& params);

    /// Select list, without SELECT: the row is aliased t.
    const std::string& columns() const { return columns_; }
    /// LEFT JOINs of the expansions, empty without any.
    const std::string& joins() const { return joins_; }
    /// The row's own fields in the order of their columns, which are the first.
    std::vector<const Field*> fields() const;
    int column_count() const { return count_; }
    int version_column() const { return version_column_; }

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

    void add_columns(Part& part, const std::string& alias, const std::vector<const Field*>& fields);
    void add_expansion(Part& part, const Model& model, const std::string& alias, std::string_view path,
                       int depth);
    void join_target(Item& item, const Resource& target, const std::string& alias);
    void join_list(Item& item, const Resource& target, const std::string& alias);
    std::vector<const Field*> brief_of(const Resource& target) const;
    void write_part(const Part& part, const db::Row& row, std::string& out) const;
    static void write_list(const Part& part, std::string_view rows, std::string& out);
    int add_column(const Field& field, const std::string& alias);
    int add_rights(const Resource& resource, bool in_trash);

    const Catalogue& catalogue_;
    const Actor& who_;
    db::Params& params_;
    std::string columns_{};
    std::string joins_{};
    int count_ = 0;
    int joined_ = 0;
    int version_column_ = -1;
    int can_column_ = -1;  // of what the actor may do to the row; -1 where nobody asked
    Part root_{};
};

/// Names of the model's fields that the actor may see, for messages.
std::vector<std::string> readable_names(const Model& model, const Actor& who);

}  // namespace tamiti
