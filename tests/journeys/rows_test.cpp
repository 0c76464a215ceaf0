#include "core/base/uuid.hpp"
#include "tests/support/studio.hpp"

namespace tamiti::test {
namespace {

/// What every single row of the API promises: reading, creating, changing, removing.
class Rows : public Studio {
public:
    static void SetUpTestSuite() {
        Studio::SetUpTestSuite();
        user("boss", {Role::admin});
        user("ada");
        project = make("boss", "/projects", {{"code", "ROWS"}, {"name", "Rows"}, {"owner", user("ada")}});
    }
    static std::string milestone(const std::string& name) {
        return make("boss", "/milestones", {{"project", project}, {"name", name}});
    }
    static inline std::string project;
};

TEST_F(Rows, ACreatedRowHasALocationAndAnEntityTag) {
    const Answer answer = post("boss", "/milestones", {{"project", project}, {"name", "Rough cut"}});
    EXPECT_EQ(answer.status, 201);
    EXPECT_EQ(answer.header("Location"), "/api/v1/milestones/" + answer.text("id"));
    const Answer read = get("boss", answer.header("Location"));
    EXPECT_EQ(read.body, answer.body);
    EXPECT_EQ(read.header("ETag"), answer.header("ETag"));
}

TEST_F(Rows, TheSameRowSentAgainIsAnsweredAndAnotherOneIsAConflict) {
    const std::string id = Uuid::make().text();
    const Body body = {{"id", id}, {"project", project}, {"name", "Sent twice"}, {"due_on", "2026-05-01"}};
    EXPECT_EQ(post("boss", "/milestones", body).status, 201);
    const Answer again = post("boss", "/milestones", body);
    EXPECT_EQ(again.status, 200);
    EXPECT_EQ(again.text("id"), id);
    EXPECT_EQ(again.text("version"), "1");
    const Answer other = post("boss", "/milestones", {{"id", id}, {"project", project}, {"name", "Another"}});
    EXPECT_EQ(other.status, 409);
    EXPECT_EQ(sql("SELECT count(*) FROM projects_milestone WHERE name IN ('Sent twice', 'Another')"), "1");
}

TEST_F(Rows, AnIdThatIsNoVersionSevenIsRefused) {
    const Body body = {
        {"id", "11111111-1111-4111-8111-111111111111"}, {"project", project}, {"name", "Random id"}};
    const Answer answer = post("boss", "/milestones", body);
    EXPECT_EQ(answer.status, 422);
    EXPECT_FALSE(answer.text("errors.id.0").empty());
}

TEST_F(Rows, EveryFaultOfABodyIsReportedAtOnce) {
    const Answer answer =
        post("boss", "/milestones",
             {{"project", "nothing"}, {"name", ""}, {"due_on", "2026-02-30"}, {"position", "first"}});
    EXPECT_EQ(answer.status, 422);
    EXPECT_EQ(answer.header("Content-Type"), "");
    for (const char* field : {"project", "name", "due_on", "position"})
        EXPECT_FALSE(answer.text(std::string("errors.") + field + ".0").empty()) << field << answer.body;
}

TEST_F(Rows, UnknownAndReadOnlyFieldsAreRefusedByName) {
    const std::string before = sql("SELECT count(*) FROM projects_milestone");
    const Answer unknown = post("boss", "/milestones", {{"project", project}, {"name", "A"}, {"nme", "B"}});
    EXPECT_EQ(unknown.status, 400);
    EXPECT_NE(unknown.text("errors.nme.0").find("name"), std::string::npos);
    const Answer read_only =
        post("boss", "/milestones", {{"project", project}, {"name", "A"}, {"version", 9}});
    EXPECT_EQ(read_only.status, 400);
    EXPECT_FALSE(read_only.text("errors.version.0").empty());
    EXPECT_EQ(sql("SELECT count(*) FROM projects_milestone"), before);
}

TEST_F(Rows, AFieldThatNeedsAPermissionIsRefusedByNameAndHiddenWithoutIt) {
    const std::string path = "/projects/" + project;
    ASSERT_EQ(patch("boss", path, {{"budget", {{"amount", "150000"}, {"currency", "UGX"}}}}).status, 200);
    const Answer refused = patch("ada", path, {{"budget", {{"amount", "1"}, {"currency", "UGX"}}}});
    EXPECT_EQ(refused.status, 403) << refused.body;
    EXPECT_FALSE(refused.text("errors.budget.0").empty());
    EXPECT_EQ(get("ada", path).body.find("150000"), std::string::npos);
    EXPECT_EQ(get("boss", path).text("budget.amount"), "150000");
    for (const char* query :
         {"?fields=budget", "?ordering=budget", "?budget__gte=1%20UGX", "?budget=150000%20UGX"})
        EXPECT_EQ(get("ada", "/projects" + std::string(query)).status, 400) << query;
    EXPECT_EQ(sql("SELECT budget FROM projects_project WHERE code = 'ROWS'"), "150000");
}

TEST_F(Rows, AReferenceToARowThatTheActorCannotSeeIsAnUnknownReference) {
    const std::string hidden = make("boss", "/projects", {{"code", "HIDDEN"}, {"name", "Hidden"}});
    const Answer answer = post("ada", "/milestones", {{"project", hidden}, {"name", "Sneaked in"}});
    const Answer nothing =
        post("ada", "/milestones", {{"project", Uuid::make().text()}, {"name", "Sneaked in"}});
    EXPECT_EQ(answer.status, nothing.status);
    EXPECT_EQ(answer.body, nothing.body);
    EXPECT_EQ(sql("SELECT count(*) FROM projects_milestone WHERE name = 'Sneaked in'"), "0");
}

TEST_F(Rows, APatchChangesOnlyWhatItNamesAndOnlyWhenNobodyWasFaster) {
    const std::string id = milestone("Before");
    const Answer read = get("boss", "/milestones/" + id);
    const Answer changed =
        patch("boss", "/milestones/" + id, {{"name", "After"}}, {{"If-Match", read.header("ETag")}});
    EXPECT_EQ(changed.status, 200);
    EXPECT_EQ(changed.text("name"), "After");
    EXPECT_EQ(changed.text("version"), "2");
    const Answer late =
        patch("boss", "/milestones/" + id, {{"name", "Late"}}, {{"If-Match", read.header("ETag")}});
    EXPECT_EQ(late.status, 412);
    EXPECT_EQ(late.text("current.name"), "After");
    EXPECT_EQ(sql("SELECT name FROM projects_milestone WHERE id = $1", id), "After");
}

TEST_F(Rows, AnEntityTagOfAnExpandedRowServesIfMatchToo) {
    const std::string id = milestone("Expanded");
    const Answer read = get("boss", "/milestones/" + id + "?expand=project&fields=id,project");
    EXPECT_EQ(
        patch("boss", "/milestones/" + id, {{"name", "Changed"}}, {{"If-Match", read.header("ETag")}}).status,
        200);
    EXPECT_EQ(patch("boss", "/milestones/" + id, {{"name", "Again"}}, {{"If-Match", "\"invented\""}}).status,
              412);
}

TEST_F(Rows, AChangeThatChangesNothingKeepsTheVersion) {
    const std::string id = milestone("Still");
    EXPECT_EQ(patch("boss", "/milestones/" + id, {{"name", "Still"}}).text("version"), "1");
    EXPECT_EQ(patch("boss", "/milestones/" + id, {}).text("version"), "1");
}

TEST_F(Rows, AnUnchangedRowIsNotSentAgain) {
    const std::string id = milestone("Cached");
    const Answer read = get("boss", "/milestones/" + id);
    const Answer again = get("boss", "/milestones/" + id, {{"If-None-Match", read.header("ETag")}});
    EXPECT_EQ(again.status, 304);
    EXPECT_EQ(again.body, "");
    ASSERT_EQ(patch("boss", "/milestones/" + id, {{"name", "Changed"}}).status, 200);
    EXPECT_EQ(get("boss", "/milestones/" + id, {{"If-None-Match", read.header("ETag")}}).status, 200);
}

TEST_F(Rows, APutReplacesTheWholeRow) {
    const std::string id =
        make("boss", "/milestones", {{"project", project}, {"name", "Whole"}, {"due_on", "2026-06-01"}});
    const Answer answer = put("boss", "/milestones/" + id, {{"name", "Replaced"}});
    EXPECT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.text("name"), "Replaced");
    EXPECT_EQ(answer.text("due_on"), "null");
    EXPECT_EQ(answer.text("project"), project);
    EXPECT_EQ(put("boss", "/milestones/" + id, {}).status, 422);
}

TEST_F(Rows, ARemovedRowIsGone) {
    const std::string id = milestone("Removed");
    EXPECT_EQ(remove("boss", "/milestones/" + id, {{"If-Match", "\"7-0\""}}).status, 412);
    EXPECT_EQ(remove("boss", "/milestones/" + id).status, 204);
    EXPECT_EQ(get("boss", "/milestones/" + id).status, 404);
    EXPECT_EQ(remove("boss", "/milestones/" + id).status, 404);
    EXPECT_EQ(patch("boss", "/milestones/" + id, {{"name", "Back"}}).status, 404);
}

TEST_F(Rows, ABrokenRuleOfTheDatabaseIsAnsweredWithItsSentence) {
    const Answer answer =
        patch("boss", "/projects/" + project, {{"start_on", "2026-03-02"}, {"due_on", "2026-03-01"}});
    EXPECT_EQ(answer.status, 422);
    EXPECT_FALSE(answer.text("errors.due_on.0").empty()) << answer.body;
    const Answer taken = post("boss", "/projects", {{"code", "ROWS"}, {"name", "Again"}});
    EXPECT_EQ(taken.status, 409);
    EXPECT_FALSE(taken.text("errors.code.0").empty()) << taken.body;
}

TEST_F(Rows, MalformedBodiesAreRefusedAndChangeNothing) {
    const std::string before = sql("SELECT count(*) FROM projects_milestone");
    for (const char* body : {"", "[]", "null", "{", R"({"name": "a", "name": "b"})", "{\"name\": \"\xff\"}",
                             R"({"position": 1e999})", "{} {}"})
        EXPECT_EQ(post("boss", "/milestones", Body::raw(body)).status, 400) << body;
    EXPECT_EQ(post("boss", "/milestones", Body::raw("name=a"),
                   {{"Content-Type", "application/x-www-form-urlencoded"}})
                  .status,
              415);
    EXPECT_EQ(sql("SELECT count(*) FROM projects_milestone"), before);
}

TEST_F(Rows, WrongPlacesAndMethodsAreRefused) {
    EXPECT_EQ(get("boss", "/nothing").status, 404);
    EXPECT_EQ(get("boss", "/milestones/not-an-id").status, 404);
    EXPECT_EQ(get("boss", "/milestones/" + Uuid::make().text()).status, 404);
    const Answer answer = remove("boss", "/milestones");
    EXPECT_EQ(answer.status, 405);
    EXPECT_EQ(answer.header("Allow"), "GET, HEAD, POST, OPTIONS");
    EXPECT_EQ(get("boss", "/milestones/" + milestone("Parameters") + "?colour=red").status, 400);
    EXPECT_EQ(get("boss", "/milestones/").status, 200) << "a trailing slash is accepted";
}

TEST_F(Rows, AnUnknownHostIsMisdirected) {
    http::Request request;
    request.path = "/api/v1/milestones";
    request.host = "evil.example";
    request.id = "test";
    EXPECT_EQ(pipeline().serve(request).status, 421);
}

}  // namespace
}  // namespace tamiti::test
