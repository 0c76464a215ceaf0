#include "apps/users/service_personal_data.hpp"

#include <algorithm>
#include <ranges>

#include "apps/users/service.hpp"
#include "core/access/session_cache.hpp"
#include "core/audit/audit.hpp"
#include "core/base/text.hpp"
#include "core/model/list.hpp"
#include "core/model/member.hpp"
#include "core/model/output.hpp"
#include "core/program/registry.hpp"

namespace tamiti::users {
namespace {

constexpr int page_rows = 100;

/// The rows of one model that name a person.
struct NamingRows {
    ReadTx& tx;
    const Resource& resource;
    const Actor& self;      ///< the person
    std::string condition;  ///< over the row aliased t; the person is $1

    struct Count {
        std::int64_t all = 0;
        std::int64_t visible = 0;  ///< to the person
    };
    Count count() const {
        db::Params params = db::Params::of(self.id);
        const auto number_of = [&](const std::string& from) {
            return "(SELECT count(*) FROM " + from + " t WHERE " + condition + ")";
        };
        const std::string visible = visible_rows(resource, self).render(params);
        const db::Result found = tx.transaction().run(
            "SELECT " + number_of(resource.model->table) + ", " + number_of(visible), params);
        return {found[0].integer(0), found[0].integer(1)};
    }
};

/// Writes the visible ones as an array, newest first, until there are `most` or the document has so many
/// bytes; answers how many it wrote.
std::int64_t write_rows(const NamingRows& rows, std::int64_t most, std::size_t document_bytes,
                        json::Writer& writer) {
    db::Params params = db::Params::of(rows.self.id);
    const std::string visible = visible_rows(rows.resource, rows.self).render(params);
    const Output output(*rows.tx.site().catalogue, rows.resource, rows.self, {}, params);
    const std::string select = "SELECT " + output.columns() + ", t.id FROM " + visible + " t" +
                               output.joins() + " WHERE " + rows.condition;
    std::int64_t written = 0;
    const auto is_full = [&] { return written == most || writer.buffer().size() >= document_bytes; };
    std::optional<Uuid> last;
    writer.begin_array();
    for (bool is_more = !is_full(); is_more;) {
        db::Params values = params;
        const std::string after = last ? " AND t.id < $" + std::to_string(values.add(*last)) : std::string();
        const db::Result page = rows.tx.transaction().run(
            select + after + " ORDER BY t.id DESC LIMIT " + std::to_string(page_rows), values);
        for (const db::Row row : page) {
            if (is_full()) break;
            std::string json;
            output.write(row, json);
            writer.raw(json);
            ++written;
        }
        is_more = page.size() == page_rows && !is_full();
        if (is_more) last = stored_uuid(page[page_rows - 1].text(output.column_count()));
    }
    writer.end_array();
    return written;
}

/// "names the person in $1" over the row aliased t; empty where no field of the model can.
std::string names_person(const Model& model) {
    std::string condition;
    for (const Field& field : model.fields) {
        if (!field.target || &field.target() != &model_of(tag<User>{})) continue;
        const bool is_list = field.type == &reference_list_type();
        condition += condition.empty() ? "(" : " OR ";
        condition += is_list ? "t." + field.name + " @> ARRAY[$1::uuid]" : "t." + field.name + " = $1::uuid";
    }
    return condition.empty() ? condition : condition + ")";
}

void write_records_of(const NamingRows& rows, int most, std::size_t document_bytes, json::Writer& writer) {
    const NamingRows::Count count = rows.count();
    if (count.all == 0) return;
    writer.begin_object();
    writer.key("model");
    writer.string(rows.resource.model->name);
    writer.key("rows");
    // No more than were counted, where somebody makes some meanwhile.
    const std::int64_t shown =
        write_rows(rows, std::min<std::int64_t>(most, count.visible), document_bytes, writer);
    writer.key("withheld");
    writer.integer(count.all - count.visible);
    writer.key("left_out");
    writer.integer(count.visible - shown);
    writer.end_object();
}

/// An address that can't reach anybody (RFC 2606).
std::string former_address(const Uuid& person) {
    return "erased+" + person.text() + "@erased.invalid";
}

/// Invitations to the person: whom they were for is forgotten, that somebody was invited is not. One that
/// waits still ends: it couldn't be kept without the address.
void forget_invitations(Tx& tx, const Uuid& person) {
    end_invitations(
        tx, InvitationState::cancelled,
        where("lower(email) = (SELECT lower(u.email) FROM users_user u WHERE u.id = {})", person));
    const db::Result forgotten = tx.execute(
        "UPDATE users_invitation SET email = $2, first_name = '', last_name = '', job_title = '', message = "
        "'', "
        "version = version + 1, updated_at = $3 WHERE account = $1 OR lower(email) = "
        "(SELECT lower(u.email) FROM users_user u WHERE u.id = $1) RETURNING id",
        person, former_address(person), tx.now());
    for (const db::Row row : forgotten)
        audit::forget(tx, stored_uuid(row.text(0)), model_of(tag<Invitation>{}),
                      {"email", "first_name", "last_name", "job_title", "message"});
}

}  // namespace

void write_personal_rows(ReadTx& tx, const User& person, json::Writer& writer, RecordBounds bounds) {
    writer.key("account");
    std::string account;
    const Catalogue& catalogue = *tx.site().catalogue;
    const Resource& people = *catalogue.resource_of(model_of(tag<User>{}));
    read(tx, people, Actor::system(), person.id.value, {}, account);
    writer.raw(account);
    const Actor self = actor_of(person, *tx.site().permissions);
    const std::size_t document_bytes = writer.buffer().size() + bounds.bytes;
    writer.key("records");
    writer.begin_array();
    for (const Resource* resource : catalogue.resources()) {
        const std::string condition = names_person(*resource->model);
        if (condition.empty()) continue;
        write_records_of({tx, *resource, self, condition}, bounds.rows, document_bytes, writer);
    }
    writer.end_array();
}

std::string former_username(const Uuid& person) {
    return "erased-" + person.text().substr(24) + person.text().substr(19, 4);
}

Rules rules_for(tag<Erasure>, std::string_view) {
    return {.max_length = 32, .help = "The person's username, to be sure.", .example = "achieng"};
}

User erase(Tx& tx, const Actor& who, Id<User> id, Erasure asked) {
    const User person = tx.lock(id);
    if (person.erased_at) return person;
    if (id.value == who.id) throw Forbidden("users.own_rights", "Somebody else must erase your data.");
    if (person.is_active)
        throw Conflict("users.still_active", "Deactivate the account first, and hand over the open work.");
    if (lower(asked.confirm) != person.username)
        throw Invalid("confirm", "Type the username of the person whose data you erase.");
    // Apps that refer to this one go first: they may need the name that goes.
    for (const App& app : tx.site().registry->apps() | std::views::reverse)
        if (app.erase) app.erase(tx, id.value);
    tx.after_commit(
        [&site = tx.site(), user = id.value] { site.memory.get<SessionCache>(site).forget_user(user); });
    return tx.get(id);
}

void forget_person(Tx& tx, const Uuid& person) {
    forget_invitations(tx, person);
    tx.execute(
        "DELETE FROM core_mail WHERE state <> 'waiting' AND "
        "lower(recipient) = (SELECT lower(email) FROM users_user WHERE id = $1)",
        person);
    tx.execute(
        "UPDATE users_user SET username = $2, email = $3, phone = NULL, first_name = 'Former', "
        "last_name = 'member', job_title = '', bio = '', department = NULL, branch = NULL, designation = "
        "NULL, "
        "manager = NULL, working_hours = '{}', agent_tags = '{}', zones = '{}', out_of_office_from = NULL, "
        "out_of_office_until = NULL, out_of_office_delegate = NULL, is_active = false, is_verified = false, "
        "last_login_at = NULL, time_zone = $4, language = 'en', erased_at = $5, version = version + 1, "
        "updated_at = $5 WHERE id = $1",
        person, former_username(person), former_address(person), tx.site().time_zone, tx.now());
    tx.execute(
        "UPDATE users_user SET out_of_office_delegate = NULL, version = version + 1, updated_at = $2 "
        "WHERE out_of_office_delegate = $1",
        person, tx.now());
    // After the change, whose own entry in the trail has the values of before.
    audit::forget(tx, person, model_of(tag<User>{}),
                  {"username",
                   "email",
                   "phone",
                   "first_name",
                   "last_name",
                   "job_title",
                   "bio",
                   "department",
                   "branch",
                   "designation",
                   "manager",
                   "working_hours",
                   "agent_tags",
                   "zones",
                   "out_of_office_from",
                   "out_of_office_until",
                   "out_of_office_delegate",
                   "last_login_at",
                   "time_zone",
                   "language"});
}

}  // namespace tamiti::users
