#include "apps/users/service_lifecycle.hpp"

#include "apps/users/access.hpp"
#include "apps/users/events.hpp"
#include "apps/users/service.hpp"
#include "apps/users/service_accounts.hpp"
#include "core/events/event.hpp"
#include "core/mail/mail.hpp"
#include "core/model/input.hpp"
#include "core/model/member.hpp"
#include "core/model/output.hpp"
#include "core/model/token_grants.hpp"
#include "core/program/registry.hpp"

namespace tamiti::users {
namespace {

constexpr int shown_rows = 20;

/// Whether a field names one person or several.
bool is_list(const Responsibility& responsibility) {
    return responsibility.model->field(responsibility.field).type == &reference_list_type();
}

/// "It names the person and is open", of a row of the responsibility's model.
Scope open_rows(const Responsibility& responsibility, Id<User> person) {
    const Sql field = db::name(responsibility.field);
    const Sql names =
        is_list(responsibility) ? Sql{"{} @> ARRAY[{}::uuid]", field, person} : Sql{"{} = {}", field, person};
    const Sql lives = responsibility.model->deleted_at >= 0 ? Sql("deleted_at IS NULL") : Sql("true");
    return where("{} AND {} AND ({})", names, lives, Sql::verbatim(responsibility.open));
}

/// The rows in brief, as far as the actor sees them, as a JSON array.
std::string brief_rows(ReadTx& tx, const Resource& resource, const Actor& who,
                       const Responsibility& responsibility, Id<User> person) {
    const Model& model = *resource.model;
    Selection selection{.fields = {"id"}};
    for (int field : model.brief)
        selection.fields.push_back(model.fields[static_cast<std::size_t>(field)].name);
    db::Params params;
    const Output output(*tx.site().catalogue, resource, who, selection, params);
    const std::string statement =
        Sql{R"(SELECT {} FROM (SELECT * FROM {} AS visible WHERE {} ORDER BY id LIMIT {}) t{} ORDER BY t.id)",
            Sql::verbatim(output.columns()),
            visible_rows(resource, who),
            open_rows(responsibility, person),
            shown_rows,
            Sql::verbatim(output.joins())}
            .render(params);
    // By place: an Output writes the rows.
    const db::Result result = tx.transaction().run(statement, params);
    std::string json = "[";
    // By place: as above.
    for (const db::Row row : result) {
        if (json.size() > 1) json += ',';
        output.write(row, json);
    }
    return json + "]";
}

/// The columns that must be unique together with that one: a person who is there already can't come again.
std::vector<Tags> unique_partners(Tx& tx, const std::string& table, const std::string& column) {
    return tx.all<Tags>({R"(SELECT array_agg(a.attname) FROM pg_index i
                            JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey)
                            WHERE i.indrelid = to_regclass({}) AND i.indisunique AND i.indexprs IS NULL
                            GROUP BY i.indexrelid HAVING bool_or(a.attname = {}))",
                         table, column});
}

/// That the other person isn't named by a row that must be unique: theirs then stays, and this one too.
Scope no_twin(Tx& tx, const Responsibility& responsibility, Id<User> to) {
    const std::string& table = responsibility.model->table;
    Scope alone = Scope::all();
    for (const Tags& columns : unique_partners(tx, table, responsibility.field)) {
        std::vector<Sql> same;
        for (const std::string& column : columns.names)
            same.push_back(column == responsibility.field
                               ? Sql{"twin.{} = {}", db::name(column), to}
                               : Sql{"twin.{} = t.{}", db::name(column), db::name(column)});
        alone = alone && where("NOT EXISTS (SELECT FROM {} AS twin WHERE {})", db::name(table),
                               db::join(same, " AND "));
    }
    return alone;
}

int hand_over_rows(Tx& tx, const Responsibility& responsibility, Id<User> from, Id<User> to) {
    const Sql table = db::name(responsibility.model->table), field = db::name(responsibility.field);
    const Sql value = is_list(responsibility)
                          ? Sql{R"(CASE WHEN {} @> ARRAY[{}::uuid] THEN array_remove({}, {}::uuid)
                                   ELSE array_replace({}, {}::uuid, {}::uuid) END)",
                                field,
                                to,
                                field,
                                from,
                                field,
                                from,
                                to}
                          : Sql{"{}::uuid", to};
    // In the order of their ids, so that two who hand over at once wait for each other and don't lock up.
    return tx.execute({R"(UPDATE {} AS t SET {} = {}, version = version + 1, updated_at = {}
                          WHERE id IN (SELECT id FROM {} WHERE {} ORDER BY id FOR UPDATE) AND {})",
                       table, field, value, tx.now(), table, open_rows(responsibility, from),
                       no_twin(tx, responsibility, to)});
}

/// Whoever takes over from their own superior moves up, and nobody stands in for themselves.
void make_way(Tx& tx, Id<User> from, Id<User> to) {
    tx.execute({R"(SELECT FROM users_user WHERE id IN ({}, {}) OR manager = {} OR out_of_office_delegate = {}
                   ORDER BY id FOR NO KEY UPDATE)",
                from, to, from, from});
    hold_reporting_lines(tx);
    tx.update<User>({"manager = (SELECT manager FROM users_user WHERE id = {})", from},
                    where(R"(id = {} AND EXISTS (
                               WITH RECURSIVE above (id, manager) AS (
                                 SELECT id, manager FROM users_user WHERE id = {}
                                 UNION SELECT u.id, u.manager FROM users_user u JOIN above a ON u.id = a.manager)
                               SELECT FROM above WHERE manager = {}))",
                          to, to, from));
    tx.update<User>({"out_of_office_delegate = NULL"},
                    where("id = {} AND out_of_office_delegate = {}", to, from));
}

/// Locks both, in the order of their ids: whoever takes over can't leave meanwhile, and two who hand over to
/// each other wait and don't lock up. Rows that name one of them may be made meanwhile: the ids don't change.
void lock_both(Tx& tx, Id<User> from, Id<User> to) {
    tx.execute({"SELECT FROM users_user WHERE id IN ({}, {}) ORDER BY id FOR NO KEY UPDATE", from, to});
}

/// Who may take over: somebody of the studio who can sign in.
void check_successor(Tx& tx, Id<User> from, Id<User> to) {
    if (from == to) throw Invalid("reassign_to", "Name somebody else.");
    const auto successor = tx.find(to);
    if (!successor || is_client(*successor) || !may_sign_in(*successor, tx.now()))
        throw Invalid("reassign_to", "Name somebody of the studio whose account is open.");
}

/// Who takes over learns of it: nobody looks for work that they don't know of.
void tell_successor(Tx& tx, const User& left, Id<User> to, int rows) {
    const User successor = tx.get(to);
    send_mail(
        tx, successor, "work_handed_over",
        {{"from", name_of(left)}, {"count", std::to_string(rows)}, {"link", mail::link(tx.site(), "/")}});
}

}  // namespace

const Shape& shape_of(tag<Leaving>) {
    static const Shape shape = input<Leaving>(
        {field<&Leaving::reassign_to>(
             "reassign_to",
             {.help = "Who takes over the open work; it stays where it is if this is left out."}),
         field<&Leaving::reason>("reason",
                                 {.max_length = 500,
                                  .help = "Kept with the account for the studio; the person doesn't see it.",
                                  .example = "Left"})});
    return shape;
}

std::vector<OpenWork> open_work(ReadTx& tx, const Actor& who, Id<User> person) {
    tx.get(person, visible(who));
    const Registry& registry = *tx.site().registry;
    std::vector<OpenWork> all;
    for (const App& app : registry.apps()) {
        for (const Responsibility& responsibility : app.responsibilities) {
            const Resource* resource = registry.catalogue().resource_of(*responsibility.model);
            if (resource && !token_allows(who, *resource, "read")) continue;
            OpenWork work{.model = responsibility.model->name, .field = responsibility.field};
            work.count =
                tx.value<int>({"SELECT count(*) FROM {} WHERE {}", db::name(responsibility.model->table),
                               open_rows(responsibility, person)});
            work.rows.text = "[]";
            if (resource && work.count > 0)
                work.rows.text = brief_rows(tx, *resource, who, responsibility, person);
            all.push_back(std::move(work));
        }
    }
    return all;
}

bool has_open_work(ReadTx& tx, Id<User> person) {
    for (const App& app : tx.site().registry->apps())
        for (const Responsibility& responsibility : app.responsibilities)
            if (tx.exists({"SELECT FROM {} WHERE {}", db::name(responsibility.model->table),
                           open_rows(responsibility, person)}))
                return true;
    return false;
}

void hold_reporting_lines(Tx& tx) {
    tx.hold("users.manager");
}

int hand_over(Tx& tx, Id<User> from, Id<User> to) {
    make_way(tx, from, to);
    int changed = 0;
    for (const App& app : tx.site().registry->apps())
        for (const Responsibility& responsibility : app.responsibilities)
            changed += hand_over_rows(tx, responsibility, from, to);
    return changed;
}

int end_account(Tx& tx, const Actor& who, const User& person, const std::string& reason) {
    const int cancelled =
        end_invitations(tx, InvitationState::cancelled, where("invited_by = {}", person.id));
    tx.emit(UserDeactivated{.user = person.id, .by = self(who), .reason = reason, .at = tx.now()});
    send_mail(tx, person, "account_deactivated");
    forget_sessions(tx, person.id);
    return cancelled;
}

Departure deactivate(Tx& tx, const Actor& who, Id<User> id, Leaving leaving) {
    if (leaving.reassign_to) lock_both(tx, id, *leaving.reassign_to);
    const User before = tx.lock(id);
    if (id.value == who.id) throw Forbidden("users.own_rights", "Somebody else must close your account.");
    if (leaving.reassign_to) check_successor(tx, id, *leaving.reassign_to);
    Departure departure{.id = id};
    if (before.is_active) {
        User next = before;
        next.is_active = false;
        next.deactivation_reason = {leaving.reason.value_or("")};
        before_save(tx, who, next, &before);
        tx.save(next, &User::is_active, &User::signed_out_at, &User::deactivation_reason);
        departure.invitations_cancelled = end_account(tx, who, next, leaving.reason.value_or(""));
    }
    if (leaving.reassign_to) departure.reassigned = hand_over(tx, id, *leaving.reassign_to);
    if (departure.reassigned > 0) tell_successor(tx, before, *leaving.reassign_to, departure.reassigned);
    return departure;
}

User reactivate(Tx& tx, const Actor& who, Id<User> id) {
    User user = tx.lock(id);
    if (id.value == who.id) throw Forbidden("users.own_rights", "Somebody else must open your account.");
    require_not_erased(user);
    if (user.is_active) return user;
    user.is_active = true;
    user.deactivation_reason = {};
    tx.save(user, &User::is_active, &User::deactivation_reason);
    forget_sessions(tx, id);
    return user;
}

}  // namespace tamiti::users
