#include "core/model/trash.hpp"

#include "core/base/text.hpp"
#include "core/model/list.hpp"
#include "core/model/member.hpp"

namespace tamiti {
namespace {

constexpr const char* came_back = " SET deleted_at = NULL, updated_at = $2, version = version + 1";
constexpr const char* went = " SET deleted_at = $2, updated_at = $2, version = version + 1";

Scope removable(const Resource& resource, const Actor& who) {
    return who.is_system ? Scope::all() : resource.access.remove(who);
}

/// Whether the field ties its row to one of the model, so that it goes where that one goes.
bool belongs(const Field& field, const Model& model) {
    return field.type == &reference_type() && field.rules.on_delete == Delete::cascade &&
           &field.target() == &model;
}

std::vector<std::string> ids_of(const db::Result& result) {
    std::vector<std::string> ids;
    for (const auto row : result) ids.emplace_back(row.text(0));
    return ids;
}

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
        const auto restored =
            ids_of(tx.execute("UPDATE " + child.table + came_back + " WHERE " + field.name +
                                  " = ANY($1::uuid[]) AND deleted_at = $3::timestamptz RETURNING id",
                              ids, tx.now(), when));
        if (!restored.empty()) restore_children(tx, child, restored, when);
    });
}

/// Locks what the row belongs to, before the row itself as a removal does, and refuses where that is gone.
void require_living_parents(Tx& tx, const Model& model, const Uuid& id) {
    for (const Field& field : model.fields) {
        if (field.type != &reference_type() || field.rules.on_delete != Delete::cascade) continue;
        const Model& parent = field.target();
        if (parent.deleted_at < 0) continue;
        const db::Result result =
            tx.rows("SELECT p.deleted_at IS NOT NULL FROM " + parent.table + " p WHERE p.id = (SELECT t." +
                        field.name + " FROM " + model.table + " t WHERE t.id = $1) FOR SHARE OF p",
                    id);
        if (result.empty() || !result[0].boolean(0)) continue;
        const std::string sentence = "The " + parent.noun + " that this " + model.noun +
                                     " belongs to is in the trash: restore that one first.";
        throw Conflict("data.in_trash", sentence).with({{field.name, sentence}});
    }
}

/// When a row went to the trash, empty where it lies elsewhere; throws where the actor may not bring it back.
std::string find_removed(Tx& tx, const Resource& resource, const Actor& who, const Uuid& id, bool lock) {
    const Model& model = *resource.model;
    db::Params params;
    const std::string parameter = "$" + std::to_string(params.add(id));
    const std::string seen = resource.visible_to(who).bind(params);
    const std::string may = removable(resource, who).bind(params);
    const db::Result result = tx.transaction().run("SELECT deleted_at, EXISTS (SELECT FROM " + model.table +
                                                       " WHERE id = " + parameter + " AND (" + may +
                                                       ")) FROM " + model.table + " WHERE id = " + parameter +
                                                       " AND (" + seen + ")" + (lock ? " FOR UPDATE" : ""),
                                                   params);
    const bool allowed = !result.empty() && result[0].boolean(1);
    if (result.empty() || (!allowed && !result[0].is_null(0))) throw NotFound();
    if (!allowed) throw Forbidden("access.denied", "You may not restore this " + model.noun + ".");
    return std::string(result[0].text(0));
}

/// Conditions on the rows t that may be purged; $1 is the time, $2 the ids that stay.
std::string purge_condition(const Catalogue& catalogue, const Model& model) {
    std::string condition = "t.deleted_at < $1::timestamptz AND t.id <> ALL($2::uuid[])";
    for (const Model* other : catalogue.models())
        for (const Field& field : other->fields)
            if (field.type == &reference_type() && field.rules.on_delete == Delete::restrict &&
                &field.target() == &model)
                condition +=
                    " AND NOT EXISTS (SELECT FROM " + other->table + " r WHERE r." + field.name + " = t.id)";
    return condition;
}

}  // namespace

std::string trashed_rows(const Resource& resource, const Actor& who, db::Params& params) {
    const Model& model = *resource.model;
    const Scope seen = resource.visible_to(who) && removable(resource, who);
    const std::string condition = seen.is_all() ? std::string() : "(" + seen.bind(params) + ") AND ";
    return "(SELECT * FROM " + model.table + " WHERE " + condition + "deleted_at IS NOT NULL)";
}

std::string selected_rows(const Resource& resource, const Actor& who, const Selection& selection,
                          db::Params& params) {
    if (!selection.trash) return visible_rows(resource, who, params);
    if (has_trash(resource)) return trashed_rows(resource, who, params);
    const std::string sentence = "Rows of " + resource.path + " have no trash.";
    throw Malformed("http.bad_parameter", sentence).with({{"deleted", sentence}});
}

void trash_children(Tx& tx, const Model& model, const std::vector<std::string>& ids) {
    each_child(*tx.site().catalogue, model, [&](const Model& child, const Field& field) {
        const auto gone = ids_of(tx.execute("UPDATE " + child.table + went + " WHERE " + field.name +
                                                " = ANY($1::uuid[]) AND deleted_at IS NULL RETURNING id",
                                            ids, tx.now()));
        if (!gone.empty()) trash_children(tx, child, gone);
    });
}

Written restore(Tx& tx, const Resource& resource, const Actor& who, const Uuid& id) {
    const Model& model = *resource.model;
    // Asked before anything is said of the rows that it belongs to, and again once nobody else can change it.
    find_removed(tx, resource, who, id, false);
    require_living_parents(tx, model, id);
    const std::string when = find_removed(tx, resource, who, id, true);
    if (!when.empty()) {
        tx.execute("UPDATE " + model.table + came_back + " WHERE id = $1", id, tx.now());
        restore_children(tx, model, {id.text()}, when);
    }
    Written written{.id = id};
    written.version = read(tx, resource, who, id, {}, written.body);
    return written;
}

std::int64_t purge(Tx& tx, const Model& model, Timestamp before, int most,
                   const std::vector<std::string>& kept) {
    return tx
        .execute("DELETE FROM " + model.table + " WHERE id IN (SELECT t.id FROM " + model.table +
                     " t WHERE " + purge_condition(*tx.site().catalogue, model) +
                     " ORDER BY t.deleted_at LIMIT $3 FOR UPDATE OF t SKIP LOCKED)",
                 before, kept, most)
        .affected();
}

std::vector<std::string> purgeable(ReadTx& tx, const Model& model, Timestamp before, int most,
                                   const std::vector<std::string>& kept) {
    return ids_of(tx.rows("SELECT t.id FROM " + model.table + " t WHERE " +
                              purge_condition(*tx.site().catalogue, model) +
                              " ORDER BY t.deleted_at LIMIT $3",
                          before, kept, most));
}

}  // namespace tamiti
