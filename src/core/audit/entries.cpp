#include "core/audit/entries.hpp"

#include <algorithm>
#include <array>

#include "core/base/json.hpp"
#include "core/base/time.hpp"
#include "core/model/member.hpp"
#include "core/model/output.hpp"

namespace tamiti::audit {
namespace {

/// Where entry_columns puts what.
namespace column {
constexpr int id = 0, at = 1, table = 2, row = 3, verb = 4, actor = 5, address = 6, request = 7, via = 8,
              field = 9, kind_before = 10, before = 11, kind_after = 12, after = 13;
}

/// One value as the trail keeps it: text of a JSON value and what kind of value that is.
struct Recorded {
    std::string_view kind{};
    std::string text{};
    bool is_null() const { return kind.empty() || kind == "null"; }
};

struct Change {
    std::string_view name;
    std::array<Recorded, 2> values{};  // before and after
};

/// jsonb keeps times as "2026-02-03T10:00:00.5+00:00".
std::string in_utc(std::string text) {
    constexpr std::string_view offset = "+00:00";
    if (text.ends_with(offset)) text.replace(text.size() - offset.size(), offset.size(), "Z");
    return text;
}

void write_value(const Field* field, const Recorded& value, std::string& out) {
    if (value.is_null()) {
        out += "null";
    } else if (value.kind == "string") {
        const bool is_time = field && field->type == &timestamp_type();
        json::append_string(out, is_time ? in_utc(value.text) : value.text);
    } else if (value.kind == "number" && field) {
        field->type->write_json(*field, value.text, out);
    } else {
        out += value.text;
    }
}

/// An entry while its changes are collected.
class Entry {
public:
    Entry(const db::Row& first, const Catalogue& catalogue, const Actor& who)
        : first_(first),
          catalogue_(catalogue),
          who_(who),
          model_(model_of_table(catalogue, first.text(column::table))) {}

    bool has(const db::Row& row) const { return row.text(column::id) == first_.text(column::id); }

    void take(const db::Row& row) {
        if (row.is_null(column::field)) return;
        changes_.push_back({row.text(column::field),
                            {Recorded{row.text(column::kind_before), std::string(row.text(column::before))},
                             Recorded{row.text(column::kind_after), std::string(row.text(column::after))}}});
    }

    void write(Detail detail, std::string& out) {
        json::Writer writer(out);
        writer.begin_object();
        if (detail == Detail::log) {
            writer.key("id");
            writer.integer(first_.integer(column::id));
        }
        std::string time;
        append_timestamp(time, first_.text(column::at));
        writer.key("at");
        writer.string(time);
        if (detail == Detail::log) {
            writer.key("model");
            writer.string(model_name(catalogue_, first_.text(column::table)));
            text(writer, "row", column::row);
        }
        text(writer, "verb", column::verb);
        text(writer, "actor", column::actor);
        if (detail != Detail::history) {
            text(writer, "address", column::address);
            text(writer, "request", column::request);
            text(writer, "via", column::via);
        }
        writer.key("changes");
        std::string changes;
        write_changes(changes);
        writer.raw(changes);
        writer.end_object();
    }

private:
    void text(json::Writer& writer, std::string_view key, int place) {
        writer.key(key);
        if (first_.is_null(place))
            writer.null();
        else
            writer.string(first_.text(place));
    }

    Change* change_of(std::string_view name) {
        const auto found = std::find_if(changes_.begin(), changes_.end(),
                                        [&](const Change& one) { return one.name == name; });
        return found == changes_.end() ? nullptr : &*found;
    }

    // An amount is kept apart from its currency, and shown with it.
    void join_money(const Field& field, Change& change) {
        const Change* currency = change_of(field.name + "_currency");
        for (std::size_t side = 0; side < change.values.size(); ++side) {
            Recorded& value = change.values[side];
            if (value.kind != "number") continue;
            if (!currency || currency->values[side].kind != "string")
                value.kind = "null";
            else
                value.text += " " + currency->values[side].text;
        }
    }

    void write_changes(std::string& out) {
        out += '{';
        if (model_) {
            for (const Field& field : model_->fields) {
                Change* change = readable(field, who_) ? change_of(field.name) : nullptr;
                if (!change) continue;
                if (field.type == &money_type()) join_money(field, *change);
                write_change(&field, *change, out);
            }
        } else {
            for (const Change& change : changes_) write_change(nullptr, change, out);
        }
        out += '}';
    }

    static void write_change(const Field* field, const Change& change, std::string& out) {
        if (out.back() != '{') out += ',';
        json::append_string(out, change.name);
        out += ":[";
        write_value(field, change.values[0], out);
        out += ',';
        write_value(field, change.values[1], out);
        out += ']';
    }

    db::Row first_;
    const Catalogue& catalogue_;
    const Actor& who_;
    const Model* model_;
    std::vector<Change> changes_{};
};

}  // namespace

void write_entries(const db::Result& rows, const Catalogue& catalogue, const Actor& who, Detail detail,
                   int most, std::string& out) {
    out += '[';
    for (int i = 0; i < rows.size() && most > 0; --most) {
        if (i > 0) out += ',';
        Entry entry(rows[i], catalogue, who);
        while (i < rows.size() && entry.has(rows[i])) entry.take(rows[i++]);
        entry.write(detail, out);
    }
    out += ']';
}

std::vector<std::int64_t> ids_of_entries(const db::Result& rows) {
    std::vector<std::int64_t> ids;
    for (const auto row : rows) {
        const std::int64_t id = row.integer(column::id);
        if (ids.empty() || ids.back() != id) ids.push_back(id);
    }
    return ids;
}

const Model* model_of_table(const Catalogue& catalogue, std::string_view table) {
    const auto& models = catalogue.models();
    const auto found =
        std::find_if(models.begin(), models.end(), [&](const Model* model) { return model->table == table; });
    return found == models.end() ? nullptr : *found;
}

std::string model_name(const Catalogue& catalogue, std::string_view table) {
    if (const Model* model = model_of_table(catalogue, table)) return model->name;
    std::string name(table);
    if (const std::size_t underscore = name.find('_'); underscore != name.npos) name[underscore] = '.';
    return name;
}

std::vector<std::string> readable_columns(const Model& model, const Actor& who) {
    std::vector<std::string> names;
    for (const Field& field : model.fields)
        if (readable(field, who) && !field.is_derived())
            for (const auto& column : field.type->columns(field)) names.push_back(column.name);
    return names;
}

}  // namespace tamiti::audit
