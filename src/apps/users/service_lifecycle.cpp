#include "apps/users/service_lifecycle.hpp"

#include "apps/users/access.hpp"
#include "apps/users/events.hpp"
#include "apps/users/service.hpp"
#include "apps/users/service_accounts.hpp"
#include "core/events/event.hpp"
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

/// The open rows that name the person in $1.
std::string open_rows(const Responsibility& responsibility) {
    std::string condition = is_list(responsibility) ? responsibility.field + " @> ARRAY[$1::uuid]"
                                                    : responsibility.field + " = $1::uuid";
    if (responsibility.model->deleted_at >= 0) condition += " AND deleted_at IS NULL";
    return condition + " AND (" + responsibility.open + ")";
}

/// The rows in brief, as far as the actor sees them, as a JSON array.
std::string brief_rows(ReadTx& tx, const Resource& resource, const Actor& who,
                       const Responsibility& responsibility, Id<User> person) {
    const Model& model = *resource.model;
    Selection selection{.fields = {"id"}};
    for (int field : model.brief)
        selection.fields.push_back(model.fields[static_cast<std::size_t>(field)].name);
    db::Params params = db::Params::of(person);
    const std::string rows = visible_rows(resource, who).render(params);
    const Output output(*tx.site().catalogue, resource, who, selection, params);
    const db::Result result =
        tx.transaction().run("SELECT " + output.columns() + " FROM (SELECT * FROM " + rows +
                                 " AS visible WHERE " + open_rows(responsibility) + " ORDER BY id LIMIT " +
                                 std::to_string(shown_rows) + ") t" + output.joins() + " ORDER BY t.id",
                             params);
    std::string json = "[";
    for (const db::Row row : result) {
        if (json.size() > 1) json += ',';
        output.write(row, json);
    }
    return json + "]";
}

/// The columns that must be unique together with that one: a person who is there already can't come again.
std::vector<std::vector<std::string>> unique_partners(Tx& tx, const std::string& table,
                                                      const std::string& column) {
    std::vector<std::vector<std::string>> partners;
    for (const db::Row row :
         tx.rows("SELECT array_agg(a.attname) FROM pg_index i "
                 "JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey) "
                 "WHERE i.indrelid = to_regclass($1) AND i.indisunique AND i.indexprs IS NULL "
                 "GROUP BY i.indexrelid HAVING bool_or(a.attname = $2)",
                 table, column))
        partners.push_back(db::parse_array(row.text(0)));
    return partners;
}

/// That the other person isn't named by a row that must be unique: theirs then stays, and this one too.
std::string no_twin(Tx& tx, const Responsibility& responsibility) {
    const std::string& table = responsibility.model->table;
    std::string condition;
    for (const auto& columns : unique_partners(tx, table, responsibility.field)) {
        condition += " AND NOT EXISTS (SELECT FROM " + table + " AS twin WHERE true";
        for (const std::string& column : columns)
            condition += column == responsibility.field ? " AND twin." + column + " = $2::uuid"
                                                        : " AND twin." + column + " = t." + column;
        condition += ")";
    }
    return condition;
}

int hand_over_rows(Tx& tx, const Responsibility& responsibility, Id<User> from, Id<User> to) {
    const Model& model = *responsibility.model;
    const std::string& field = responsibility.field;
    const std::string value =
        is_list(responsibility) ? "CASE WHEN " + field + " @> ARRAY[$2::uuid] THEN array_remove(" + field +
                                      ", $1::uuid) ELSE array_replace(" + field + ", $1::uuid, $2::uuid) END"
                                : "$2::uuid";
    // In the order of their ids, so that two who hand over at once wait for each other and don't lock up.
    return tx
        .execute("UPDATE " + model.table + " AS t SET " + field + " = " + value +
                     ", version = version + 1, updated_at = $3 WHERE id IN (SELECT id FROM " + model.table +
                     " WHERE " + open_rows(responsibility) + " ORDER BY id FOR UPDATE)" +
                     no_twin(tx, responsibility),
                 from, to, tx.now())
        .affected();
}

/// Whoever takes over from their own superior moves up, and nobody stands in for themselves.
void make_way(Tx& tx, Id<User> from, Id<User> to) {
    tx.execute(
        "SELECT FROM users_user WHERE id IN ($1, $2) OR manager = $1 OR out_of_office_delegate = $1 "
        "ORDER BY id FOR NO KEY UPDATE",
        from, to);
    hold_reporting_lines(tx);
    tx.execute(
        "WITH RECURSIVE above (id, manager) AS ("
        "  SELECT id, manager FROM users_user WHERE id = $2"
        "  UNION SELECT u.id, u.manager FROM users_user u JOIN above a ON u.id = a.manager) "
        "UPDATE users_user SET manager = (SELECT manager FROM users_user WHERE id = $1), "
        "version = version + 1, updated_at = $3 WHERE id = $2 AND EXISTS (SELECT FROM above WHERE manager = "
        "$1)",
        from, to, tx.now());
    tx.execute(
        "UPDATE users_user SET out_of_office_delegate = NULL, version = version + 1, updated_at = $3 "
        "WHERE id = $2 AND out_of_office_delegate = $1",
        from, to, tx.now());
}

/// Locks both, in the order of their ids: whoever takes over can't leave meanwhile, and two who hand over to
/// each other wait and don't lock up. Rows that name one of them may be made meanwhile: the ids don't change.
void lock_both(Tx& tx, Id<User> from, Id<User> to) {
    tx.execute("SELECT FROM users_user WHERE id IN ($1, $2) ORDER BY id FOR NO KEY UPDATE", from, to);
}

/// Who may take over: somebody of the studio who can sign in.
void check_successor(Tx& tx, Id<User> from, Id<User> to) {
    if (from == to) throw Invalid("reassign_to", "Name somebody else.");
    const auto successor = tx.find(to);
    if (!successor || is_client(*successor) || !may_sign_in(*successor, tx.now()))
        throw Invalid("reassign_to", "Name somebody of the studio whose account is open.");
}

}  // namespace

Rules rules_for(tag<Leaving>, std::string_view member) {
    if (member == "reason")
        return {.max_length = 500, .help = "For the studio; the person doesn't see it.", .example = "Left"};
    return {.help = "Who takes over the open work; it stays where it is if this is left out."};
}

std::vector<OpenWork> open_work(ReadTx& tx, const Actor& who, Id<User> person) {
    tx.get(person, visible(who));
    const Registry& registry = *tx.site().registry;
    std::vector<OpenWork> all;
    for (const App& app : registry.apps()) {
        for (const Responsibility& responsibility : app.responsibilities) {
            const Resource* resource = registry.catalogue().resource_of(*responsibility.model);
            if (resource && !token_allows(who, *resource, "read")) continue;
            const db::Result counted = tx.rows(
                "SELECT count(*) FROM " + responsibility.model->table + " WHERE " + open_rows(responsibility),
                person);
            OpenWork work{.model = responsibility.model->name, .field = responsibility.field};
            work.count = static_cast<int>(counted[0].integer(0));
            work.rows.text = "[]";
            if (resource && work.count > 0)
                work.rows.text = brief_rows(tx, *resource, who, responsibility, person);
            all.push_back(std::move(work));
        }
    }
    return all;
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
        before_save(tx, who, next, &before);
        tx.save(next, &User::is_active, &User::signed_out_at);
        departure.invitations_cancelled = end_account(tx, who, next, leaving.reason.value_or(""));
    }
    if (leaving.reassign_to) departure.reassigned = hand_over(tx, id, *leaving.reassign_to);
    return departure;
}

User reactivate(Tx& tx, const Actor& who, Id<User> id) {
    User user = tx.lock(id);
    if (id.value == who.id) throw Forbidden("users.own_rights", "Somebody else must open your account.");
    require_not_erased(user);
    if (user.is_active) return user;
    user.is_active = true;
    tx.save(user, &User::is_active);
    forget_sessions(tx, id);
    return user;
}

}  // namespace tamiti::users
