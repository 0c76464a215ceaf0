#include "core/model/list_sheet.hpp"

#include <algorithm>

#include "core/base/text.hpp"
#include "core/db/params.hpp"
#include "core/model/derived.hpp"
#include "core/model/listing.hpp"
#include "core/model/member.hpp"
#include "core/model/row_names.hpp"

namespace tamiti {
namespace {

/// The order of all that a search finds, where no page is cut from it: what words find by its rank, and what
/// likeness finds in their place by that. `conditions` gets what has to match.
std::string order_of_whole(Listing& listing, const std::string& from, std::string& conditions) {
    const SearchClause words = listing.search;
    conditions = listing.where();
    if (listing.request.search.empty()) return listing.order;
    std::string rank = words.rank + " DESC, ";
    if (may_be_misspelt(listing.request.search)) {
        const SearchClause alike = search_clause(listing.request.search, Spelling::wrong, listing.params);
        const std::string any = "EXISTS (SELECT FROM " + from + listing.where() + ")";
        listing.search.condition =
            "(" + words.condition + " OR (NOT " + any + " AND " + alike.condition + "))";
        conditions = listing.where();
        rank += "CASE WHEN " + words.condition + " THEN 0 ELSE " + alike.rank + " END DESC, ";
    }
    return (listing.is_ranked ? rank : std::string()) + listing.order;
}

/// A field of the rows, in its column.
struct Listed {
    const Field* field;
    bool has_label = false;
    int record_model = -1;  ///< column with the name of the model, of a Record's row
};

std::vector<Listed> listed_fields(const Catalogue& catalogue, const std::vector<const Field*>& fields) {
    std::vector<Listed> all;
    for (const Field* field : fields) {
        Listed listed{.field = field};
        if (field->type == &row_type()) {
            const auto names_model = [&](const Field* other) {
                return other->record == field->record && other->type != &row_type();
            };
            const auto model = std::find_if(fields.begin(), fields.end(), names_model);
            listed.has_label = model != fields.end();
            listed.record_model = static_cast<int>(model - fields.begin());
        } else if (field->type == &reference_type() || field->type == &reference_list_type()) {
            listed.has_label = catalogue.resource_of(field->target()) != nullptr;
        }
        all.push_back(listed);
    }
    return all;
}

/// Makes lines of a list's rows.
class ListLines {
public:
    ListLines(const Catalogue& catalogue, const Actor& who, Timestamp now, std::vector<Listed> fields)
        : catalogue_(catalogue),
          names_(catalogue, who, now, RowNames::Form::label),
          fields_(std::move(fields)) {}

    std::vector<std::string> head() const {
        std::vector<std::string> head;
        for (const Listed& each : fields_) {
            add_head(*each.field, head);
            if (each.has_label) head.push_back(each.field->name + "_label");
        }
        return head;
    }

    void write(const db::Result& rows, db::Transaction& transaction, std::vector<Line>& lines) {
        for (const auto row : rows)
            for (std::size_t i = 0; i < fields_.size(); ++i)
                if (const Model* model = named_model(row, i))
                    for (const std::string& id : named_ids(row, i)) names_.want(*model, id);
        names_.look_up(transaction);
        for (const auto row : rows) {
            Line& line = lines.emplace_back();
            for (std::size_t i = 0; i < fields_.size(); ++i) {
                add_cells(*fields_[i].field, row.optional_text(static_cast<int>(i)), line);
                if (fields_[i].has_label) line.push_back(label(row, i));
            }
        }
    }

private:
    /// The model of the rows that a field names; nullptr where it names none.
    const Model* named_model(const db::Row& row, std::size_t i) const {
        const Listed& listed = fields_[i];
        if (!listed.has_label || row.is_null(static_cast<int>(i))) return nullptr;
        if (listed.record_model < 0) return &listed.field->target();
        return catalogue_.model_named(row.text(listed.record_model));
    }

    std::vector<std::string> named_ids(const db::Row& row, std::size_t i) const {
        const std::string_view stored = row.text(static_cast<int>(i));
        if (fields_[i].field->type->is_set()) return db::parse_array(stored);
        return {std::string(stored)};
    }

    Cell label(const db::Row& row, std::size_t i) const {
        const Model* model = named_model(row, i);
        if (!model) return {};
        std::vector<std::string> labels;
        for (const std::string& id : named_ids(row, i))
            if (const std::string* name = names_.find(*model, id)) labels.push_back(*name);
        if (labels.empty()) return {};
        return {.kind = Cell::Kind::text, .text = join(labels, between_labels)};
    }

    const Catalogue& catalogue_;
    RowNames names_;
    std::vector<Listed> fields_;
};

}  // namespace

Sheet list_sheet(const Catalogue& catalogue, const Resource& resource, const Actor& who,
                 const QueryPairs& query, Timestamp now, std::int64_t most) {
    refuse_in_sheet(query, {"page", "page_size", "cursor", "count", "expand", "can"});
    Listing listing = listing_of(catalogue, resource, who, query, Spelling::right);
    const std::string from = listing.from(listing.params);
    std::string where;
    const std::string order = order_of_whole(listing, from, where);
    const Output output(catalogue, resource, who, listing.request.selection, listing.params);
    const std::string counting =
        "SELECT count(*) FROM (SELECT FROM " + from + where + " LIMIT " + std::to_string(most + 1) + ") c";
    Sheet sheet;
    sheet.count_params = listing.params;
    sheet.count_sql = at_moment(counting, now, who, sheet.count_params);
    sheet.sql = at_moment("SELECT " + output.columns() + " FROM " + from + where + " ORDER BY " + order, now,
                          who, listing.params);
    sheet.params = std::move(listing.params);
    const auto lines =
        std::make_shared<ListLines>(catalogue, who, now, listed_fields(catalogue, output.fields()));
    sheet.head = lines->head();
    sheet.write = [lines](const db::Result& rows, db::Transaction& transaction, std::vector<Line>& made) {
        lines->write(rows, transaction, made);
    };
    return sheet;
}

}  // namespace tamiti
