#include "core/model/output.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include "core/base/json.hpp"
#include "core/base/sentences.hpp"
#include "core/base/text.hpp"
#include "core/model/member.hpp"
#include "core/model/seen.hpp"
#include "core/model/token_grants.hpp"

namespace tamiti {
namespace {

constexpr int most_expansion_depth = 2;

/// Whether the field leads to a row, or to several.
bool refers(const Field& field) {
    return field.type == &reference_type() || field.type == &reference_list_type();
}

/// Whether the actor meets rows of the resource by name that they don't see.
bool names_others(const Resource& resource, const Actor& who) {
    return resource.access.named && token_allows(who, resource, "read") &&
           !resource.visible_to(who).is_all() && !resource.access.named(who).is_none();
}

std::vector<std::string> expandable_names(const Catalogue& catalogue, const Model& model, const Actor& who) {
    std::vector<std::string> names;
    for (const Field& field : model.fields)
        if (refers(field) && readable(field, who) && catalogue.resource_of(field.target()))
            names.push_back(field.name);
    return names;
}

}  // namespace

void refuse_name(const std::string& parameter, std::string_view name, const std::vector<std::string>& known) {
    const std::string sentence =
        "There is no \"" + std::string(name) + "\" here. These exist: " + listed(known) + ".";
    throw Malformed("http.unknown_" + parameter, sentence).with({{parameter, sentence}});
}

Sql scoped_rows(const Model& model, const Scope& scope) {
    const Sql table = db::name(model.table);
    if (scope.is_all() && model.deleted_at < 0) return table;
    if (scope.is_all()) return Sql{"(SELECT * FROM {} WHERE deleted_at IS NULL)", table};
    if (model.deleted_at < 0) return Sql{"(SELECT * FROM {} WHERE {})", table, scope};
    return Sql{"(SELECT * FROM {} WHERE {} AND deleted_at IS NULL)", table, scope};
}

Sql visible_rows(const Resource& resource, const Actor& who) {
    return scoped_rows(*resource.model, resource.visible_to(who));
}

Sql named_rows(const Resource& resource, const Actor& who) {
    if (!names_others(resource, who)) return visible_rows(resource, who);
    return scoped_rows(*resource.model, resource.visible_to(who) || resource.access.named(who));
}

Sql walked_rows(const Model& model, const Scope& scope, const Sql& kept, const Sql& ids) {
    const Scope::Reached* reached = scope.reached();
    if (reached && !reached->tells_rows) reached = nullptr;
    const Sql is_one = reached ? Sql("{} IN ({})", reached->column, ids) : Sql(scope);
    Sql rows{"(SELECT * FROM {} WHERE CASE WHEN {} THEN true ELSE false END AND {}", db::name(model.table),
             is_one, kept};
    if (reached && !reached->rest.empty()) rows.append({" AND {}", reached->rest});
    return rows.append(Sql(")"));
}

Sql walked_rows(const Resource& resource, const Actor& who) {
    const Scope scope = resource.visible_to(who);
    const Model& model = *resource.model;
    if (scope.is_all() || scope.is_none()) return scoped_rows(model, scope);
    return walked_rows(model, scope, model.deleted_at < 0 ? Sql("true") : Sql("deleted_at IS NULL"),
                       scope.reached() ? scope.reached()->ids : Sql());
}

std::vector<std::string> readable_names(const Model& model, const Actor& who) {
    std::vector<std::string> names;
    for (const Field& field : model.fields)
        if (readable(field, who)) names.push_back(field.name);
    return names;
}

/// Makes one plan: the columns are counted as they are added.
class Output::Planning {
public:
    Planning(const Catalogue& catalogue, const Resource& resource, const Actor& who,
             const Selection& selection, db::Params& params)
        : catalogue_(catalogue), who_(who), params_(params) {
        const Model& model = *resource.model;
        const std::vector<const Field*> fields = selected_fields(model, selection);
        plan_.columns.reserve(fields.size() * 16);
        add_columns(plan_.root, "t", fields);
        for (const auto& path : selection.expand) add_expansion(plan_.root, model, "t", path, 1);
        // The version is always selected: the ETag needs it even where the client did not ask to see it.
        const Field& version = as_seen(model, model.fields[static_cast<std::size_t>(model.version)], who);
        const auto seen = std::find_if(plan_.root.items.begin(), plan_.root.items.end(),
                                       [&](const Item& item) { return item.field == &version; });
        plan_.version_column = seen != plan_.root.items.end() ? seen->column : add_column(version, "t");
        if (selection.can) plan_.can_column = add_rights(resource, selection.trash);
    }

    std::shared_ptr<const Plan> plan() { return std::make_shared<const Plan>(std::move(plan_)); }

private:
    std::vector<const Field*> selected_fields(const Model& model, const Selection& selection) const;
    void add_columns(Part& part, const std::string& alias, const std::vector<const Field*>& fields);
    void add_expansion(Part& part, const Model& model, const std::string& alias, std::string_view path,
                       int depth);
    void join_target(Item& item, const Resource& target, const std::string& alias);
    void join_list(Item& item, const Resource& target, const std::string& alias);
    std::vector<const Field*> brief_of(const Resource& target) const;
    int add_column(const Field& field, const std::string& alias);
    int add_rights(const Resource& resource, bool in_trash);

    const Catalogue& catalogue_;
    const Actor& who_;
    db::Params& params_;
    int joined_ = 0;
    Plan plan_{};
};

std::vector<const Field*> Output::Planning::selected_fields(const Model& model,
                                                            const Selection& selection) const {
    std::vector<const Field*> fields;
    if (selection.fields.empty()) {
        for (const Field& field : model.fields)
            if (readable(field, who_)) fields.push_back(&as_seen(model, field, who_));
    } else {
        for (const auto& name : selection.fields) {
            const Field* field = model.find(name);
            if (!field || !readable(*field, who_)) refuse_name("fields", name, readable_names(model, who_));
            field = &as_seen(model, *field, who_);
            if (std::find(fields.begin(), fields.end(), field) == fields.end()) fields.push_back(field);
        }
    }
    // Whoever wants a reference expanded wants to see it, whatever else was left out.
    for (const auto& path : selection.expand) {
        const Field* field = model.find(std::string_view(path).substr(0, path.find('.')));
        if (field && readable(*field, who_) && std::find(fields.begin(), fields.end(), field) == fields.end())
            fields.push_back(field);
    }
    return fields;
}

Output::Output(const Catalogue& catalogue, const Resource& resource, const Actor& who,
               const Selection& selection, db::Params& params) {
    const auto made = [&] { return Planning(catalogue, resource, who, selection, params).plan(); };
    if (!selection.fields.empty() || !selection.expand.empty() || selection.can) {
        plan_ = made();
        return;
    }
    std::string seen;  // of the fields that not everybody sees, which the actor does
    for (const Field& field : resource.model->fields)
        if (field.rules.read) seen += readable(field, who) ? '1' : '0';
    PlainOutputs& kept = catalogue.plain_outputs();
    plan_ = kept.find(*resource.model, seen);
    if (plan_) return;
    plan_ = made();
    kept.keep(*resource.model, seen, plan_);
}

PlainOutputs::Plan PlainOutputs::find(const Model& model, const std::string& seen) const {
    const std::lock_guard lock(mutex_);
    const auto found = plans_.find({&model, seen});
    return found == plans_.end() ? nullptr : found->second;
}

void PlainOutputs::keep(const Model& model, const std::string& seen, Plan plan) {
    const std::lock_guard lock(mutex_);
    plans_.try_emplace({&model, seen}, std::move(plan));
}

std::vector<const Field*> Output::fields() const {
    std::vector<const Field*> fields;
    for (const Item& item : plan_->root.items) fields.push_back(item.field);
    return fields;
}

int Output::Planning::add_column(const Field& field, const std::string& alias) {
    if (plan_.count > 0) plan_.columns += ", ";
    plan_.columns += field.type->select(field, alias);
    return plan_.count++;
}

int Output::Planning::add_rights(const Resource& resource, bool in_trash) {
    std::vector<Sql> names;
    const auto add = [&](const std::string& name, const Sql& rows) {
        names.push_back(Sql{"CASE WHEN {} THEN {} END", rows, db::literal(name)});
    };
    // Of rows in the trash an actor sees those alone that they may restore.
    const bool may_write = who_.viewed_by.is_nil() && token_allows(who_, resource, "write");
    if (may_write && in_trash) add("restore", Scope::all());
    if (may_write && !in_trash) {
        if (resource.access.change) add("change", resource.access.change(who_));
        if (resource.access.remove) add("remove", resource.access.remove(who_));
        for (const VerbRight& verb : catalogue_.verbs_of(*resource.model)) add(verb.name, verb.rows(who_));
    }
    // A scope names columns without the table's alias: it stands where there is no other table.
    const Sql listed{"(SELECT array_to_json(array_remove(ARRAY[{}]::text[], NULL)) FROM (SELECT t.*) AS r)",
                     db::join(names, ", ")};
    plan_.columns += ", " + listed.render(params_);
    return plan_.count++;
}

void Output::Planning::add_columns(Part& part, const std::string& alias,
                                   const std::vector<const Field*>& fields) {
    part.items.reserve(fields.size());
    for (const Field* field : fields) part.items.push_back({field, add_column(*field, alias), nullptr});
}

void Output::Planning::add_expansion(Part& part, const Model& model, const std::string& alias,
                                     std::string_view path, int depth) {
    const std::size_t dot = path.find('.');
    const std::string_view name = path.substr(0, dot);
    const auto item = std::find_if(part.items.begin(), part.items.end(), [&](const Item& one) {
        return one.field->name == name && refers(*one.field);
    });
    const Resource* target =
        item == part.items.end() ? nullptr : catalogue_.resource_of(item->field->target());
    if (!target || depth > most_expansion_depth)
        refuse_name("expand", name, expandable_names(catalogue_, model, who_));
    if (item->field->type->is_set()) {
        if (dot != std::string_view::npos)
            refuse_name("expand", path, expandable_names(catalogue_, model, who_));
        if (!item->expansion) join_list(*item, *target, alias);
        return;
    }
    // Beyond their brief form nothing is told of rows that are only named, so nothing that they refer to.
    if (dot != std::string_view::npos && names_others(*target, who_))
        refuse_name("expand", path, expandable_names(catalogue_, model, who_));
    if (!item->expansion) join_target(*item, *target, alias);
    if (dot == std::string_view::npos) return;
    Part& joined = *item->expansion;
    const std::string_view next = path.substr(dot + 1);
    const std::string_view next_name = next.substr(0, next.find('.'));
    // A deeper expansion needs its reference even where the brief form leaves it out.
    const Field* deeper = target->model->find(next_name);
    const auto has_it = std::any_of(joined.items.begin(), joined.items.end(),
                                    [&](const Item& one) { return one.field == deeper; });
    if (deeper && !has_it && readable(*deeper, who_)) add_columns(joined, joined.alias, {deeper});
    add_expansion(joined, *target->model, joined.alias, next, depth + 1);
}

void Output::Planning::join_target(Item& item, const Resource& target, const std::string& alias) {
    item.expansion = std::make_unique<Part>();
    item.expansion->alias = "e" + std::to_string(++joined_);
    plan_.joins += " LEFT JOIN " + named_rows(target, who_).render(params_) + " " + item.expansion->alias +
                   " ON " + item.expansion->alias + ".id = " + alias + "." + item.field->name;
    add_columns(*item.expansion, item.expansion->alias, brief_of(target));
    item.expansion->id_column = item.expansion->items.front().column;
}

std::vector<const Field*> Output::Planning::brief_of(const Resource& target) const {
    std::vector<const Field*> brief;
    for (int position : target.model->brief) {
        const Field& field = target.model->fields[static_cast<std::size_t>(position)];
        if (readable(field, who_)) brief.push_back(&as_seen(*target.model, field, who_));
    }
    return brief;
}

// The rows of a list come as one column: [[id in the list, stored values of the brief form …], …].
void Output::Planning::join_list(Item& item, const Resource& target, const std::string& alias) {
    item.expansion = std::make_unique<Part>();
    Part& list = *item.expansion;
    const std::string number = std::to_string(++joined_);
    list.alias = "e" + number;
    std::string values = "u" + number + ".id";
    int place = 0;
    for (const Field* field : brief_of(target)) {
        list.items.push_back({field, ++place, nullptr});
        values += ", (" + field->type->select(*field, list.alias) + ")::text";
    }
    plan_.columns += ", (SELECT json_agg(json_build_array(" + values + ") ORDER BY u" + number +
                     ".place) FROM unnest(" + alias + "." + item.field->name + ") WITH ORDINALITY AS u" +
                     number + " (id, place) LEFT JOIN " + named_rows(target, who_).render(params_) + " " +
                     list.alias + " ON " + list.alias + ".id = u" + number + ".id)";
    list.list_column = plan_.count++;
}

void Output::write(const db::Row& row, std::string& out) const {
    write_part(plan_->root, row, out);
    if (plan_->can_column < 0) return;
    out.back() = ',';
    out.append("\"can\":").append(row.text(plan_->can_column)).append("}");
}

void Output::write_part(const Part& part, const db::Row& row, std::string& out) {
    out += '{';
    bool first = true;
    for (const Item& item : part.items) {
        if (!first) out += ',';
        first = false;
        out += item.field->json_key;
        if (row.is_null(item.column)) {
            out += "null";
        } else if (!item.expansion) {
            item.field->type->write_json(*item.field, row.text(item.column), out);
        } else if (item.expansion->list_column >= 0) {
            write_list(*item.expansion, row.text(item.expansion->list_column), out);
        } else if (row.is_null(item.expansion->id_column)) {
            // The row exists but not for this actor, who may know its id and no more.
            out += "{\"id\":";
            item.field->type->write_json(*item.field, row.text(item.column), out);
            out += '}';
        } else {
            write_part(*item.expansion, row, out);
        }
    }
    out += '}';
}

void Output::write_list(const Part& part, std::string_view rows, std::string& out) {
    out += '[';
    if (rows.empty()) rows = "[]";
    const json::value listed = json::parse(rows);
    for (const json::value& each : listed.as_array()) {
        const json::array& values = each.as_array();
        const auto stored = [&](const Item& item) {
            const json::value& value = values[static_cast<std::size_t>(item.column)];
            return value.is_null() ? std::nullopt : std::optional(std::string(value.as_string()));
        };
        // One that isn't visible has its id alone.
        const bool is_seen = stored(part.items.front()).has_value();
        out += out.back() == '[' ? "{" : ",{";
        for (const Item& item : part.items) {
            if (&item != &part.items.front()) out += ',';
            out += item.field->json_key;
            const auto value = is_seen ? stored(item) : std::string(values.front().as_string());
            if (value)
                item.field->type->write_json(*item.field, *value, out);
            else
                out += "null";
            if (!is_seen) break;
        }
        out += '}';
    }
    out += ']';
}

}  // namespace tamiti
