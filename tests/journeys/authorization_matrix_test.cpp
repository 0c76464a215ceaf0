#include <algorithm>
#include <array>
#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <sstream>

#include "core/base/text.hpp"
#include "core/model/member.hpp"
#include "tests/support/studio.hpp"

namespace tamiti::test {
namespace {

/// One row of each kind, as `owner` stands to it.
struct Objects {
    std::string own{}, team{}, other{}, deleted{};
};

/// What every operation answers every actor about every kind of row, compared with authorization_matrix.txt.
/// Requests that are allowed are made so that they change nothing or what the next ones take back.
class AuthorizationMatrix : public Studio {
public:
    static void SetUpTestSuite() {
        Studio::SetUpTestSuite();
        for (const std::string& role : enum_names<Role>()) user(role, {enum_value<Role>(role)});
        for (const char* name : {"unverified", "deactivated", "expired"}) user(name, {Role::admin});
        user("boss", {Role::admin});
        for (const char* name : {"owner", "other", "mate"}) user(name);
        user("buyer", {Role::client});
        make_people();
        make_projects();
        make_rest();
    }

    static const std::vector<std::string>& actors() {
        static const std::vector<std::string> names = {
            "guest",   "unverified", "deactivated", "expired", "admin",  "manager", "finance",
            "content", "digital",    "field",       "staff",   "client", "owner",   "other"};
        return names;
    }

    static void change(const std::string& statement, const std::vector<std::string>& values = {}) {
        transact(site(), Actor::system(), [&](Tx& tx) {
            db::Params params;
            for (const std::string& value : values) params.add(value);
            tx.transaction().run(statement, params);
        });
    }

    static std::string named(const std::string& path, const std::string& name, const std::string& more = "") {
        return make("boss", path, R"({"name": ")" + name + "\"" + more + "}");
    }

    static std::string reference(const std::string& field, const std::string& id) {
        return ", \"" + field + R"(": ")" + id + "\"";
    }

    static std::string removed(const std::string& path, const std::string& id) {
        EXPECT_EQ(Studio::remove("boss", path + "/" + id).status, 204) << path;
        return id;
    }

    static void make_people() {
        for (const char* path : {"/departments", "/branches", "/designations"}) {
            Objects& objects = places[path];
            objects.own = named(path, "Of the owner");
            objects.team = named(path, "Of the mate");
            objects.other = named(path, "Of others");
            objects.deleted = removed(path, named(path, "Gone"));
            const std::string field = path == std::string("/branches")
                                          ? "branch"
                                          : std::string(path).substr(1, std::string(path).size() - 2);
            EXPECT_EQ(
                patch("boss", "/users/" + user("owner"), "{\"" + field + R"(": ")" + objects.own + "\"}")
                    .status,
                200)
                << path;
        }
        EXPECT_EQ(patch("boss", "/users/" + user("mate"), "{\"manager\": \"" + user("owner") + "\"}").status,
                  200);
        user("former");
        EXPECT_EQ(post("boss", "/users/" + user("former") + "/deactivate").status, 200);
        EXPECT_EQ(post("boss", "/users/" + user("former") + "/erase", R"({"confirm": "former"})").status,
                  200);
        places["/users"] = {user("owner"), user("mate"), user("buyer"), user("former")};
        places["/auth/view-as"] = places["/users"];
        change("UPDATE users_user SET is_verified = false WHERE username = 'unverified'");
        change("UPDATE users_user SET is_active = false WHERE username = 'deactivated'");
        change("UPDATE users_user SET expires_at = '" + format(clock().now() - std::chrono::days(1)) +
               "' WHERE username = 'expired'");
    }

    /// A project with its client, contact, milestone and membership; `lead` owns it.
    static std::array<std::string, 5> project(const std::string& code, const std::string& lead) {
        const std::string client = named("/clients", "Client " + code);
        const std::string contact = named("/contacts", "Contact " + code, reference("client", client));
        const std::string id = named(
            "/projects", "Project " + code,
            ", \"code\": \"" + code + "\"" + reference("client", client) + reference("owner", user(lead)));
        const std::string milestone =
            named("/milestones", "Step " + code, reference("project", id) + reference("owner", user(lead)));
        const std::string member = sql("SELECT id FROM projects_member WHERE project = $1", id);
        return {client, contact, id, milestone, member};
    }

    static void make_projects() {
        const auto own = project("OWN", "owner"), team = project("TEAM", "mate"),
                   other = project("OTHER", "boss"), gone = project("GONE", "owner");
        const std::array<const char*, 5> paths = {"/clients", "/contacts", "/projects", "/milestones",
                                                  "/members"};
        for (std::size_t i = 0; i < paths.size(); ++i)
            places[paths[i]] = {own[i], team[i], other[i], gone[i]};
        places["/members"].own =
            make("boss", "/members",
                 R"({"project": ")" + own[2] + "\"" + reference("member", user("owner")) + "}");
        make("boss", "/members",
             R"({"project": ")" + team[2] + "\"" + reference("member", user("owner")) + "}");
        for (const char* path : {"/milestones", "/members", "/projects", "/contacts"})
            removed(path, places[path].deleted);
        places["/clients"].deleted = removed("/clients", named("/clients", "Gone"));
    }

    static std::string invitation(const std::string& by, const std::string& email) {
        const std::string id =
            make("boss", "/invitations", R"({"roles": ["staff"], "email": ")" + email + "\"}");
        change("UPDATE users_invitation SET invited_by = $1::uuid WHERE id = $2::uuid", {user(by), id});
        return id;
    }

    static std::string comment(const std::string& who, const std::string& row) {
        return make(who, "/comments",
                    R"({"on_model": "projects.project", "on_row": ")" + row + R"(", "body": "Seen"})");
    }

    static std::string attachment(const std::string& who, const std::string& row) {
        return make(
            who, "/attachments",
            R"({"on_model": "projects.project", "name": "note.txt", "content": "SGVsbG8K", "on_row": ")" +
                row + "\"}");
    }

    static std::string view(const std::string& who) {
        return make(who, "/saved-views",
                    R"({"on_model": "projects.project", "name": "Of )" + who +
                        R"(", "query": {}, "visibility": ")" + (who == "boss" ? "everyone" : "team") + "\"}");
    }

    static void make_rest_of_common() {
        const Objects& rows = places["/projects"];
        places["/attachments"] = {attachment("owner", rows.own), attachment("mate", rows.team),
                                  attachment("boss", rows.other),
                                  removed("/attachments", attachment("boss", rows.own))};
        places["/saved-views"] = {view("owner"), view("mate"), view("boss"), Uuid::make().text()};
    }

    static void make_rest() {
        places["/invitations"] = {invitation("owner", "own@studio.test"),
                                  invitation("manager", "team@studio.test"),
                                  invitation("boss", "other@studio.test"), Uuid::make().text()};
        for (const char* table : {"users_import", "auth_personal_token"}) {
            Objects& objects =
                places[table == std::string("users_import") ? "/user-imports" : "/auth/tokens"];
            for (const auto& [place, name] : std::vector<std::pair<std::string*, std::string>>{
                     {&objects.own, "owner"}, {&objects.team, "mate"}, {&objects.other, "boss"}}) {
                *place = Uuid::make().text();
                change(table == std::string("users_import")
                           ? std::string(
                                 "INSERT INTO users_import (id, imported_by, row_count) VALUES ($1, $2, 1)")
                           : "INSERT INTO auth_personal_token (id, account, name, grants, expires_at) VALUES "
                             "($1, $2, 'Script', '{*:read}', '" +
                                 format(clock().now() + std::chrono::days(30)) + "')",
                       {*place, user(name)});
                if (table == std::string("users_import")) continue;
                std::string digits = *place;
                std::erase(digits, '-');
                change("INSERT INTO auth_personal_token_key (hash, token) VALUES ($1, $2)",
                       {digits + digits, *place});
            }
            objects.deleted = Uuid::make().text();
        }
        make_rest_of_common();
        const Objects& rows = places["/projects"];
        places["/comments"] = {comment("owner", rows.own), comment("mate", rows.team),
                               comment("boss", rows.other), removed("/comments", comment("boss", rows.own))};
        run_jobs();
    }

    /// The rows of a path that nothing was made for: whatever names the owner, and whatever doesn't.
    static Objects rows_of(const Resource& resource) {
        const Model& model = *resource.model;
        std::string mine = "false";
        for (const Field& field : model.fields)
            if (field.type == &reference_type() && &field.target() == registry().model_named("users.user"))
                mine += " OR " + field.name + " = $1::uuid";
        const auto first = [&](const std::string& condition) {
            const std::string id = sql("SELECT coalesce(min(id::text), '') FROM " + model.table +
                                           " WHERE coalesce((" + condition + "), false) AND $1::text <> ''",
                                       user("owner"));
            return id.empty() ? Uuid::make().text() : id;
        };
        const std::string others = first("NOT (" + mine + ")");
        return {first(mine), others, others, Uuid::make().text()};
    }

    static Objects objects_at(const std::string& path) {
        if (const auto made = places.find(path); made != places.end()) return made->second;
        for (const App& app : registry().apps())
            for (const Resource& resource : app.resources)
                if (resource.path == path) return rows_of(resource);
        if (path == "/auth/sessions") {
            const auto session = [](const std::string& name) {
                return sql(
                    "SELECT id FROM auth_session WHERE account = $1 AND ended_at IS NULL ORDER BY created_at "
                    "DESC LIMIT 1",
                    user(name));
            };
            return {session("owner"), session("mate"), session("boss"), Uuid::make().text()};
        }
        return {Uuid::make().text(), Uuid::make().text(), Uuid::make().text(), Uuid::make().text()};
    }

    /// Puts back into the trash what a request before took out of it.
    static void bury() {
        for (const char* path : {"/comments", "/attachments", "/milestones", "/projects"})
            Studio::remove("boss", path + std::string("/") + places[path].deleted);
    }

    /// What is sent to verbs whose empty input would do something that can't be taken back.
    static std::string body_of(const Operation& operation, const std::string& id) {
        if (operation.method == http::Method::get || operation.verb == Verb::remove ||
            operation.method == http::Method::delete_)
            return "";
        if (operation.path == "/users/{id}/deactivate") return R"({"reassign_to": ")" + id + "\"}";
        return "{}";
    }

    static std::string statuses(const Operation& operation, const std::string& object) {
        const std::size_t brace = operation.path.find('{');
        std::string path = operation.path, id, line;
        if (brace != std::string::npos) {
            const Objects objects = objects_at(path.substr(0, brace - 1));
            id = object == "own"     ? objects.own
                 : object == "team"  ? objects.team
                 : object == "other" ? objects.other
                                     : objects.deleted;
            path.replace(brace, path.find('}') - brace + 1, id);
        }
        std::map<std::string, std::string> headers;
        if (operation.verb == Verb::remove) headers["If-Match"] = "\"0\"";
        if (object == "deleted") bury();
        for (const std::string& actor : actors()) {
            if (object == "deleted" && operation.verb == Verb::restore) bury();
            const int status = send(operation.method, actor, path, body_of(operation, id), headers).status;
            line += " " + std::to_string(status);
            // A verb like logging out ends the session, so who can signs in afresh for each call.
            if (operation.verb == Verb::none && operation.method != http::Method::get && actor != "guest")
                sign_in_again(actor);
        }
        return line;
    }

    static inline std::map<std::string, Objects> places;
};

using Table = std::map<std::string, std::string>;

/// "GET /users/{id} own,team 401 …" as one entry for each object.
Table declared() {
    std::ifstream file(TAMITI_SOURCE_DIR "/tests/journeys/authorization_matrix.txt");
    Table table;
    std::string line;
    while (std::getline(file, line)) {
        if (line.empty() || line.front() == '#') continue;
        std::istringstream words(line);
        std::string method, path, objects, status, statuses;
        words >> method >> path >> objects;
        while (words >> status) statuses += " " + status;
        for (std::string_view object : split(objects, ','))
            table[method + " " + path + " " + std::string(object)] = statuses;
    }
    return table;
}

std::string padded(std::string text, std::size_t width) {
    text.resize(std::max(width, text.size() + 1), ' ');
    return text;
}

TEST_F(AuthorizationMatrix, EveryOperationAnswersEveryActorAboutEveryRowAsDeclared) {
    Table expected = declared();
    std::string actual_table;
    std::size_t cells = 0;
    for (const Operation& operation : pipeline().router().all()) {
        const std::string name = std::string(http::name_of(operation.method)) + " " + operation.path;
        const bool has_row = operation.path.find('{') != std::string::npos;
        std::vector<std::pair<std::string, std::string>> lines;  // objects, statuses
        for (const std::string& object : has_row ? std::vector<std::string>{"own", "team", "other", "deleted"}
                                                 : std::vector<std::string>{"-"}) {
            const std::string actual = statuses(operation, object);
            cells += actors().size();
            const auto found = expected.find(name + " " + object);
            if (found == expected.end()) {
                ADD_FAILURE() << "authorization_matrix.txt declares nothing for " << name << " about "
                              << object;
            } else {
                EXPECT_EQ(actual, found->second) << name << " about " << object;
                expected.erase(found);
            }
            const auto same = std::find_if(lines.begin(), lines.end(),
                                           [&](const auto& line) { return line.second == actual; });
            if (same == lines.end())
                lines.emplace_back(object, actual);
            else
                same->first += "," + object;
        }
        for (const auto& [objects, line] : lines)
            actual_table += padded(name, 46) + padded(objects, 22) + line.substr(1) + "\n";
    }
    for (const auto& [name, line] : expected)
        ADD_FAILURE() << "authorization_matrix.txt declares " << name << ", which is not there";
    std::printf("authorization matrix: %zu cells\n", cells);
    if (HasFailure()) std::printf("The whole table as it is:\n%s", actual_table.c_str());
}

/// Whatever the file says: an account that is closed or over is nobody, and nobody gets in.
TEST_F(AuthorizationMatrix, TreatsAClosedAccountLikeNobody) {
    for (const auto& [name, line] : declared()) {
        const auto columns = split(std::string_view(line).substr(1), ' ');
        ASSERT_EQ(columns.size(), actors().size()) << name;
        EXPECT_EQ(line.find(" 5"), std::string::npos) << name << " fails";
        for (std::size_t closed : {2, 3}) EXPECT_EQ(columns[closed], columns[0]) << name;
    }
    for (const Operation& operation : pipeline().router().all()) {
        if (operation.is_for_anyone()) continue;
        const std::string name = std::string(http::name_of(operation.method)) + " " + operation.path;
        for (const auto& [line, statuses] : declared()) {
            if (!line.starts_with(name + " ")) continue;
            EXPECT_TRUE(statuses.starts_with(" 401")) << line;
        }
    }
}

}  // namespace
}  // namespace tamiti::test
