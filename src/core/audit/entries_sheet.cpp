#include "core/audit/entries.hpp"
#include "core/audit/entry.hpp"
#include "core/base/text.hpp"
#include "core/model/member.hpp"

namespace tamiti::audit {
namespace {

constexpr Expansion everything{.actor = true, .row = true, .changes = true};

/// Makes lines of entries, one for each field that changed and one where none did.
class EntryLines {
public:
    EntryLines(const Catalogue& catalogue, const Actor& who, Detail detail, Timestamp now)
        : catalogue_(catalogue),
          who_(who),
          detail_(detail),
          people_(person_model(catalogue)),
          names_(catalogue, who, now, RowNames::Form::label) {}

    std::vector<std::string> head() const {
        std::vector<std::string> head;
        if (detail_ == Detail::log) head = {"id", "at", "model", "row", "row_label"};
        if (detail_ != Detail::log) head = {"at"};
        head.insert(head.end(), {"verb", "actor", "actor_label"});
        if (detail_ != Detail::history) head.insert(head.end(), {"address", "request", "via"});
        head.insert(head.end(), {"field", "before", "before_label", "after", "after_label"});
        return head;
    }

    void write(const db::Result& rows, db::Transaction& transaction, std::vector<Line>& lines) {
        std::vector<Entry> entries;
        for (const auto row : rows) {
            entries.emplace_back(row, catalogue_, who_);
            entries.back().want(everything, people_, names_);
        }
        names_.look_up(transaction);
        for (const Entry& entry : entries) {
            const Line begun = origin(entry);
            if (entry.changes().empty()) lines.push_back(with_change(begun, {}));
            for (const Change& change : entry.changes()) lines.push_back(with_change(begun, change));
        }
    }

private:
    static Cell text(std::string_view given) {
        if (given.empty()) return {};
        return {.kind = Cell::Kind::text, .text = std::string(given)};
    }

    Cell label(const Model* model, std::string_view id) const {
        const std::string* name = model ? names_.find(*model, id) : nullptr;
        return name ? text(*name) : Cell{};
    }

    /// What all lines of an entry begin with.
    Line origin(const Entry& entry) const {
        const db::Row& row = entry.row();
        Line line;
        if (detail_ == Detail::log)
            line.push_back({.kind = Cell::Kind::number, .text = std::string(row.text(column::id))});
        line.push_back({.kind = Cell::Kind::moment, .text = entry.time()});
        if (detail_ == Detail::log) {
            line.push_back(text(model_name(catalogue_, row.text(column::table))));
            line.push_back(text(row.text(column::row)));
            line.push_back(label(entry.model(), row.text(column::row)));
        }
        line.push_back(text(row.text(column::verb)));
        line.push_back(text(row.text(column::actor)));
        line.push_back(label(people_, row.text(column::actor)));
        if (detail_ != Detail::history)
            for (const int place : {column::address, column::request, column::via})
                line.push_back(text(row.text(place)));
        return line;
    }

    Line with_change(Line line, const Change& change) const {
        line.push_back(text(change.name));
        for (std::size_t side = 0; side < 2; ++side) {
            std::vector<std::string> labels;
            for (const std::string& id : change.ids(side))
                if (const std::string* name = names_.find(*change.names[side], id)) labels.push_back(*name);
            line.push_back(change.name.empty() ? Cell{} : cell_of_json(change.field, change.values[side]));
            line.push_back(text(join(labels, between_labels)));
        }
        return line;
    }

    const Catalogue& catalogue_;
    Actor who_;
    Detail detail_;
    const Model* people_;
    RowNames names_;
};

}  // namespace

Sheet entries_sheet(const Catalogue& catalogue, const Actor& who, Detail detail, Timestamp now) {
    const auto lines = std::make_shared<EntryLines>(catalogue, who, detail, now);
    Sheet sheet;
    sheet.head = lines->head();
    sheet.write = [lines](const db::Result& rows, db::Transaction& transaction, std::vector<Line>& made) {
        lines->write(rows, transaction, made);
    };
    return sheet;
}

Sql lines_counted(const Sql& entries, std::int64_t most) {
    return {R"(SELECT count(*) FROM (SELECT FROM (SELECT e.changes {}) AS e
                                     LEFT JOIN LATERAL jsonb_object_keys(e.changes) AS c ON true
                                     LIMIT {}) AS lines)",
            entries, most + 1};
}

}  // namespace tamiti::audit
