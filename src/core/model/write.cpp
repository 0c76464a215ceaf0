#include "core/model/write.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <stdexcept>

#include "core/base/sentences.hpp"
#include "core/model/conflicts.hpp"
#include "core/model/derived.hpp"
#include "core/model/draft.hpp"
#include "core/model/label.hpp"
#include "core/model/list.hpp"
#include "core/model/record.hpp"
#include "core/model/row_rules.hpp"
#include "core/model/row_write.hpp"
#include "core/model/seen.hpp"
#include "core/model/steps.hpp"
#include "core/model/uses.hpp"

namespace tamiti {
namespace {

[[noreturn]] void not_allowed(const std::string& verb, const Model& model) {
    throw Forbidden("access.denied", "You may not " + verb + " this " + model.noun + ".");
}

Scope scope_of(Scope (*rule)(const Actor&), const Actor& who) {
    if (who.is_system) return Scope::all();
    return rule ? rule(who) : Scope::none();
}

void stamp(Draft& draft, Timestamp now, std::int64_t version) {
    const Model& model = *draft.model;
    if (model.updated_at >= 0) draft[model.updated_at] = format(now);
    draft[model.version] = std::to_string(version);
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

// Runs a rule that may refuse. References are checked with the statement that follows, but one that leads
// nowhere is told before anything that the rule has to say.
template <class Check>
void run_rule(Tx& tx, Check&& rule) {
    try {
        rule();
    } catch (const Problem&) {
        tx.transaction().settle();
        throw;
    }
}

// What hangs on a record is written with the leave of that record's rule.
void ask_record(Tx& tx, const Resource& resource, const Actor& who, const Draft& row) {
    if (resource.access.seen_with.empty()) return;
    const RecordFields& on = *record_named(*resource.model, resource.access.seen_with);
    require_open_record(tx, who, {row[on.model].value(), stored_uuid(row[on.row].value())});
}

// Runs the app's rule on row objects and takes over what it changed. Going through the row also gives every
// value one form: the database may print it in another than the client sent.
void run_before_save(Tx& tx, const Resource& resource, const Actor& who, Draft& next, const void* before) {
    const auto row = resource.make_row();
    to_row(next, row.get());
    try {
        run_rule(tx, [&] {
            ask_record(tx, resource, who, next);
            if (resource.before_save) resource.before_save(tx, who, row.get(), before);
        });
    } catch (const Problem&) {
        from_row(next, row.get());  // what the rule made of values by then is what they are
        throw;
    }
    from_row(next, row.get());
}

/// What the app's rule has to say of a row that is refused in any case. It sees the sound values and those
/// that were there before; what it does is undone with the request.
std::vector<FieldError> faults_of_rule(Tx& tx, const Resource& resource, const Actor& who, Draft& next,
                                       const void* before) {
    try {
        run_before_save(tx, resource, who, next, before);
    } catch (const Invalid& refusal) {
        return refusal.errors();
    } catch (const Problem&) {
        // Of a row that isn't whole it can't say more.
    }
    return {};
}

/// Refuses a row of whose values some are at fault, and says with them what else is wrong: references, what
/// the app's rule finds, and the rules between fields.
[[noreturn]] void refuse_row(Tx& tx, const Resource& resource, const Actor& who, Draft& next,
                             const void* before, const std::vector<int>& given,
                             std::vector<FieldError> faults) {
    std::vector<int> sound;
    for (const int field : given)
        if (!is_at_fault(resource.model->fields[static_cast<std::size_t>(field)], faults))
            sound.push_back(field);
    const bool leads_nowhere = std::ranges::any_of(resource.model->fields, [&](const Field& field) {
        return (field.target || !field.record.empty()) && is_at_fault(field, faults);
    });
    const auto collect = [&](const auto& ask) {
        const std::size_t before_it = faults.size();
        try {
            ask();
            tx.transaction().settle();
        } catch (const Invalid& refusal) {
            add_faults(faults, refusal.errors());
        }
        return faults.size() == before_it;
    };
    // What a rule says of a row that a reference leads to must not reach who can't see that row.
    if (collect([&] { check_references(tx, next, sound, who); }) && !leads_nowhere)
        add_faults(faults, faults_of_rule(tx, resource, who, next, before));
    collect([&] { ask_rules(tx, next, rules_about(*resource.model, sound, faults)); });
    throw Invalid(std::move(faults));
}

/// Checks references, runs the app's rule and asks the rules between fields, where one alone would not tell
/// all.
void run_rules(Tx& tx, const Resource& resource, const Actor& who, Draft& next, const void* before,
               const std::vector<int>& given, std::vector<FieldError> faults) {
    if (!faults.empty()) refuse_row(tx, resource, who, next, before, given, std::move(faults));
    const bool has_references = check_references(tx, next, given, who);
    Draft ruled = next;
    try {
        run_before_save(tx, resource, who, ruled, before);
    } catch (const Invalid& refusal) {
        refuse_row(tx, resource, who, next, before, given, refusal.errors());
    }
    next = std::move(ruled);
    const std::vector<int> rules = rules_about(*resource.model, given, {});
    if (has_references || rules.size() > 1) ask_rules(tx, next, rules);
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

/// Whether what a change was to the actor is counted behind it, so that it can't be told by the write itself.
bool is_counted(const Resource& resource, const Actor& who) {
    return !sees_every_field(*resource.model, who);
}

/// The same from what the write itself answered in the form of `output`; read anew where a rule ran after it.
Written answer(Tx& tx, const Resource& resource, const Actor& who, const Uuid& id, bool created,
               const Output& output, const WrittenRow& left) {
    if (resource.after_save || (!created && is_counted(resource, who)))
        return answer(tx, resource, who, id, created);
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
        count_hidden_conflict(tx, who);
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

/// What is to be asked of a row in the round trip of its write: whether the actor sees it. Nothing where that
/// is so for every row, and where a rule may still change it, since it is read once more then.
std::optional<Scope> seen_after(const Resource& resource, const Actor& who, const Draft& row) {
    if (resource.after_save) return std::nullopt;
    const Scope seen = resource.visible_to(who);
    const int deleted_at = resource.model->deleted_at;
    const bool is_removed = deleted_at >= 0 && row[deleted_at].has_value();
    if (seen.is_all() && !is_removed) return std::nullopt;
    return seen;
}

/// What fields begin with that depend on who writes, where they were left out.
void begin_as(Draft& draft, const Actor& who, Verb verb) {
    for (std::size_t i = 0; i < draft.values.size(); ++i) {
        const Rules& rules = draft.model->fields[i].rules;
        if (draft.given[i]) continue;
        if (verb == Verb::create && rules.true_for && who.can(rules.true_for)) draft.values[i] = "true";
        if (rules.actor_first && !who.id.is_nil()) draft.values[i] = who.id.text();
    }
}

/// Where the actor may create rows; Forbidden where nowhere.
Scope creatable(const Resource& resource, const Actor& who) {
    const Scope may = scope_of(resource.access.create, who);
    if (may.is_none())
        throw Forbidden("access.denied",
                        "You may not create " + with_article(noun_of(*resource.model)) + ".");
    return may;
}

/// The row as it is before a change, as an object and in the form that objects have.
struct Before {
    Locked locked;
    std::shared_ptr<void> row;
    Draft draft;
};

Before lock_to_change(Tx& tx, const Resource& resource, const Actor& who, const Uuid& id, const Scope& may) {
    Locked locked = lock(tx, resource, who, id, may);
    if (!locked.allowed) not_allowed("change", *resource.model);
    auto row = resource.make_row();
    to_row(locked.draft, row.get());
    Draft draft = locked.draft;
    from_row(draft, row.get());
    return {std::move(locked), std::move(row), std::move(draft)};
}

/// Writes what the rules leave different, and the version; `returning` is answered. Nothing where nothing
/// differs.
std::optional<WrittenRow> put_change(Tx& tx, const Resource& resource, const Actor& who, const Before& before,
                                     Draft& next, const Scope& may, const std::string& returning,
                                     Ending ending) {
    const Model& model = *resource.model;
    run_rule(tx, [&] { require_steps(before.draft, next); });
    std::vector<int> changed;
    for (int field : differences(before.draft, next))
        if (field != model.version && field != model.updated_at) changed.push_back(field);
    if (changed.empty()) return std::nullopt;
    stamp(next, tx.now(), before.locked.version() + 1);
    changed.push_back(model.version);
    if (model.updated_at >= 0) changed.push_back(model.updated_at);
    const Uuid id = Uuid::parse(next[model.id].value()).value();
    db::Params params;
    std::string update = at_moment(update_statement(next, changed, id, params) + " RETURNING " + returning,
                                   tx.now(), who, params);
    if (resource.after_save || is_counted(resource, who)) ending = Ending::open;
    WrittenRow left = with_conflicts_counted(tx, resource, who, next, changed, ending, [&](Ending with) {
        return write_row(tx, {.model = model,
                              .id = id,
                              .may = may,
                              .seen = seen_after(resource, who, next),
                              .statement = std::move(update),
                              .params = params,
                              .ending = with});
    });
    if (!left.is_allowed)
        throw Forbidden("access.denied",
                        "This change would put the " + model.noun + " out of what you may change.");
    run_after_save(tx, resource, who, next, before.row.get());
    return left;
}

/// What PUT begins with: what the actor may write goes back to its initial value. One that depends on who
/// made the row stays.
void reset_writable(Draft& draft, const Actor& who) {
    const Draft initial = initial_draft(*draft.model);
    for (std::size_t i = 0; i < draft.values.size(); ++i) {
        const Field& field = draft.model->fields[i];
        const bool writable = !field.rules.read_only && !field.rules.create_only && !field.rules.true_for &&
                              (!field.rules.write || who.can(field.rules.write));
        if (writable) draft.values[i] = initial.values[i];
    }
}

/// Removes a row that nothing keeps, and refuses with the names of those that do.
void remove_unused(Tx& tx, const Model& model, const Actor& who, const Uuid& id) {
    if (model.deleted_at >= 0 || !is_restricted(*tx.site().catalogue, model)) return tx.remove_row(model, id);
    tx.send(Sql("SAVEPOINT removal"));
    try {
        tx.remove_row(model, id);
    } catch (const db::Error& error) {
        if (error.sqlstate != "23503") throw;  // foreign key
        tx.execute(Sql("ROLLBACK TO SAVEPOINT removal"));
        throw still_in_use(tx, who, model, id);
    }
    tx.send(Sql("RELEASE SAVEPOINT removal"));
}

/// The resource under whose rules rows of the model are written.
const Resource& mounted(Tx& tx, const Model& model) {
    const Resource* resource = tx.site().catalogue->resource_of(model);
    if (!resource) throw std::logic_error(model.name + ": no resource says who may write its rows");
    return *resource;
}

void load(const Model& model, const db::Row& from, void* row) {
    for (std::size_t i = 0; i < model.fields.size(); ++i)
        model.fields[i].load(row, from.optional_text(static_cast<int>(i)));
}

}  // namespace

void require_version(ReadTx& tx, const Resource& resource, const Actor& who, const Uuid& id,
                     std::int64_t version, const http::IfMatch& if_match) {
    if (!if_match.asks()) return;
    if (if_match.admits(seen_version(tx, *resource.model, who, id, version))) return;
    std::string current;
    read(tx, resource, who, id, {}, current);
    throw Problem(412, "http.changed_meanwhile",
                  "The row was changed since you read it. Look at its current state and try again.")
        .with_current(std::move(current));
}

Written create(Tx& tx, const Resource& resource, const Actor& who, const boost::json::value& body,
               Ending ending) {
    const Model& model = *resource.model;
    const Scope may = creatable(resource, who);
    Draft draft = initial_draft(model);
    std::vector<FieldError> faults = take_sound(draft, body, who, Verb::create);
    const Uuid id = id_of(draft);
    const Draft asked = draft;
    begin_as(draft, who, Verb::create);
    if (model.created_at >= 0) draft[model.created_at] = format(tx.now());
    stamp(draft, tx.now(), 1);
    const std::vector<int> given = given_fields(draft);
    const bool is_chosen = draft.given[static_cast<std::size_t>(model.id)];
    if (is_chosen && !resource.visible_to(who).is_all()) require_few_conflicts(tx, who);
    if (is_chosen && faults.empty() &&
        tx.exists(Sql{"SELECT FROM {} WHERE id = {}", db::name(model.table), id}))
        return repeated(tx, resource, who, id, asked);
    // References first: what a rule says of a row that they lead to must not reach who can't see that row.
    run_rules(tx, resource, who, draft, nullptr, given, std::move(faults));
    db::Params params;
    bind(draft, params);
    const Output output(*tx.site().catalogue, resource, who, {}, params);
    // An id that was made here is nobody else's; to look whether it is costs a second lock and record.
    std::string insert = model.insertion + (is_chosen ? " ON CONFLICT (id) DO NOTHING" : "") + " RETURNING " +
                         output.columns();
    if (is_chosen || resource.after_save) ending = Ending::open;
    const WrittenRow left = with_conflicts_counted(tx, resource, who, draft, given, ending, [&](Ending with) {
        return write_row(tx, {.model = model,
                              .id = id,
                              .may = may,
                              .seen = seen_after(resource, who, draft),
                              .statement = at_moment(std::move(insert), tx.now(), who, params),
                              .params = params,
                              .ending = with});
    });
    if (is_chosen && left.result.affected() == 0) return repeated(tx, resource, who, id, asked);
    if (!left.is_allowed) throw Forbidden("access.denied", "You may not create this " + model.noun + ".");
    run_after_save(tx, resource, who, draft, nullptr);
    return answer(tx, resource, who, id, true, output, left);
}

Written change(Tx& tx, const Resource& resource, const Actor& who, const Uuid& id,
               const boost::json::value& body, const http::IfMatch& if_match, bool replace, Ending ending) {
    const Scope may = scope_of(resource.access.change, who);
    const Before before = lock_to_change(tx, resource, who, id, may);
    require_version(tx, resource, who, id, before.locked.version(), if_match);
    Draft next = before.locked.draft;
    if (replace) reset_writable(next, who);
    std::vector<FieldError> faults = take_sound(next, body, who, replace ? Verb::replace : Verb::change);
    if (replace) begin_as(next, who, Verb::replace);
    run_rules(tx, resource, who, next, before.row.get(), given_anew(before.draft, next), std::move(faults));
    db::Params unused;
    const Output output(*tx.site().catalogue, resource, who, {}, unused);
    const auto left = put_change(tx, resource, who, before, next, may, output.columns(), ending);
    return left ? answer(tx, resource, who, id, false, output, *left) : answer(tx, resource, who, id, false);
}

void remove(Tx& tx, const Resource& resource, const Actor& who, const Uuid& id,
            const http::IfMatch& if_match) {
    const Model& model = *resource.model;
    const Locked locked = lock(tx, resource, who, id, scope_of(resource.access.remove, who));
    if (!locked.allowed) not_allowed("remove", model);
    require_version(tx, resource, who, id, locked.version(), if_match);
    ask_record(tx, resource, who, locked.draft);
    if (resource.before_remove) {
        const auto row = resource.make_row();
        to_row(locked.draft, row.get());
        resource.before_remove(tx, who, row.get());
    }
    remove_unused(tx, model, who, id);
}

namespace write_parts {

void make(Tx& tx, const Model& model, const Actor& who, void* row) {
    const Resource& resource = mounted(tx, model);
    const Scope may = creatable(resource, who);
    Draft draft = new_draft(model, row, tx.now());
    const Uuid id = Uuid::parse(draft[model.id].value()).value();
    run_rules(tx, resource, who, draft, nullptr, differences(initial_draft(model), draft), {});
    db::Params params;
    bind(draft, params);
    const WrittenRow left =
        write_row(tx, {.model = model,
                       .id = id,
                       .may = may,
                       .seen = std::nullopt,
                       .statement = model.insertion + " RETURNING " + model.columns.text(),
                       .params = params});
    if (!left.is_allowed) throw Forbidden("access.denied", "You may not create this " + model.noun + ".");
    run_after_save(tx, resource, who, draft, nullptr);
    load(model, left.result[0], row);
}

void change(Tx& tx, const Model& model, const Actor& who, const Uuid& id,
            const std::function<void(void*)>& edit, void* row) {
    const Resource& resource = mounted(tx, model);
    const Scope may = scope_of(resource.access.change, who);
    const Before before = lock_to_change(tx, resource, who, id, may);
    to_row(before.draft, row);
    edit(row);
    Draft next = before.draft;
    from_row(next, row);
    for (int kept : {model.id, model.version, model.created_at, model.updated_at, model.deleted_at})
        if (kept >= 0) next[kept] = before.draft[kept];
    run_rules(tx, resource, who, next, before.row.get(), differences(before.draft, next), {});
    const auto left = put_change(tx, resource, who, before, next, may, model.columns.text(), Ending::open);
    if (left && !left->is_seen) throw NotFound();
    if (left)
        load(model, left->result[0], row);
    else
        to_row(before.draft, row);
}

void drop(Tx& tx, const Model& model, const Actor& who, const Uuid& id) {
    remove(tx, mounted(tx, model), who, id, {});
}

}  // namespace write_parts
}  // namespace tamiti
