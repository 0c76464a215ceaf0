#include "core/audit/entry.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "core/base/json.hpp"
#include "core/base/time.hpp"
#include "core/base/uuid.hpp"
#include "core/model/member.hpp"
#include "core/model/output.hpp"

namespace tamiti::audit {
namespace {

/// One value as the trail keeps it: text of a JSON value and what kind of value that is.
struct Recorded {
    std::string kind{};
    std::string text{};
    bool is_null() const { return kind.empty() || kind == "null"; }
};

struct RecordedChange {
    std::string name{};
    std::array<Recorded, 2> values{};  // before and after
};

/// Reads what entry_columns has of the changes: [["name", "string", "Film", "string", "Short"], …].
std::vector<RecordedChange> recorded_in(std::string_view listed) {
    std::vector<RecordedChange> found;
    if (listed.empty()) return found;
    const json::value changes = json::parse(listed);
    for (const json::value& each : changes.as_array()) {
        const json::array& parts = each.as_array();
        const auto text = [&](std::size_t place) {
            const auto* given = parts[place].if_string();
            return given ? std::string(given->data(), given->size()) : std::string();
        };
        found.push_back({text(0), {Recorded{text(1), text(2)}, Recorded{text(3), text(4)}}});
    }
    return found;
}

const RecordedChange* named(const std::vector<RecordedChange>& changes, std::string_view name) {
    const auto found = std::ranges::find(changes, name, &RecordedChange::name);
    return found == changes.end() ? nullptr : &*found;
}

/// jsonb keeps times as "2026-02-03T10:00:00.5+00:00".
std::string in_utc(std::string text) {
    constexpr std::string_view offset = "+00:00";
    if (text.ends_with(offset)) text.replace(text.size() - offset.size(), offset.size(), "Z");
    return text;
}

std::string json_of(const Field* field, const Recorded& value) {
    std::string json;
    if (value.is_null()) return "null";
    if (value.kind == "string") {
        const bool is_time = field && field->type == &timestamp_type();
        json::append_string(json, is_time ? in_utc(value.text) : value.text);
    } else if (value.kind == "number" && field) {
        field->type->write_json(*field, value.text, json);
    } else {
        return value.text;
    }
    return json;
}

// An amount is kept apart from its currency, and shown with it.
void join_money(Recorded& amount, const RecordedChange* currency, std::size_t side) {
    if (amount.kind != "number") return;
    if (!currency || currency->values[side].kind != "string")
        amount.kind = "null";
    else
        amount.text += " " + currency->values[side].text;
}

/// The model whose row a value names; nullptr where it names none.
const Model* model_named_by(const Catalogue& catalogue, const Field& field,
                            const std::vector<RecordedChange>& changes, std::size_t side) {
    if (field.type == &reference_type() || field.type == &reference_list_type()) return &field.target();
    if (field.type != &row_type()) return nullptr;
    const RecordedChange* model = named(changes, field.record + "_model");
    return model ? catalogue.model_named(model->values[side].text) : nullptr;
}

std::vector<Change> readable_changes(const Model& model, const Catalogue& catalogue, const Actor& who,
                                     const std::vector<RecordedChange>& recorded) {
    std::vector<Change> changes;
    for (const Field& field : model.fields) {
        const RecordedChange* found = readable(field, who) ? named(recorded, field.name) : nullptr;
        if (!found) continue;
        Change& change = changes.emplace_back(Change{.name = field.name, .field = &field});
        for (std::size_t side = 0; side < 2; ++side) {
            Recorded value = found->values[side];
            if (field.type == &money_type())
                join_money(value, named(recorded, field.name + "_currency"), side);
            change.values[side] = json_of(&field, value);
            change.names[side] = model_named_by(catalogue, field, recorded, side);
        }
    }
    return changes;
}

}  // namespace

std::vector<std::string> Change::ids(std::size_t side) const {
    std::vector<std::string> found;
    if (!names[side] || values[side] == "null") return found;
    const json::value value = json::parse(values[side]);
    const auto add = [&](const json::value& one) {
        const auto* text = one.if_string();
        if (text && Uuid::parse(std::string_view(text->data(), text->size()))) found.emplace_back(*text);
    };
    if (const auto* list = value.if_array())
        for (const json::value& one : *list) add(one);
    else
        add(value);
    return found;
}

Entry::Entry(const db::Row& row, const Catalogue& catalogue, const Actor& who)
    : row_(row), model_(model_of_table(catalogue, row.text(column::table))) {
    const std::vector<RecordedChange> recorded =
        recorded_in(row.optional_text(column::changes).value_or(std::string_view()));
    if (model_) {
        changes_ = readable_changes(*model_, catalogue, who, recorded);
        return;
    }
    for (const RecordedChange& each : recorded)
        changes_.push_back({.name = each.name,
                            .values = {json_of(nullptr, each.values[0]), json_of(nullptr, each.values[1])}});
}

std::string Entry::time() const {
    std::string time;
    append_timestamp(time, row_.text(column::at));
    return time;
}

void Entry::want(const Expansion& expansion, const Model* people, RowNames& names) const {
    if (expansion.actor && people && !row_.is_null(column::actor))
        names.want(*people, row_.text(column::actor));
    if (expansion.row && model_ && !row_.is_null(column::row)) names.want(*model_, row_.text(column::row));
    if (!expansion.changes) return;
    for (const Change& change : changes_)
        for (std::size_t side = 0; side < 2; ++side)
            for (const std::string& id : change.ids(side)) names.want(*change.names[side], id);
}

}  // namespace tamiti::audit
