#include "core/model/write.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "core/model/draft.hpp"
#include "core/model/list.hpp"
#include "core/model/steps.hpp"

namespace tamiti {
namespace {

[[noreturn]] void not_allowed(const std::string& verb, const Model& model) {
    throw Forbidden("access.denied", "You may not " + verb + " this " + model.noun + ".");
}

Scope scope_of(Scope (*rule)(const Actor&), const Actor& who) {
    return who.is_system ? Scope::all() : rule(who);
}

void stamp(Draft& draft, Timestamp now, std::int64_t version) {
    const Model& model = *draft.model;
    if (model.updated_at >= 0) draft[model.updated_at] = format(now);
    draft[model.version] = std::to_string(version);
}

/// What a write left behind: what its statement answered, and where its row lies now.
struct Left {
    db::Result result;
    bool is_allowed = true;  // in the scope that the actor may write
    bool is_seen = true;
};

Sql lies_in(const Model& model, const Uuid& id, const Scope& scope) {
    return {"EXISTS (SELECT FROM {} t WHERE t.id = {})", scoped_rows(model, scope), id};
}

/// Writes one row and asks in the same round trip where it lies then, as a policy's check. That is a
/// statement of its own behind the write, not a part of it: it must see the row itself, what triggers made of
/// it, and what others committed while the write waited for their locks. Nothing is kept yet, so a refusal
/// that follows from the answer undoes the write. A rule may still change the row where there is one to run
/// after it; otherwise it is asked, too, whether the actor sees the row.
Left put(Tx& tx, const Resource& resource, const Actor& who, const Draft& row, const Uuid& id,
         const Scope& may, const std::string& statement, const db::Params& params) {
    const Model& model = *resource.model;
    const Scope seen = resource.after_save ? Scope::all() : resource.visible_to(who);
    const bool is_removed = !resource.after_save && model.deleted_at >= 0 && row[model.deleted_at];
    const bool asks_seen = is_removed || !seen.is_all();
    if (may.is_all() && !asks_seen) return {tx.transaction().run(statement, params)};
    const Sql all("true");
    const Sql where{"SELECT {}, {}", may.is_all() ? all : lies_in(model, id, may),
                    asks_seen ? lies_in(model, id, seen) : all};
    const std::string asked = where.text();
    auto results = tx.transaction().run_all({{statement, &params}, {asked, &where.params()}});
    return {std::move(results[0]), results[1][0].boolean(0), results[1][0].boolean(1)};
}

/// A row that was locked for a write, and whether the actor may write it.
struct Locked {
    Draft draft;
    bool allowed = false;
    std::int64_t version() const { return std::stoll(draft[draft.model->version].value()); }
};

Locked lock(Tx& tx, const Resource& resource, const Actor& who, const Uuid& id, const Scope& may) {
    const Model& model = *resource.model;
    // By place: the fields in their order, and the answer behind them.
    const db::Result result = tx.rows(lock_statement(model, id, resource.visible_to(who), may));
    if (result.empty()) throw NotFound();
    Locked locked{initial_draft(model)};
    const int count = static_cast<int>(model.fields.size());
    for (int i = 0; i < count; ++i) {
        const auto value = result[0].optional_text(i);
        locked.draft[i] = value ? std::optional<std::string>(*value) : std::nullopt;
    }
    locked.allowed = result[0].boolean(count);
    return locked;
}

void require_version(Tx& tx, const Resource& resource, const Actor& who, const Uuid& id, const Locked& locked,
                     std::optional<std::int64_t> if_match) {
    if (!if_match || *if_match == locked.version()) return;
    std::string current;
    read(tx, resource, who, id, {}, current);
    throw Problem(412, "http.changed_meanwhile",
                  "The row was changed since you read it. Look at its current state and try again.")
        .with_current(std::move(current));
}

std::vector<int> given_fields(const Draft& draft) {
    std::vector<int> fields;
    for (std::size_t i = 0; i < draft.given.size(); ++i)
        if (draft.given[i]) fields.push_back(static_cast<int>(i));
    return fields;
}

// Fields that the client gave a value other than that of the row.
std::vector<int> given_anew(const Draft& base, const Draft& next) {
    std::vector<int> fields;
    for (int field : given_fields(next))
        if (base[field] != next[field]) fields.push_back(field);
    return fields;
}

// Runs the app's rule on row objects and takes over what it changed. Going through the row also gives every
// value one form: the database may print it in another than the client sent.
void run_before_save(Tx& tx, const Resource& resource, const Actor& who, Draft& next, const void* before) {
    const auto row = resource.make_row();
    to_row(next, row.get());
    if (resource.before_save) {
        try {
            resource.before_save(tx, who, row.get(), before);
        } catch (const Problem&) {
            tx.transaction().settle();  // a reference that leads nowhere is told first
            throw;
        }
    }
    from_row(next, row.get());
}

void run_after_save(Tx& tx, const Resource& resource, const Actor& who, const Draft& now,
                    const void* before) {
    if (!resource.after_save) return;
    const auto row = resource.make_row();
    to_row(now, row.get());
    resource.after_save(tx, who, row.get(), before);
}

Written answer(Tx& tx, const Resource& resource, const Actor& who, const Uuid& id, bool created) {
    Written written{.id = id, .created = created};
    written.version = read(tx, resource, who, id, {}, written.body);
    return written;
}

/// The same from what the write itself answered in the form of `output`; read anew where a rule ran after it.
Written answer(Tx& tx, const Resource& resource, const Actor& who, const Uuid& id, bool created,
               const Output& output, const Left& left) {
    if (resource.after_save) return answer(tx, resource, who, id, created);
    if (!left.is_seen) throw NotFound();
    Written written{.id = id, .created = created};
    output.write(left.result[0], written.body);
    written.version = left.result[0].integer(output.version_column());
    return written;
}

// A create that was sent before: the row is there. The same body is the same request, repeated.
Written repeated(Tx& tx, const Resource& resource, const Actor& who, const Uuid& id, const Draft& draft) {
    const Conflict taken("data.id_taken", "Another row has this id.");
    Draft existing;
    try {
        existing = lock(tx, resource, who, id, Scope::all()).draft;
    } catch (const NotFound&) {
        throw Conflict(taken);
    }
    Draft asked = draft;
    for (Draft* each : {&existing, &asked}) {
        const auto row = resource.make_row();
        to_row(*each, row.get());
        from_row(*each, row.get());
    }
    for (int field : given_fields(draft))
        if (existing[field] != asked[field]) throw Conflict(taken);
    return answer(tx, resource, who, id, false);
}

Uuid id_of(Draft& draft) {
    auto& stored = draft[draft.model->id];
    if (!draft.given[static_cast<std::size_t>(draft.model->id)]) stored = Uuid::make().text();
    return Uuid::parse(stored.value()).value();
}

}  // namespace

Written create(Tx& tx, const Resource& resource, const Actor& who, const boost::json::value& body) {
    const Model& model = *resource.model;
    const Scope may = scope_of(resource.access.create, who);
    if (may.is_none()) throw Forbidden("access.denied", "You may not create a " + model.noun + ".");
    Draft draft = initial_draft(model);
    take(draft, body, who, Verb::create);
    const Uuid id = id_of(draft);
    const Draft asked = draft;
    if (model.created_at >= 0) draft[model.created_at] = format(tx.now());
    stamp(draft, tx.now(), 1);
    const std::vector<int> given = given_fields(draft);
    if (draft.given[static_cast<std::size_t>(model.id)] &&
        tx.exists(Sql{"SELECT FROM {} WHERE id = {}", db::name(model.table), id}))
        return repeated(tx, resource, who, id, asked);
    // References first: what a rule says of a row that they lead to must not reach who can't see that row.
    check_references(tx, draft, given, who);
    run_before_save(tx, resource, who, draft, nullptr);
    db::Params params;
    const Output output(*tx.site().catalogue, resource, who, {}, params);
    const std::string insert =
        insert_statement(draft, params) + " ON CONFLICT (id) DO NOTHING RETURNING " + output.columns();
    const Left left = put(tx, resource, who, draft, id, may, insert, params);
    if (left.result.affected() == 0) return repeated(tx, resource, who, id, asked);
    if (!left.is_allowed) throw Forbidden("access.denied", "You may not create this " + model.noun + ".");
    run_after_save(tx, resource, who, draft, nullptr);
    return answer(tx, resource, who, id, true, output, left);
}

Written change(Tx& tx, const Resource& resource, const Actor& who, const Uuid& id,
               const boost::json::value& body, std::optional<std::int64_t> if_match, bool replace) {
    const Model& model = *resource.model;
    const Scope may = scope_of(resource.access.change, who);
    const Locked locked = lock(tx, resource, who, id, may);
    if (!locked.allowed) not_allowed("change", model);
    require_version(tx, resource, who, id, locked, if_match);

    Draft next = locked.draft;
    if (replace) {
        const Draft initial = initial_draft(model);
        for (std::size_t i = 0; i < model.fields.size(); ++i) {
            const Field& field = model.fields[i];
            const bool writable = !field.rules.read_only && !field.rules.create_only &&
                                  (!field.rules.write || who.can(field.rules.write));
            if (writable) next.values[i] = initial.values[i];
        }
    }
    take(next, body, who, replace ? Verb::replace : Verb::change);
    const auto before = resource.make_row();
    to_row(locked.draft, before.get());
    Draft base = locked.draft;
    from_row(base, before.get());
    check_references(tx, next, given_anew(base, next), who);
    run_before_save(tx, resource, who, next, before.get());
    require_steps(base, next);
    std::vector<int> changed;
    for (int field : differences(base, next))
        if (field != model.version && field != model.updated_at) changed.push_back(field);
    if (changed.empty()) return answer(tx, resource, who, id, false);
    stamp(next, tx.now(), locked.version() + 1);
    changed.push_back(model.version);
    if (model.updated_at >= 0) changed.push_back(model.updated_at);
    db::Params params;
    const Output output(*tx.site().catalogue, resource, who, {}, params);
    const std::string update = update_statement(next, changed, id, params) + " RETURNING " + output.columns();
    const Left left = put(tx, resource, who, next, id, may, update, params);
    if (!left.is_allowed)
        throw Forbidden("access.denied",
                        "This change would put the " + model.noun + " out of what you may change.");
    run_after_save(tx, resource, who, next, before.get());
    return answer(tx, resource, who, id, false, output, left);
}

void remove(Tx& tx, const Resource& resource, const Actor& who, const Uuid& id,
            std::optional<std::int64_t> if_match) {
    const Model& model = *resource.model;
    const Locked locked = lock(tx, resource, who, id, scope_of(resource.access.remove, who));
    if (!locked.allowed) not_allowed("remove", model);
    require_version(tx, resource, who, id, locked, if_match);
    if (resource.before_remove) {
        const auto row = resource.make_row();
        to_row(locked.draft, row.get());
        resource.before_remove(tx, who, row.get());
    }
    tx.remove_row(model, id);
}

}  // namespace tamiti
