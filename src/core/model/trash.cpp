#include "core/model/trash.hpp"

#include <boost/describe/class.hpp>

#include "core/base/text.hpp"
#include "core/model/label.hpp"
#include "core/model/list.hpp"
#include "core/model/member.hpp"
#include "core/model/record.hpp"

namespace tamiti {
namespace {

Scope removable(const Resource& resource, const Actor& who) {
    return who.is_system ? Scope::all() : resource.access.remove(who);
}

/// Whether the field ties its row to one of the model, so that it goes where that one goes.
bool belongs(const Field& field, const Model& model) {
    return field.type == &reference_type() && field.rules.on_delete == Delete::cascade &&
           &field.target() == &model;
}

/// What a row hangs on.
struct Hung {
    std::string model{};
    Uuid row{};
};
BOOST_DESCRIBE_STRUCT(Hung, (), (model, row))

/// Calls visit(child, field) for each reference by which rows with a trash belong to the model's.
template <class Visit>
void each_child(const Catalogue& catalogue, const Model& model, Visit&& visit) {
    for (const Model* child : catalogue.models()) {
        if (child->deleted_at < 0) continue;
        for (const Field& field : child->fields)
            if (belongs(field, model)) visit(*child, field);
    }
}

void restore_children(Tx& tx, const Model& model, const std::vector<std::string>& ids,
                      const std::string& when) {
    each_child(*tx.site().catalogue, model, [&](const Model& child, const Field& field) {
        const auto restored = tx.all<std::string>(Sql{
            R"(UPDATE {} SET deleted_at = NULL, updated_at = {}, version = version + 1
               WHERE {} = ANY({}::uuid[]) AND deleted_at = {}::timestamptz RETURNING id)",
            db::name(child.table), tx.now(), db::name(field.name), ids, when});
        if (!restored.empty()) restore_children(tx, child, restored, when);
    });
}

/// Asks the rule of the record that the row hangs on, where it hangs on one.
void ask_record(Tx& tx, const Resource& resource, const Actor& who, const Uuid& id) {
    if (resource.access.seen_with.empty()) return;
    const RecordFields& on = *record_named(*resource.model, resource.access.seen_with);
    const auto column = [&](int field) {
        return db::name(resource.model->fields[static_cast<std::size_t>(field)].name);
    };
    const auto record =
        tx.find_one<Hung>({"SELECT {} AS model, {} AS row FROM {} WHERE id = {}", column(on.model),
                           column(on.row), db::name(resource.model->table), id});
    if (record) require_open_record(tx, who, {record->model, record->row});
}

Problem parent_in_trash(const Model& model, const std::string& field, const Model& parent) {
    const std::string sentence = "The " + noun_of(parent) + " that this " + noun_of(model) +
                                 " belongs to is in the trash: restore that one first.";
    return Conflict("data.in_trash", sentence).with({{field, sentence}});
}

/// Locks what the row belongs to, before the row itself as a removal does, and refuses where that is gone.
void require_living_parents(Tx& tx, const Model& model, const Uuid& id) {
    for (const Field& field : model.fields) {
        if (field.type != &reference_type() || field.rules.on_delete != Delete::cascade) continue;
        const Model& parent = field.target();
        if (parent.deleted_at < 0) continue;
        const auto is_gone = tx.value<std::optional<bool>>(Sql{R"(SELECT p.deleted_at IS NOT NULL FROM {} AS p
                   WHERE p.id = (SELECT t.{} FROM {} AS t WHERE t.id = {}) FOR SHARE OF p)",
                                                               db::name(parent.table), db::name(field.name),
                                                               db::name(model.table), id});
        if (is_gone.value_or(false)) throw parent_in_trash(model, field.name, parent);
    }
}

/// Whether the actor may bring that row back from the trash, where it is.
bool may_bring_back(Tx& tx, const Resource& resource, const Actor& who, const Sql& id) {
    const SelectedRows removed = selection_of(resource, who, {.trash = true});
    return tx.exists({"SELECT FROM {} WHERE {} AND {} AND id = {}", db::name(resource.model->table),
                      removed.scope, removed.kept, id});
}

/// What a Record names, as its columns have it.
struct NamedRow {
    std::string model{};
    Uuid row{};
};
BOOST_DESCRIBE_STRUCT(NamedRow, (), (model, row))

/// The same of rows that are about a record: they hang on the row that it names.
void refuse_where_record_is_in_trash(Tx& tx, const Model& model, const Actor& who, const Uuid& id) {
    for (const RecordFields& fields : model.records) {
        const auto record = tx.find_one<NamedRow>(
            {"SELECT {} AS model, {} AS row FROM {} WHERE id = {}", db::name(fields.name + "_model"),
             db::name(fields.name + "_row"), db::name(model.table), id});
        if (!record) continue;
        const Model* carrying = tx.site().catalogue->model_named(record->model);
        const Resource* parent = carrying ? tx.site().catalogue->resource_of(*carrying) : nullptr;
        if (parent && has_trash(*parent) && may_bring_back(tx, *parent, who, {"{}", record->row}))
            throw parent_in_trash(model, fields.name + "_row", *carrying);
    }
}

/// A row that isn't seen because what it belongs to is in the trash: whoever may bring that one back is told
/// so.
void refuse_where_parent_is_in_trash(Tx& tx, const Resource& resource, const Actor& who, const Uuid& id) {
    const Model& model = *resource.model;
    for (const Field& field : model.fields) {
        if (field.type != &reference_type() || field.rules.on_delete != Delete::cascade) continue;
        const Resource* parent = tx.site().catalogue->resource_of(field.target());
        if (!parent || !has_trash(*parent)) continue;
        if (may_bring_back(tx, *parent, who,
                           {"(SELECT t.{} FROM {} AS t WHERE t.id = {})", db::name(field.name),
                            db::name(model.table), id}))
            throw parent_in_trash(model, field.name, *parent->model);
    }
    refuse_where_record_is_in_trash(tx, model, who, id);
}

struct Removed {
    std::optional<std::string> deleted_at{};
    bool may_return = false;
};
BOOST_DESCRIBE_STRUCT(Removed, (), (deleted_at, may_return))

/// When a row went to the trash, empty where it lies elsewhere; throws where the actor may not bring it back.
std::string find_removed(Tx& tx, const Resource& resource, const Actor& who, const Uuid& id, bool lock) {
    const Model& model = *resource.model;
    const auto found = tx.find_one<Removed>(Sql{
        "SELECT deleted_at::text, {} AS may_return FROM {} WHERE id = {} AND {} {}", removable(resource, who),
        db::name(model.table), id, resource.visible_to(who), lock ? Sql("FOR UPDATE") : Sql("")});
    if (!found || (!found->may_return && found->deleted_at)) throw NotFound();
    if (!found->may_return) throw Forbidden("access.denied", "You may not restore this " + model.noun + ".");
    return found->deleted_at.value_or("");
}

/// Ids of the rows that may be purged, the longest in the trash first.
Sql purgeable_rows(const Catalogue& catalogue, const Model& model, Timestamp before, int most,
                   const std::vector<std::string>& kept) {
    Sql rows{"SELECT t.id FROM {} AS t WHERE t.deleted_at < {}::timestamptz AND t.id <> ALL({}::uuid[])",
             db::name(model.table), before, kept};
    for (const Model* other : catalogue.models())
        for (const Field& field : other->fields)
            if (field.type == &reference_type() && field.rules.on_delete == Delete::restrict &&
                &field.target() == &model)
                rows.append({" AND NOT EXISTS (SELECT FROM {} AS r WHERE r.{} = t.id)",
                             db::name(other->table), db::name(field.name)});
    return rows.append({" ORDER BY t.deleted_at LIMIT {}", most});
}

}  // namespace

SelectedRows selection_of(const Resource& resource, const Actor& who, const Selection& selection) {
    const Scope visible = resource.visible_to(who, selection.about);
    if (!selection.trash)
        return {visible, resource.model->deleted_at < 0 ? Sql("true") : Sql("deleted_at IS NULL")};
    if (has_trash(resource)) return {visible && removable(resource, who), Sql("deleted_at IS NOT NULL")};
    const std::string sentence = "Rows of " + resource.path + " have no trash.";
    throw Malformed("http.bad_parameter", sentence).with({{"deleted", sentence}});
}

Sql selected_rows(const Resource& resource, const Actor& who, const Selection& selection) {
    const SelectedRows selected = selection_of(resource, who, selection);
    if (!selection.trash) return scoped_rows(*resource.model, selected.scope);
    return Sql{"(SELECT * FROM {} WHERE {} AND {})", db::name(resource.model->table), selected.scope,
               selected.kept};
}

void trash_children(Tx& tx, const Model& model, const std::vector<std::string>& ids) {
    each_child(*tx.site().catalogue, model, [&](const Model& child, const Field& field) {
        const auto gone =
            tx.all<std::string>(Sql{R"(UPDATE {} SET deleted_at = {}, updated_at = {}, version = version + 1
                   WHERE {} = ANY({}::uuid[]) AND deleted_at IS NULL RETURNING id)",
                                    db::name(child.table), tx.now(), tx.now(), db::name(field.name), ids});
        if (!gone.empty()) trash_children(tx, child, gone);
    });
}

Written restore(Tx& tx, const Resource& resource, const Actor& who, const Uuid& id) {
    const Model& model = *resource.model;
    // Asked before anything is said of the rows that it belongs to, and again once nobody else can change it.
    try {
        find_removed(tx, resource, who, id, false);
    } catch (const NotFound&) {
        refuse_where_parent_is_in_trash(tx, resource, who, id);
        throw;
    }
    require_living_parents(tx, model, id);
    const std::string when = find_removed(tx, resource, who, id, true);
    if (!when.empty()) {
        ask_record(tx, resource, who, id);
        if (resource.before_return) resource.before_return(tx, who, id);
        tx.execute(
            Sql{"UPDATE {} SET deleted_at = NULL, updated_at = {}, version = version + 1 WHERE id = {}",
                db::name(model.table), tx.now(), id});
        restore_children(tx, model, {id.text()}, when);
    }
    Written written{.id = id};
    written.version = read(tx, resource, who, id, {}, written.body);
    return written;
}

std::int64_t purge(Tx& tx, const Model& model, Timestamp before, int most,
                   const std::vector<std::string>& kept) {
    return tx.execute(Sql{"DELETE FROM {} WHERE id IN ({} FOR UPDATE OF t SKIP LOCKED)",
                          db::name(model.table),
                          purgeable_rows(*tx.site().catalogue, model, before, most, kept)});
}

std::vector<std::string> purgeable(ReadTx& tx, const Model& model, Timestamp before, int most,
                                   const std::vector<std::string>& kept) {
    return tx.all<std::string>(purgeable_rows(*tx.site().catalogue, model, before, most, kept));
}

}  // namespace tamiti
