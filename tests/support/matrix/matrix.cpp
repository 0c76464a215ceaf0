#include "tests/support/matrix/matrix.hpp"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <sstream>

#include "core/base/json.hpp"
#include "core/model/verb_names.hpp"

namespace tamiti::test {
namespace {

constexpr const char* no_row = "-";

Scope scope_of(Scope (*rule)(const Actor&), const Actor& who) {
    return rule ? rule(who) : Scope::none();
}

bool takes_body(http::Method method) {
    return method != http::Method::get && method != http::Method::delete_;
}

bool is_bulk_change(const Operation& operation) {
    return operation.verb == Verb::bulk && operation.resource->access.change;
}

/// Whether an empty object lacks something that a replacement must say.
bool needs_values(const Model& model) {
    return std::ranges::any_of(model.fields, [](const Field& field) {
        return field.rules.required && !field.rules.read_only && !field.rules.create_only;
    });
}

/// The body of a request; that of a bulk holds the one operation, as a dry run.
Body body_of(const Operation& operation, const Sending& sending, const std::string& kind,
             const std::string& id) {
    if (!takes_body(operation.method)) return Body::none();
    if (is_bulk_change(operation)) {
        const Object one = {{"op", "change"}, {"id", id}, {"data", Object{}}};
        return {{"atomic", false}, {"dry_run", true}, {"operations", Array{one}}};
    }
    const bool creates = operation.verb == Verb::create || operation.verb == Verb::bulk;
    const Body body = sending.body ? sending.body(id, kind)
                      : creates    ? example_of(*operation.resource, sending.about, id)
                                   : Body();
    if (operation.verb != Verb::bulk) return body;
    const Object one = {{"op", "create"}, {"data", json::parse(body.text())}};
    return {{"atomic", false}, {"dry_run", true}, {"operations", Array{one}}};
}

std::string address_of(const Operation& operation, const Sending& sending, const std::string& id) {
    std::string path = operation.path + sending.query;
    for (std::size_t brace = path.find('{'); brace != std::string::npos; brace = path.find('{'))
        path.replace(brace, path.find('}') - brace + 1, sending.text.empty() ? id : sending.text);
    return path;
}

bool is_row_verb(const Operation& operation) {
    return operation.route && operation.route->access.kind == RouteAccess::Kind::row;
}

/// The title of an operation's block.
std::string title_of(const Operation& operation) {
    if (!is_row_verb(operation)) return name_of(operation);
    const RouteAccess& verb = operation.route->access;
    const Access& access = Api::registry().catalogue().resource_of(*verb.model)->access;
    const char* like = verb.rows == access.change   ? " like changes"
                       : verb.rows == access.remove ? " like removes"
                       : verb.rows == access.view   ? " like sees"
                                                    : "";
    return name_of(operation) + like;
}

Sql in_trash(const Model& model) {
    return model.deleted_at < 0 ? Sql("false") : Sql("deleted_at IS NOT NULL");
}

}  // namespace

Matrix::Matrix(Cast cast, std::string app) : cast_(std::move(cast)), app_(std::move(app)) {
    start_samples(cast_.chief, cast_.owner);
}

void Matrix::ask() {
    const Resource* stated = nullptr;
    for (const Operation& operation : Api::pipeline().router().all()) {
        if (operation.app != app_) continue;
        if (operation.resource && operation.resource != stated) {
            stated = operation.resource;
            state_rights(*stated);
        }
        if (operation.verb == Verb::list) {
            ask_list(operation);
            continue;
        }
        if (operation.verb == Verb::summary) {
            ask_summary(operation);
            continue;
        }
        const Sending sending = sending_of(operation);
        const Kinds kinds = sending.about.empty() ? Kinds{{no_row, ""}} : kinds_at(sending.about);
        for (const auto& [kind, id] : kinds) ask_row(operation, sending, kind, id);
        if (operation.verb == Verb::replace) rights_.erase(operation.resource->path);
    }
}

void Matrix::state_rights(const Resource& resource) {
    table_.begin(resource.path);
    for (const auto& [kind, actors] : rights_at(resource.path))
        for (const std::string& actor : cast_.actors) {
            const Rights& rights = actors.at(actor);
            if (rights.sees) table_.add(resource.path, "sees", kind, actor, 0);
        }
    for (const auto& [kind, actors] : rights_at(resource.path))
        for (const std::string& actor : cast_.actors)
            if (actors.at(actor).sees && actors.at(actor).changes)
                table_.add(resource.path, "changes", kind, actor, 0);
    for (const auto& [kind, actors] : rights_at(resource.path))
        for (const std::string& actor : cast_.actors)
            if (actors.at(actor).sees && actors.at(actor).removes)
                table_.add(resource.path, "removes", kind, actor, 0);
}

/// A summary counts for everybody what their list has.
void Matrix::ask_summary(const Operation& operation) {
    ask_nobodies(operation, {}, no_row, {});
    for (const std::string& actor : cast_.actors) {
        const Answer counted = Api::get(actor, operation.path);
        note(operation, operation.path, no_row, actor, counted.status);
        if (counted.status != 200) continue;
        const Answer list = Api::get(actor, operation.resource->path + "?page_size=1");
        EXPECT_EQ(counted.count(), list.count()) << actor << " at " << operation.path;
    }
}

/// A list answers everybody, so it must be looked into: it has each row for whomever that row is there.
void Matrix::ask_list(const Operation& operation) {
    ask_nobodies(operation, {}, no_row, {});
    const std::string& path = operation.path;
    for (const std::string& actor : cast_.actors) {
        const Answer list = Api::get(actor, path + "?page_size=200");
        note(operation, path, no_row, actor, list.status);
        if (list.status != 200) continue;
        EXPECT_TRUE(list.json().at("next").is_null()) << path << " has rows on another page";
        const std::vector<std::string> ids = list.ids();
        for (const auto& [kind, id] : kinds_at(path))
            EXPECT_EQ(std::ranges::count(ids, id), rights_at(path).at(kind).at(actor).is_there() ? 1 : 0)
                << actor << " lists " << path << " with " << kind;
    }
}

void Matrix::ask_row(const Operation& operation, const Sending& sending, const std::string& kind,
                     const std::string& id) {
    ask_nobodies(operation, sending, kind, id);
    for (const std::string& actor : cast_.actors) {
        const Reply reply = send(operation, sending, actor, kind, id);
        const Answer& answer = reply.answer;
        const bool is_done = operation.verb == Verb::bulk && answer.status == 200;
        const int status = is_done ? std::stoi(answer.text("results.0.status")) : answer.status;
        if (is_row_verb(operation))
            note_verb(operation, kind, actor, reply);
        else
            note(operation, sending.about, kind, actor, status);
        if (operation.verb == Verb::restore && kind == "deleted" && status == 200)
            removed(operation.resource->path, id);
        if (operation.verb == Verb::none && operation.method != http::Method::get && status < 300)
            cast_.sign_in_again(actor);
    }
}

Matrix::Reply Matrix::send(const Operation& operation, const Sending& sending, const std::string& actor,
                           const std::string& kind, const std::string& id) {
    if (sending.before) sending.before(id);
    const bool is_signed_in = std::ranges::count(cast_.nobodies, actor) == 0;
    const int barred_by = is_row_verb(operation) && is_signed_in ? barred(operation, actor, id) : 0;
    Api::Headers headers;
    if (operation.verb == Verb::remove) headers.emplace_back("If-Match", "\"0\"");
    Answer answer = Api::send(operation.method, actor, address_of(operation, sending, id),
                              body_of(operation, sending, kind, id), headers);
    EXPECT_LT(answer.status, 500) << name_of(operation) << " " << kind << " " << actor << answer.body;
    if (operation.verb == Verb::create && answer.status == 201)
        check_made(operation, actor, answer.text("id"));
    if (sending.after) sending.after(id);
    return {std::move(answer), barred_by};
}

/// Whatever a table says: who is nobody gets in nowhere, and an account that is closed or over is nobody.
void Matrix::ask_nobodies(const Operation& operation, const Sending& sending, const std::string& kind,
                          const std::string& id) {
    int status = 401;
    for (const std::string& nobody : cast_.nobodies) {
        const Answer answer = send(operation, sending, nobody, kind, id).answer;
        cells_.push_back({name_of(operation), kind, nobody, answer.status});
        if (operation.is_for_anyone() && nobody == cast_.nobodies.front()) {
            status = answer.status;
            table_.add(name_of(operation), {}, kind, nobody, status);
        }
        EXPECT_EQ(answer.status, status) << name_of(operation) << " about " << kind << " as " << nobody;
    }
}

/// Keeps an answer: in the table where nothing declared tells it.
void Matrix::note(const Operation& operation, const std::string& about, const std::string& kind,
                  const std::string& actor, int status) {
    cells_.push_back({name_of(operation), kind, actor, status});
    if (operation.verb == Verb::none)
        table_.add(name_of(operation), {}, kind, actor, status);
    else if (status != derived(operation, about, kind, actor, status))
        table_.add(operation.resource->path, "but " + std::string(name_of(operation.verb)), kind, actor,
                   status);
}

/// Keeps what a verb on one row answered to whom the engine lets do it, and whatever the scopes don't tell.
void Matrix::note_verb(const Operation& operation, const std::string& kind, const std::string& actor,
                       const Reply& reply) {
    const int status = reply.answer.status;
    cells_.push_back({name_of(operation), kind, actor, status});
    const std::string title = title_of(operation);
    table_.begin(title);
    const bool says_who = title != name_of(operation);
    const int told = reply.barred ? reply.barred : says_who ? operation.route->status : 0;
    if (status != told) table_.add(title, {}, kind, actor, status);
}

int Matrix::barred(const Operation& operation, const std::string& actor, const std::string& id) const {
    const Actor who = Api::actor(actor);
    const RouteAccess& verb = operation.route->access;
    const Sql sql{"SELECT {} FROM {} WHERE id = {}::uuid AND {} AND NOT {}",
                  verb.rows(who),
                  db::name(verb.model->table),
                  id,
                  Api::registry().catalogue().resource_of(*verb.model)->visible_to(who),
                  in_trash(*verb.model)};
    const db::Result rows = Api::site().pool->acquire()->run(sql.text(), sql.params());
    if (rows.size() == 0) return 404;
    return rows[0].boolean(0) ? 0 : 403;
}

int Matrix::derived(const Operation& operation, const std::string& about, const std::string& kind,
                    const std::string& actor, int status) {
    const Resource& resource = *operation.resource;
    const std::string key = resource.path + " " + kind + " " + actor;
    if (operation.verb == Verb::list || operation.verb == Verb::summary) return 200;
    if (operation.verb == Verb::create) {
        single_.try_emplace(key, status);
        if (resource.access.create(Api::actor(actor)).is_none()) return 403;
        if (!about.empty() && !rights_at(about).at(kind).at(actor).is_there()) return 422;
        if (status == 201) table_.add(resource.path, "creates", kind, actor, 0);
        return status == 201 ? 201 : 403;
    }
    if (operation.verb == Verb::bulk) return single_.at(key);
    const Rights& rights = rights_at(resource.path).at(kind).at(actor);
    if (operation.verb == Verb::history)
        return rights.is_there() || (rights.sees && rights.removes) ? 200 : 404;
    if (operation.verb == Verb::restore) {
        if (!rights.sees || (rights.is_in_trash && !rights.removes)) return 404;
        return rights.removes ? 200 : 403;
    }
    if (!rights.is_there()) {
        if (operation.verb == Verb::change) single_[key] = status;
        return 404;
    }
    switch (operation.verb) {
        case Verb::replace:
            return !rights.changes ? 403 : needs_values(*resource.model) ? 422 : 200;
        case Verb::change:
            single_[key] = status;
            return rights.changes ? 200 : 403;
        case Verb::remove:
            return rights.removes ? 412 : 403;
        default:
            return 200;
    }
}

/// A row that somebody made lies where they may make rows.
void Matrix::check_made(const Operation& operation, const std::string& actor, const std::string& id) const {
    const Scope may = operation.resource->access.create(Api::actor(actor));
    const Sql sql{"SELECT FROM {} WHERE id = {}::uuid AND {}", db::name(operation.resource->model->table), id,
                  may};
    EXPECT_EQ(Api::site().pool->acquire()->run(sql.text(), sql.params()).size(), 1)
        << actor << " made " << operation.path << "/" << id << " out of their reach";
}

const Matrix::RightsOf& Matrix::rights_at(const std::string& path) {
    if (const auto known = rights_.find(path); known != rights_.end()) return known->second;
    for (const Resource* resource : Api::registry().catalogue().resources())
        if (resource->path == path) return rights_[path] = evaluate(*resource);
    throw std::logic_error("there is no resource at " + path);
}

/// The declared scopes, asked in the database for each actor and sample row.
Matrix::RightsOf Matrix::evaluate(const Resource& resource) const {
    const Kinds& kinds = kinds_at(resource.path);
    std::vector<std::string> ids;
    for (const auto& [kind, id] : kinds) ids.push_back(id);
    const auto connection = Api::site().pool->acquire();
    RightsOf all;
    for (const std::string& actor : cast_.actors) {
        const Actor who = Api::actor(actor);
        const Sql sql{"SELECT id::text, {}, {}, {}, {} FROM {} WHERE id = ANY({}::uuid[])",
                      resource.visible_to(who),
                      scope_of(resource.access.change, who),
                      scope_of(resource.access.remove, who),
                      in_trash(*resource.model),
                      db::name(resource.model->table),
                      ids};
        const db::Result rows = connection->run(sql.text(), sql.params());
        for (const auto& [kind, id] : kinds) {
            Rights& rights = all[kind][actor];
            for (const auto row : rows)
                if (row.text(0) == id)
                    rights = {row.boolean(1), row.boolean(2), row.boolean(3), row.boolean(4)};
        }
    }
    return all;
}

void Matrix::compare(const std::string& file) const {
    std::ifstream stream(file);
    std::stringstream text;
    text << stream.rdbuf();
    const std::vector<std::string> found = table_.differences(Table::read(text.str()));
    for (const std::string& difference : found) ADD_FAILURE() << difference;
    if (!found.empty()) std::printf("%s, as it is:\n%s", file.c_str(), table_.text(cast_.actors).c_str());
}

}  // namespace tamiti::test
