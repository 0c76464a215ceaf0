#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/text.hpp"
#include "core/model/member.hpp"
#include "tests/support/studio.hpp"

/// Rows of every resource for authorization_matrix_test.cpp, and the people who stand to them in known ways.
namespace tamiti::test {

/// One row of each kind, as `owner` stands to it; authorization_matrix.txt says what the kinds are. Only what
/// clients may be kept from has an internal one.
struct Objects {
    std::string own{}, team{}, other{}, deleted{}, internal{};

    std::string at(std::string_view kind) const {
        if (kind == "own") return own;
        if (kind == "team") return team;
        if (kind == "other") return other;
        return kind == "internal" ? internal : deleted;
    }
};

/// Makes the rows once for the suite. `owner` leads the project of their own and is a member of mate's, whose
/// client is `buyer`.
class AuthorizationRows : public Studio {
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
            objects.team = named(path, "Next door");
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
        EXPECT_EQ(patch("boss", "/users/" + user("mate"),
                        R"({"manager": ")" + user("owner") + "\"" +
                            reference("department", places["/departments"].own) + "}")
                      .status,
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

    static std::string make_milestone(const std::string& name, const std::string& project,
                                      const std::string& owner, bool shared) {
        return named("/milestones", name,
                     reference("project", project) + reference("owner", user(owner)) +
                         R"(, "shared_with_client": )" + (shared ? "true" : "false"));
    }

    /// A project with its client, contact, milestone (which the client sees) and membership; `lead` owns it.
    static std::array<std::string, 5> project(const std::string& code, const std::string& lead) {
        const std::string client = named("/clients", "Client " + code);
        const std::string contact = named("/contacts", "Contact " + code, reference("client", client));
        const std::string id = named(
            "/projects", "Project " + code,
            ", \"code\": \"" + code + "\"" + reference("client", client) + reference("owner", user(lead)));
        const std::string milestone = make_milestone("Step " + code, id, lead, true);
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
        make("boss", "/members",
             R"({"project": ")" + team[2] + R"(", "role": "client")" + reference("member", user("buyer")) +
                 "}");
        EXPECT_EQ(patch("boss", "/clients/" + team[0], R"({"people": [")" + user("buyer") + R"("]})").status,
                  200);
        places["/milestones"].internal = make_milestone("Inside", team[2], "mate", false);
        places["/milestones"].deleted = make_milestone("Left out", own[2], "owner", true);
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

    static std::string comment(const std::string& who, const std::string& row,
                               const char* internal = "false") {
        return make(who, "/comments", on_project(row) + R"(, "body": "Seen", "internal": )" + internal + "}");
    }

    static std::string attachment(const std::string& who, const std::string& row,
                                  const char* internal = "false") {
        return make(who, "/attachments", on_project(row) + small_file + R"(, "internal": )" + internal + "}");
    }

    /// The beginning of a body that is about a project.
    static std::string on_project(const std::string& row) {
        return R"({"on_model": "projects.project", "on_row": ")" + row + "\"";
    }
    static constexpr const char* small_file = R"(, "name": "note.txt", "content": "SGVsbG8K")";

    static std::string view(const std::string& who) {
        return make(who, "/saved-views",
                    R"({"on_model": "projects.project", "name": "Of )" + who +
                        R"(", "query": {}, "visibility": ")" + (who == "boss" ? "everyone" : "team") + "\"}");
    }

    static void make_rest_of_common() {
        const Objects& rows = places["/projects"];
        places["/attachments"] = {
            attachment("owner", rows.own), attachment("mate", rows.team), attachment("boss", rows.other),
            removed("/attachments", attachment("boss", rows.own)), attachment("mate", rows.team, "true")};
        places["/comments"] = {comment("owner", rows.own), comment("mate", rows.team),
                               comment("boss", rows.other), removed("/comments", comment("boss", rows.own)),
                               comment("mate", rows.team, "true")};
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
        run_jobs();
    }

    /// The rows of a path that nothing was made for: whatever names the owner, and whatever doesn't.
    static Objects rows_of(const Resource& resource) {
        const Model& model = *resource.model;
        std::string mine = "false";
        for (const Field& field : model.fields)
            if (field.type == &reference_type() &&
                &field.target() == registry().catalogue().model_named("users.user"))
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

    static inline std::map<std::string, Objects> places;
};

}  // namespace tamiti::test
