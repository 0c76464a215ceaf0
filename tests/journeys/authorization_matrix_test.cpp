#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>

#include "core/base/text.hpp"
#include "tests/journeys/authorization_rows.hpp"

namespace tamiti::test {
namespace {

/// What every operation answers every actor about every kind of row, compared with authorization_matrix.txt.
/// Requests that are allowed are made so that they change nothing, or what the next ones take back, or only
/// add rows that no other asks about.
class AuthorizationMatrix : public AuthorizationRows {
public:
    static const std::vector<std::string>& actors() {
        static const std::vector<std::string> names = {
            "guest",   "unverified", "deactivated", "expired", "admin", "manager", "finance", "content",
            "digital", "field",      "staff",       "client",  "owner", "other",   "buyer"};
        return names;
    }

    static std::string name_of(const Operation& operation) {
        return std::string(http::name_of(operation.method)) + " " + operation.path;
    }

    /// The path whose rows the request names: in its own path, its query or its body; empty where in none.
    static std::string subject_of(const Operation& operation) {
        static const std::map<std::string, std::string> named = {
            {"POST /contacts", "/clients"},     {"POST /members", "/projects"},
            {"POST /milestones", "/projects"},  {"POST /comments", "/projects"},
            {"POST /attachments", "/projects"}, {"GET /permissions/explain", "/users"}};
        const std::size_t brace = operation.path.find('{');
        if (operation.route && operation.route->takes_text) return {};  // about no row
        if (brace != std::string::npos) return operation.path.substr(0, brace - 1);
        if (is_bulk_change(operation)) return operation.resource->path;
        const auto found = named.find(name_of(operation));
        return found == named.end() ? std::string() : found->second;
    }

    static std::vector<std::string> kinds_of(const Operation& operation) {
        const std::string subject = subject_of(operation);
        if (subject.empty()) return {"-"};
        if (objects_at(subject).internal.empty()) return {"own", "team", "other", "deleted"};
        return {"own", "team", "other", "deleted", "internal"};
    }

    static bool is_bulk_change(const Operation& operation) {
        return operation.verb == Verb::bulk && operation.resource->access.change;
    }

    /// A good body of a request that makes a row; one that belongs to `id` where it belongs to any.
    static std::string creation(const std::string& path, const std::string& id) {
        static int made = 0;
        const std::string number = std::to_string(++made);
        const std::string name = R"("name": "New )" + number + "\"";
        const std::string mail = R"("email": "new)" + number + R"(@studio.test")";
        if (path == "/users")
            return R"({"username": "new)" + number + R"(", "roles": ["staff"], )" + mail + "}";
        if (path == "/invitations") return R"({"roles": ["manager"], )" + mail + "}";
        if (path == "/projects") return R"({"code": "NEW)" + number + "\", " + name + "}";
        if (path == "/contacts") return "{" + name + reference("client", id) + "}";
        if (path == "/milestones") return "{" + name + reference("project", id) + "}";
        if (path == "/members")
            return R"({"role": "member")" + reference("project", id) + reference("member", user("newcomer")) +
                   "}";
        if (path == "/comments") return on_project(id) + R"(, "body": "Said"})";
        if (path == "/attachments") return on_project(id) + small_file + "}";
        if (path == "/auth/tokens")
            return R"({"grants": ["projects:read"], "expires_at": ")" +
                   format(clock().now() + std::chrono::days(30)) + "\", " + name + "}";
        if (path == "/saved-views") return R"({"on_model": "projects.project", "query": {}, )" + name + "}";
        return "{" + name + "}";
    }

    /// One operation whose answer is the cell, of which nothing is kept.
    static std::string bulk(const Operation& operation, const std::string& id) {
        const std::string one = is_bulk_change(operation)
                                    ? R"("op": "change", "data": {}, "id": ")" + id + "\""
                                    : R"("op": "create", "data": )" + creation(operation.resource->path, id);
        return R"({"atomic": false, "dry_run": true, "operations": [{)" + one + "}]}";
    }

    /// Where `{}` would be refused for its form, or would do something that can't be taken back.
    static std::string body_of(const Operation& operation, const std::string& id, const std::string& kind) {
        if (operation.method == http::Method::get || operation.method == http::Method::delete_) return "";
        const std::string name = name_of(operation);
        if (operation.verb == Verb::bulk) return bulk(operation, id);
        if (operation.verb == Verb::create || name == "POST /attachments" || name == "POST /auth/tokens")
            return creation(operation.path, id);
        // The erased account is closed already; others can't hand over to themselves.
        if (name == "POST /users/{id}/deactivate" && kind != "deleted")
            return R"({"reassign_to": ")" + id + "\"}";
        if (name == "POST /users/{id}/erase") return R"({"confirm": "nobody"})";
        if (name == "POST /auth/view-as/{user}") return R"({"reason": "Their list is empty."})";
        return "{}";
    }

    static std::string address_of(const Operation& operation, const std::string& id) {
        std::string path = operation.path;
        if (const std::size_t brace = path.find('{'); brace != std::string::npos)
            path.replace(brace, path.find('}') - brace + 1, id);
        if (path == "/meta/") path += "projects.project";
        if (path == "/search") path += "?q=step";
        if (path == "/permissions/explain") path += "?model=projects.project&verb=view&user=" + id;
        return path;
    }

    /// The answer itself, or that of the one operation in a bulk.
    static int status_of(const Operation& operation, const Answer& answer) {
        if (operation.verb != Verb::bulk || answer.status != 200) return answer.status;
        return std::stoi(answer.text("results.0.status"));
    }

    /// Puts the row where the request has something to do, if it is allowed.
    static void prepare(const Operation& operation, const std::string& id) {
        if (operation.path == "/projects/{id}/unarchive") set_archived(id, "true");
        if (operation.path == "/milestones/{id}/sign-off")
            change("UPDATE projects_milestone SET completed_at = now() WHERE id = $1::uuid", {id});
    }

    /// Takes back what would keep others from asking the same.
    static void take_back(const Operation& operation, const std::string& id) {
        if (operation.verb == Verb::create && operation.path == "/members")
            change("DELETE FROM projects_member WHERE member = $1::uuid", {user("newcomer")});
        if (operation.path == "/projects/{id}/archive" || operation.path == "/projects/{id}/unarchive")
            set_archived(id, "false");
        if (operation.path == "/milestones/{id}/sign-off")
            change(
                "UPDATE projects_milestone SET completed_at = NULL, signed_off_at = NULL,"
                " signed_off_by = NULL WHERE id = $1::uuid",
                {id});
    }

    static void set_archived(const std::string& project, const std::string& value) {
        change("UPDATE projects_project SET archived = $2::boolean WHERE id = $1::uuid", {project, value});
    }

    static std::string statuses(const Operation& operation, const std::string& kind) {
        const std::string subject = subject_of(operation);
        const std::string id = subject.empty() ? std::string() : objects_at(subject).at(kind);
        std::map<std::string, std::string> headers;
        if (operation.verb == Verb::remove) headers["If-Match"] = "\"0\"";
        if (kind == "deleted") bury();
        std::string line;
        for (const std::string& actor : actors()) {
            if (kind == "deleted" && operation.verb == Verb::restore) bury();
            prepare(operation, id);
            const Answer answer = send(operation.method, actor, address_of(operation, id),
                                       body_of(operation, id, kind), headers);
            line += " " + std::to_string(status_of(operation, answer));
            take_back(operation, id);
            // A verb like logging out ends the session, so who can signs in afresh for each call.
            if (operation.verb == Verb::none && operation.method != http::Method::get && actor != "guest")
                sign_in_again(actor);
        }
        return line;
    }
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
        const std::string name = name_of(operation);
        std::vector<std::pair<std::string, std::string>> lines;  // objects, statuses
        for (const std::string& object : kinds_of(operation)) {
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
        const std::string name = name_of(operation);
        for (const auto& [line, statuses] : declared()) {
            if (!line.starts_with(name + " ")) continue;
            EXPECT_TRUE(statuses.starts_with(" 401")) << line;
        }
    }
}

/// Whatever the file says: many requests in one get nobody further than one would.
TEST_F(AuthorizationMatrix, LetsBulkDoWhatTheSingleRequestMay) {
    const Table table = declared();
    std::size_t lines = 0;
    for (const Operation& operation : pipeline().router().all()) {
        if (operation.verb != Verb::bulk) continue;
        const std::string& path = operation.resource->path;
        const std::string single = is_bulk_change(operation) ? "PATCH " + path + "/{id}" : "POST " + path;
        for (const std::string& kind : kinds_of(operation)) {
            const auto bulk = table.find(name_of(operation) + " " + kind);
            const auto one = table.find(single + " " + kind);
            ASSERT_TRUE(bulk != table.end() && one != table.end()) << path << " " << kind;
            EXPECT_EQ(bulk->second, one->second) << path << " " << kind;
            ++lines;
        }
    }
    EXPECT_GT(lines, 40U);
}

/// A list answers everybody 200, so its cells can't tell what is in it.
TEST_F(AuthorizationMatrix, ListsARowForWhomeverItIsThere) {
    const Table table = declared();
    bury();
    std::size_t asked = 0;
    for (const Operation& operation : pipeline().router().all()) {
        if (operation.verb != Verb::read) continue;
        const std::string path = subject_of(operation);
        for (std::size_t i = 0; i < actors().size(); ++i) {
            const Answer list = get(actors()[i], path + "?page_size=200");
            if (list.status != 200) continue;
            ASSERT_TRUE(list.json().at("next").is_null()) << path << " has rows on another page";
            const std::vector<std::string> ids = list.ids();
            for (const std::string& kind : kinds_of(operation)) {
                const auto line = table.find(name_of(operation) + " " + kind);
                ASSERT_NE(line, table.end()) << path << " " << kind;
                const bool is_there = split(std::string_view(line->second).substr(1), ' ').at(i) == "200";
                EXPECT_EQ(std::ranges::count(ids, objects_at(path).at(kind)), is_there ? 1 : 0)
                    << actors()[i] << " lists " << path << " with " << kind;
                ++asked;
            }
        }
    }
    EXPECT_GT(asked, 500U);
}

/// Whatever the file says: what isn't shared with the clients of a project isn't there for them.
TEST_F(AuthorizationMatrix, KeepsInternalsFromTheProjectsClient) {
    const auto column = [](const std::string& actor) {
        return static_cast<std::size_t>(std::ranges::find(actors(), actor) - actors().begin());
    };
    std::size_t lines = 0;
    for (const auto& [name, statuses] : declared()) {
        if (!name.ends_with(" internal")) continue;
        const auto columns = split(std::string_view(statuses).substr(1), ' ');
        for (const char* actor : {"buyer", "client"}) EXPECT_EQ(columns[column(actor)], "404") << name;
        EXPECT_NE(columns[column("owner")], "404") << name;
        ++lines;
    }
    EXPECT_GT(lines, 20U);
}

}  // namespace
}  // namespace tamiti::test
