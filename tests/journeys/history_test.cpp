#include <boost/json/object.hpp>

#include "apps/users/models.hpp"
#include "core/audit/audit.hpp"
#include "core/model/schema.hpp"
#include "tests/support/studio.hpp"

namespace tamiti::test {
namespace {

/// Who may read what of the audit trail.
class History : public Studio {
public:
    static void SetUpTestSuite() {
        Studio::SetUpTestSuite();
        user("boss", {Role::admin});
        user("manager", {Role::manager});
        user("ada");
        user("bystander");
        user("customer", {Role::client});
        client = make("boss", "/clients",
                      {{"name", "Nile"}, {"notes", "Pays late"}, {"people", {user("customer")}}});
    }
    static std::string project(const std::string& code, const Object& more = {}) {
        return make("boss", "/projects",
                    joined({{"code", code}, {"name", "Film " + code}, {"owner", user("ada")}}, more));
    }
    static std::string changes(const Answer& answer, std::size_t entry) {
        return answer.text("results." + std::to_string(entry) + ".changes");
    }
    static void expect_known(const std::string& who, const std::string& path, int status) {
        EXPECT_EQ(get(who, path).status, status) << who << " " << path;
    }
    static inline std::string client;
};

TEST_F(History, TellsTheLatestChangeFirstWithItsActor) {
    const std::string id = project("H-1");
    EXPECT_EQ(patch("manager", "/projects/" + id, {{"name", "Film"}, {"due_on", "2026-05-01"}}).status, 200);
    const Answer answer = get("ada", "/projects/" + id + "/history");
    EXPECT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.count(), 2);
    EXPECT_EQ(answer.each("verb"), (std::vector<std::string>{"update", "insert"}));
    EXPECT_EQ(answer.each("actor"), (std::vector<std::string>{user("manager"), user("boss")}));
    EXPECT_EQ(changes(answer, 0), R"({"name":["Film H-1","Film"],"due_on":[null,"2026-05-01"]})");
    EXPECT_EQ(answer.text("results.1.changes.code.1"), "H-1");
    EXPECT_EQ(answer.text("results.1.changes.status.0"), "null");
    EXPECT_EQ(answer.text("results.1.changes.version"), "") << "the program's own bookkeeping";
}

TEST_F(History, ShowsValuesInTheFormOfTheApi) {
    const std::string id = project("H-2");
    const Body body = {{"budget", {{"amount", "150000"}, {"currency", "UGX"}}},
                       {"estimated_hours", "12.50"},
                       {"tags", {"film", "short"}}};
    EXPECT_EQ(patch("boss", "/projects/" + id, body).status, 200);
    EXPECT_EQ(
        patch("boss", "/projects/" + id, {{"budget", {{"amount", "10.00"}, {"currency", "USD"}}}}).status,
        200);
    const Answer answer = get("boss", "/projects/" + id + "/history");
    EXPECT_EQ(changes(answer, 0),
              R"({"budget":[{"amount":"150000","currency":"UGX"},{"amount":"10.00","currency":"USD"}]})");
    EXPECT_EQ(changes(answer, 1),
              R"({"estimated_hours":[null,"12.50"],"budget":[null,{"amount":"150000","currency":"UGX"}],)"
              R"("tags":[[],["film","short"]]})");
    EXPECT_EQ(answer.text("results.2.changes.created_at.1"),
              get("boss", "/projects/" + id).text("created_at"));
    EXPECT_EQ(answer.text("results.2.changes.archived.1"), "false");
}

TEST_F(History, HidesFieldsThatTheReaderMayNotSeeWithoutATrace) {
    const std::string id = project("H-3");
    const Answer before = get("ada", "/projects/" + id + "/history");
    EXPECT_EQ(patch("boss", "/projects/" + id, {{"budget", {{"amount", "1"}, {"currency", "UGX"}}}}).status,
              200);
    EXPECT_EQ(get("ada", "/projects/" + id + "/history").body, before.body) << "a budget that ada can't see";
    EXPECT_EQ(get("boss", "/projects/" + id + "/history").count(), 2);
    EXPECT_EQ(patch("boss", "/projects/" + id,
                    {{"budget", {{"amount", "2"}, {"currency", "UGX"}}}, {"name", "Seen"}})
                  .status,
              200);
    const Answer after = get("ada", "/projects/" + id + "/history");
    EXPECT_EQ(after.count(), 2);
    EXPECT_EQ(changes(after, 0), R"({"name":["Film H-3","Seen"]})");

    const Answer customer = get("customer", "/clients/" + client + "/history");
    EXPECT_EQ(customer.count(), 1);
    EXPECT_EQ(customer.body.find("Pays late"), std::string::npos) << customer.body;
    EXPECT_NE(get("boss", "/clients/" + client + "/history").body.find("Pays late"), std::string::npos);
}

TEST_F(History, IsReadByWhoeverSeesTheRowAndWhereFromByAdminsAlone) {
    const std::string id = project("H-4");
    const std::string path = "/projects/" + id + "/history";
    access(http::Method::get, path,
           {{"guest", 401},
            {"boss", 200},
            {"manager", 200},
            {"ada", 200},
            {"bystander", 404},
            {"customer", 404}});
    EXPECT_EQ(get("boss", path).text("results.0.address"), "127.0.0.1");
    EXPECT_EQ(get("boss", path).text("results.0.request"), "0123456789abcdef0123456789abcdef");
    for (const char* hidden : {"address", "request", "via", "id"})
        EXPECT_EQ(get("manager", path).text("results.0." + std::string(hidden)), "") << hidden;
    expect_known("boss", "/projects/" + Uuid::make().text() + "/history", 404);
}

TEST_F(History, BeginsForOthersWhereTheyCameToSeeTheRow) {
    const std::string id = project("H-9");
    make("boss", "/members", {{"project", id}, {"member", user("customer")}, {"role", "client"}});
    const std::string path =
        "/milestones/" + make("ada", "/milestones", {{"project", id}, {"name", "Our secret"}});
    ASSERT_EQ(patch("ada", path, {{"name", "Also secret"}}).status, 200);
    ASSERT_EQ(patch("ada", path, {{"shared_with_client", true}, {"name", "Rough cut"}}).status, 200);
    ASSERT_EQ(patch("ada", path, {{"name", "First cut"}}).status, 200);
    const Answer hers = get("customer", path + "/history");
    EXPECT_EQ(hers.count(), 1) << hers.body;
    EXPECT_EQ(changes(hers, 0), R"({"name":["Rough cut","First cut"]})");
    EXPECT_EQ(hers.body.find("secret"), std::string::npos) << hers.body;
    EXPECT_EQ(get("ada", path + "/history").count(), 4);
    EXPECT_EQ(get("boss", path + "/history").count(), 4);

    const std::string moved = "/projects/" + id;
    ASSERT_EQ(patch("boss", moved, {{"description", "For somebody else"}}).status, 200);
    ASSERT_EQ(patch("boss", moved, {{"client", client}, {"description", "For Nile"}}).status, 200);
    ASSERT_EQ(patch("boss", moved, {{"name", "Film for Nile"}}).status, 200);
    const Answer project_history = get("customer", moved + "/history");
    EXPECT_EQ(project_history.count(), 1) << project_history.body;
    EXPECT_EQ(project_history.body.find("somebody else"), std::string::npos);
    EXPECT_EQ(get("boss", moved + "/history").count(), 4);
}

TEST_F(History, EmbedsWhoDidItAndWhatTheValuesNameAsFarAsTheReaderSeesIt) {
    const std::string id = project("H-10", {{"client", client}});
    ASSERT_EQ(patch("manager", "/projects/" + id, {{"owner", user("bystander")}}).status, 200);
    const std::string path = "/projects/" + id + "/history?expand=actor,changes";
    const Answer answer = get("boss", path);
    ASSERT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.text("results.0.actor.id"), user("manager"));
    EXPECT_EQ(answer.text("results.0.actor.username"), "manager");
    EXPECT_EQ(answer.text("results.0.changes.owner.0.username"), "ada");
    EXPECT_EQ(answer.text("results.0.changes.owner.1.username"), "bystander");
    EXPECT_EQ(answer.text("results.1.changes.client.1.name"), "Nile");
    EXPECT_EQ(answer.text("results.1.changes.client.0"), "null");
    const Answer plain = get("boss", "/projects/" + id + "/history?expand=actor");
    EXPECT_EQ(plain.text("results.0.changes.owner.0"), user("ada"));
    const Answer unseen = get("customer", "/clients/" + client + "/history?expand=actor");
    const Answer listed = get("customer", "/users/" + user("boss"));
    EXPECT_EQ(unseen.text("results.0.actor.id"), user("boss"));
    EXPECT_EQ(unseen.text("results.0.actor.username"), listed.status == 200 ? "boss" : "");
    const Answer unknown = get("boss", "/projects/" + id + "/history?expand=row");
    EXPECT_EQ(unknown.status, 400);
    EXPECT_EQ(unknown.text("code"), "http.unknown_expand");
    EXPECT_EQ(unknown.text("errors.expand.0"), "There is no \"row\" here. These exist: actor, changes.");

    const Answer log = get("boss", "/audit?expand=actor,row,changes&verb=update&row=" + id);
    EXPECT_EQ(log.text("results.0.actor.username"), "manager");
    EXPECT_EQ(log.text("results.0.row.code"), "H-10");
    EXPECT_EQ(log.text("results.0.changes.owner.1.username"), "bystander");
}

TEST_F(History, EmbedsNobodyWhereAPersonsIdWasErased) {
    const std::string id = user("gone");
    ASSERT_EQ(patch("gone", "/users/me", {{"first_name", "Grace"}}).status, 200);
    transact(site(), Actor::system("command erase"), [&](Tx& tx) {
        audit::forget(tx, Uuid::parse(id).value(), model_of(tag<users::User>{}),
                      {"first_name", "department", "designation"});
    });
    EXPECT_EQ(get("boss", "/users/" + id + "/history?expand=actor,changes").status, 200);
    EXPECT_EQ(get("boss", "/users/" + id + "/history?format=csv").status, 200);
}

TEST_F(History, ComesInPages) {
    const std::string id = project("H-5");
    for (int i = 1; i <= 4; ++i)
        EXPECT_EQ(patch("boss", "/projects/" + id, {{"name", "Name " + std::to_string(i)}}).status, 200);
    const std::string path = "/projects/" + id + "/history";
    const Answer first = get("ada", path + "?page_size=2");
    EXPECT_EQ(first.count(), 5);
    EXPECT_EQ(first.text("previous"), "null");
    const Answer second = get("ada", first.text("next"));
    EXPECT_EQ(changes(second, 0), R"({"name":["Name 1","Name 2"]})");
    const Answer third = get("ada", second.text("next"));
    EXPECT_EQ(third.each("verb"), std::vector<std::string>{"insert"});
    EXPECT_EQ(third.text("next"), "null");
    expect_known("ada", path + "?page=4&page_size=2", 404);
    expect_known("ada", path + "?page=0", 400);
    expect_known("ada", path + "?page_size=201", 400);
    expect_known("ada", path + "?ordering=at", 400);
    EXPECT_EQ(get("ada", path, {{"If-None-Match", get("ada", path).header("ETag")}}).status, 304);
}

TEST_F(History, OfTheWholeStudioIsForAdminsAndLeavesAnEntry) {
    const std::string id = project("H-6");
    EXPECT_EQ(patch("manager", "/projects/" + id, {{"name", "Changed"}}).status, 200);
    access(http::Method::get, "/audit",
           {{"guest", 401}, {"boss", 200}, {"manager", 403}, {"ada", 403}, {"customer", 403}});
    const std::string path = "/audit?model=projects.project&row=" + id;
    const Answer answer = get("boss", path);
    EXPECT_EQ(answer.each("verb"), (std::vector<std::string>{"update", "insert"}));
    EXPECT_EQ(answer.each("model"), (std::vector<std::string>{"projects.project", "projects.project"}));
    EXPECT_EQ(answer.each("row"), (std::vector<std::string>{id, id}));
    EXPECT_EQ(changes(answer, 0), R"({"name":["Film H-6","Changed"]})");
    EXPECT_EQ(get("boss", path + "&actor=" + user("manager")).each("verb"),
              std::vector<std::string>{"update"});
    EXPECT_EQ(get("boss", path + "&verb=insert").each("verb"), std::vector<std::string>{"insert"});
    EXPECT_EQ(get("boss", path + "&field=name").ids().size(), 2U);
    EXPECT_EQ(get("boss", path + "&field=due_on").ids().size(), 0U);
    EXPECT_EQ(get("boss", path + "&until=2020-01-01").ids().size(), 0U);
    EXPECT_EQ(get("boss", path + "&since=2020-01-01T00:00:00Z&request=0123456789abcdef0123456789abcdef")
                  .ids()
                  .size(),
              2U);

    const Answer readings = get("boss", "/audit?verb=read&page_size=1");
    EXPECT_EQ(readings.text("results.0.actor"), user("boss"));
    EXPECT_EQ(readings.text("results.0.model"), "core.audit");
    EXPECT_EQ(readings.text("results.0.changes.query.1.request"), "0123456789abcdef0123456789abcdef");
}

TEST_F(History, OfTheWholeStudioIsWalkedByCursorAndRefusesWhatItDoesNotKnow) {
    project("H-7");
    const Answer first = get("boss", "/audit?page_size=2&model=projects.project");
    ASSERT_EQ(first.ids().size(), 2U);
    const Answer next = get("boss", first.text("next"));
    EXPECT_LT(std::stoll(next.ids().front()), std::stoll(first.ids().back()));
    for (const char* query :
         {"verb=drop", "row=1", "field=name", "since=yesterday", "cursor=-1", "page=2", "page_size=0"})
        EXPECT_EQ(get("boss", "/audit?" + std::string(query)).status, 400) << query;
}

TEST_F(History, ForgetsAPersonWhoAsksForIt) {
    const std::string id = user("leaver");
    EXPECT_EQ(patch("leaver", "/users/me", {{"first_name", "Grace"}}).status, 200);
    const std::string path = "/users/" + id + "/history";
    EXPECT_EQ(get("boss", path).text("results.0.changes.first_name.1"), "Grace");
    transact(site(), Actor::system("command erase"), [&](Tx& tx) {
        audit::forget(tx, Uuid::parse(id).value(), model_of(tag<users::User>{}),
                      {"username", "email", "first_name", "last_name"});
    });
    const Answer after = get("boss", path);
    EXPECT_EQ(after.count(), 2);
    EXPECT_EQ(changes(after, 0), R"({"first_name":["[erased]","[erased]"]})");
    EXPECT_EQ(after.text("results.0.actor"), id);
    EXPECT_EQ(after.text("results.0.address"), "null");
    EXPECT_EQ(after.body.find("leaver"), std::string::npos) << after.body;
}

TEST_F(History, IsMissedWhereATableHasNoTrigger) {
    const SchemaReport report = schema_after(
        "ALTER TABLE projects_project DISABLE TRIGGER core_audit; DROP TRIGGER core_audit ON "
        "projects_client");
    ASSERT_EQ(report.faults.size(), 2U);
    for (const auto& fault : report.faults) EXPECT_NE(fault.find("core_audit"), std::string::npos) << fault;
}

}  // namespace
}  // namespace tamiti::test
