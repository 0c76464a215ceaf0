#include "core/audit/entries.hpp"

#include <algorithm>

#include "core/audit/entry.hpp"
#include "core/base/json.hpp"
#include "core/model/list.hpp"
#include "core/model/member.hpp"
#include "core/model/output.hpp"

namespace tamiti::audit {
namespace {

/// Writes entries, with what they name where that was asked for.
class EntryWriter {
public:
    EntryWriter(const Catalogue& catalogue, Detail detail, const Expansion& expansion, const Model* people,
                const RowNames& names)
        : catalogue_(catalogue), detail_(detail), expansion_(expansion), people_(people), names_(names) {}

    void write(const Entry& entry, std::string& out) const {
        json::Writer writer(out);
        writer.begin_object();
        if (detail_ == Detail::log) {
            writer.key("id");
            writer.integer(id_of_entry(entry.row()));
        }
        writer.key("at");
        writer.string(entry.time());
        if (detail_ == Detail::log) {
            writer.key("model");
            writer.string(model_name(catalogue_, entry.row().text(column::table)));
            write_id(writer, "row", entry.row(), column::row, expansion_.row ? entry.model() : nullptr);
        }
        text(writer, "verb", entry.row(), column::verb);
        write_id(writer, "actor", entry.row(), column::actor, expansion_.actor ? people_ : nullptr);
        if (detail_ != Detail::history) {
            text(writer, "address", entry.row(), column::address);
            text(writer, "request", entry.row(), column::request);
            text(writer, "via", entry.row(), column::via);
        }
        writer.key("changes");
        writer.raw(changes_of(entry));
        writer.end_object();
    }

private:
    static void text(json::Writer& writer, std::string_view key, const db::Row& row, int place) {
        writer.key(key);
        if (row.is_null(place))
            writer.null();
        else
            writer.string(row.text(place));
    }

    /// An id, or the brief form of its row where a model is given.
    void write_id(json::Writer& writer, std::string_view key, const db::Row& row, int place,
                  const Model* embedded) const {
        if (!embedded || row.is_null(place)) return text(writer, key, row, place);
        writer.key(key);
        writer.raw(names_.embedded(*embedded, row.text(place)));
    }

    std::string changes_of(const Entry& entry) const {
        std::string out = "{";
        for (const Change& change : entry.changes()) {
            if (out.back() != '{') out += ',';
            json::append_string(out, change.name);
            out += ":[" + value_of(change, 0) + "," + value_of(change, 1) + "]";
        }
        return out + "}";
    }

    std::string value_of(const Change& change, std::size_t side) const {
        const std::string& value = change.values[side];
        if (!expansion_.changes || !change.names[side]) return value;
        const std::vector<std::string> ids = change.ids(side);
        if (!value.starts_with('['))
            return ids.empty() ? value : names_.embedded(*change.names[side], ids.front());
        std::string list = "[";
        for (const std::string& id : ids) {
            if (list.back() != '[') list += ',';
            list += names_.embedded(*change.names[side], id);
        }
        return list + "]";
    }

    const Catalogue& catalogue_;
    Detail detail_;
    const Expansion& expansion_;
    const Model* people_;
    const RowNames& names_;
};

}  // namespace

std::vector<std::string> expandable_in(Detail detail) {
    if (detail == Detail::log) return {"actor", "row", "changes"};
    return {"actor", "changes"};
}

Expansion read_expansion(const std::optional<std::string>& names, Detail detail) {
    Expansion expansion;
    const std::vector<std::string> known = expandable_in(detail);
    for (const std::string& name : names_in(names.value_or(""))) {
        if (std::ranges::find(known, name) == known.end()) refuse_name("expand", name, known);
        expansion.actor = expansion.actor || name == "actor";
        expansion.row = expansion.row || name == "row";
        expansion.changes = expansion.changes || name == "changes";
    }
    return expansion;
}

std::int64_t id_of_entry(const db::Row& row) {
    return row.integer(column::id);
}

void write_entries(ReadTx& tx, const db::Result& rows, const Actor& who, Detail detail,
                   const Expansion& expansion, int most, std::string& out) {
    const Catalogue& catalogue = *tx.site().catalogue;
    const Model* people = person_model(catalogue);
    RowNames names(catalogue, who, tx.now(), RowNames::Form::brief);
    std::vector<Entry> entries;
    for (int i = 0; i < std::min(rows.size(), most); ++i) {
        entries.emplace_back(rows[i], catalogue, who);
        entries.back().want(expansion, people, names);
    }
    names.look_up(tx.transaction());
    const EntryWriter writer(catalogue, detail, expansion, people, names);
    out += '[';
    for (const Entry& entry : entries) {
        if (&entry != &entries.front()) out += ',';
        writer.write(entry, out);
    }
    out += ']';
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
