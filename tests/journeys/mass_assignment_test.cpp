#include <boost/json.hpp>
#include <map>
#include <set>

#include "core/base/json.hpp"
#include "core/base/text.hpp"
#include "core/model/member.hpp"
#include "tests/support/studio.hpp"

namespace tamiti::test {
namespace {

/// Every writable endpoint is sent every column name of every table, in the spellings that frameworks turn
/// into columns. What an operation doesn't declare it refuses by name, and nothing in the database changes.
class MassAssignment : public Studio {
public:
    static void SetUpTestSuite() {
        Studio::SetUpTestSuite();
        user("boss", {Role::admin});
        user("hand");
        transact(site(), Actor::system(), [](Tx& tx) {
            for (const App& app : registry().apps())
                if (app.seed) app.seed(tx);
        });
        run_jobs();
    }

    static db::Result rows(const std::string& query, const db::Params& params = {}) {
        return site().pool->acquire()->run(query, params);
    }

    /// What the database holds, table by table: one hash each. Left out are logs of requests as such.
    static std::map<std::string, std::string> everything() {
        std::map<std::string, std::string> hashes;
        for (const db::Row table : rows(
                 "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' "
                 "AND has_table_privilege(oid, 'SELECT')")) {
            const std::string name(table.text(0));
            if (name == "core_audit" || name.starts_with("core_idempotency") || name.starts_with("core_job"))
                continue;
            hashes[name] = sql("SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM " +
                               name + " t");
        }
        return hashes;
    }

    static std::set<std::string> column_names() {
        std::set<std::string> names;
        for (const db::Row column : rows("SELECT DISTINCT column_name::text FROM information_schema.columns "
                                         "WHERE table_schema = 'public'"))
            names.emplace(column.text(0));
        return names;
    }

    static std::string camel(const std::string& name) {
        std::string out;
        bool upper = false;
        for (char c : name) {
            if (c == '_') {
                upper = true;
                continue;
            }
            out += upper && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
            upper = false;
        }
        return out;
    }

    /// All spellings that are tried.
    static const std::vector<std::string>& names() {
        static const std::vector<std::string> all = [] {
            std::set<std::string> spellings = {
                "__proto__",    "constructor",      "prototype",      "$set",     "*",
                "id[]",         "users_user.roles", "user.is_active", "password", "is_admin",
                "is_superuser", "permissions",      "role",           "ID",       "Roles"};
            for (const std::string& column : column_names()) {
                spellings.insert(column);
                spellings.insert(camel(column));
                spellings.insert(column + "_id");
                spellings.insert("row." + column);
                spellings.insert(column + "__in");
            }
            return std::vector<std::string>(spellings.begin(), spellings.end());
        }();
        return all;
    }

    static bool is_writable(const Operation& operation) {
        using http::Method;
        return operation.method == Method::post || operation.method == Method::put ||
               operation.method == Method::patch;
    }

    /// The names that the operation declares, as far as its input may have them.
    static std::set<std::string> declared(const Operation& operation) {
        std::set<std::string> fields;
        if (operation.route && operation.route->input)
            for (const Field& field : operation.route->input->members()) fields.insert(field.name);
        // One's own row takes what the model and one's permissions allow.
        if (operation.path == "/users/me" && operation.method == http::Method::patch)
            for (const Field& field : registry().catalogue().model_named("users.user")->fields)
                if (!field.rules.read_only && !field.rules.create_only) fields.insert(field.name);
        if (operation.resource && operation.verb != Verb::bulk && operation.verb != Verb::restore)
            for (const Field& field : operation.resource->model->fields)
                if (!field.rules.read_only && (operation.verb == Verb::create || !field.rules.create_only))
                    fields.insert(field.name);
        if (operation.verb == Verb::bulk)
            for (const char* field : {"operations", "atomic", "dry_run"}) fields.insert(field);
        return fields;
    }

    /// The path with the id of a row that is there.
    static std::string path_of(const Operation& operation) {
        std::string path = operation.path;
        for (std::size_t brace = path.find('{'); brace != std::string::npos; brace = path.find('{')) {
            const std::string before = path.substr(0, brace - 1);
            std::string id = Uuid::make().text();
            for (const App& app : registry().apps())
                for (const Resource& resource : app.resources)
                    if (resource.path == before)
                        id = sql("SELECT coalesce(min(id::text), gen_random_uuid()::text) FROM " +
                                 resource.model->table);
            path.replace(brace, path.find('}') - brace + 1, id);
        }
        return path;
    }
};

TEST_F(MassAssignment, RefusesByNameWhateverIsNotDeclared) {
    const auto before = everything();
    int requests = 0;
    for (const Operation& operation : pipeline().router().all()) {
        if (!is_writable(operation)) continue;
        if (operation.route && operation.route->options.takes_file > 0) continue;  // its body is no JSON
        const std::string name = std::string(http::name_of(operation.method)) + " " + operation.path;
        const std::set<std::string> own = declared(operation);
        Object body;
        std::vector<std::string> foreign;
        for (const std::string& field : names()) {
            if (own.contains(field)) continue;
            foreign.push_back(field);
            body[field] = "x";
        }
        for (const char* who : {"boss", "hand"}) {
            const Answer answer = send(operation.method, who, path_of(operation), body, {});
            ++requests;
            // Whoever may not touch the row at all hears that first.
            const bool may_not = answer.status == 403 || answer.status == 404;
            const bool takes_bytes = operation.route && !operation.route->options.takes.empty();
            const bool is_refused =
                answer.status == (takes_bytes ? 415 : 400) ||
                (may_not && (std::string(who) == "hand" || answer.text("code") == "access.denied"));
            EXPECT_TRUE(is_refused) << name << " as " << who << ": " << answer.status << " "
                                    << answer.body.substr(0, 300);
            if (answer.status != 400) continue;
            const auto problem = answer.json();
            const auto* errors = problem.as_object().if_contains("errors");
            if (!errors) continue;  // a verb without a body refuses it as such
            for (const std::string& field : foreign)
                EXPECT_TRUE(errors->as_object().contains(field)) << name << " says nothing of " << field;
        }
    }
    EXPECT_EQ(everything(), before);
    std::printf("%d requests with up to %zu names each\n", requests, names().size());
    EXPECT_GT(requests, 100);
    EXPECT_GT(names().size(), 500U);
}

TEST_F(MassAssignment, RefusesEachNameAloneWhereItWouldHurtMost) {
    const auto before = everything();
    for (const auto& [method, path] : std::vector<std::pair<http::Method, std::string>>{
             {http::Method::patch, "/users/me"}, {http::Method::patch, "/users/" + user("hand")}}) {
        std::set<std::string> own;
        for (const Field& field : registry().catalogue().model_named("users.user")->fields)
            own.insert(field.name);
        for (const std::string& name : names()) {
            if (own.contains(name)) continue;
            for (const Value& value : {Value("x"), Value(true), Value(Array{"admin"})}) {
                const Answer answer = send(method, path.ends_with("me") ? "hand" : "boss", path,
                                           {{"bio", "changed"}, {name, value}}, {});
                EXPECT_EQ(answer.status, 400) << path << " " << name << " " << answer.body;
            }
        }
    }
    EXPECT_EQ(everything(), before);
}

/// The other half: what is declared changes its own columns and no others.
TEST_F(MassAssignment, ChangesTheDeclaredColumnsOnly) {
    int changed = 0;
    for (const Operation& operation : pipeline().router().all()) {
        if (operation.verb != Verb::change) continue;
        const Model& model = *operation.resource->model;
        const std::string path = path_of(operation);
        const std::string id = path.substr(path.rfind('/') + 1);
        const auto row = [&] {
            return sql("SELECT to_jsonb(t) FROM " + model.table + " t WHERE id = $1", id);
        };
        if (row().empty()) continue;
        for (const Field& field : model.fields) {
            const auto before = boost::json::parse(row()).as_object();
            const Answer answer =
                patch("boss", path, {{field.name, json::parse(field.type->example(field))}});
            const auto after = boost::json::parse(row()).as_object();
            std::set<std::string> own = {"version", "updated_at", "search", "search_text"};
            for (const Column& column : field.type->columns(field)) own.insert(column.name);
            if (model.name == "common.saved_view") own.insert("query_string");  // the query as an address
            for (const auto& [column, value] : after) {
                if (own.contains(std::string(column)) && answer.status == 200) continue;
                EXPECT_EQ(json::text_of(value), json::text_of(before.at(column)))
                    << "PATCH " << path << " " << field.name << " (" << answer.status << ") changed "
                    << column;
            }
            if (answer.text("code") == "access.denied") continue;  // others' words are nobody's to change
            const bool is_fixed = field.rules.read_only || field.rules.create_only;
            EXPECT_EQ(answer.status == 400, is_fixed)
                << model.name << "." << field.name << " " << answer.body;
            changed += answer.status == 200;
        }
    }
    EXPECT_GT(changed, 30);
}

}  // namespace
}  // namespace tamiti::test
