#include <gmock/gmock.h>

#include "apps/projects/tests/factories.hpp"

namespace tamiti::test {
namespace {

using http::Method;

/// One project of Ada's for the client Nile. Lea leads it, Mia works on it, Rex reviews it; Nala and Otto are
/// people of Nile, Nala also a member; Sam works elsewhere. Moses manages, Fay keeps the books.
class ProjectAccess : public Studio {
public:
    static void SetUpTestSuite() {
        Studio::SetUpTestSuite();
        user("moses", {Role::manager});
        user("fay", {Role::finance});
        for (const char* name : {"nala", "otto", "zed"}) user(name, {Role::client});
        for (const char* name : {"ada", "lea", "mia", "rex", "sam"}) user(name);
        nile = make("moses", "/clients",
                    {{"name", "Nile"},
                     {"notes", "pays late"},
                     {"tags", {"food"}},
                     {"people", {user("nala"), user("otto")}}});
        contact = make("moses", "/contacts", {{"client", nile}, {"name", "Sarah"}});
        project = make("moses", "/projects",
                       {{"code", "NILE"},
                        {"name", "Film"},
                        {"client", nile},
                        {"owner", user("ada")},
                        {"estimated_hours", "40"},
                        {"health", "at_risk"},
                        {"tags", {"video"}}});
        membership = join("ada", project, "mia", "member");
        join("ada", project, "lea", "lead");
        join("ada", project, "rex", "reviewer");
        join("ada", project, "nala", "client");
        hidden = make_milestone("ada", project, {{"name", "Inside"}, {"owner", user("mia")}});
        shared = make(
            "ada", "/milestones",
            {{"project", project}, {"name", "Outside"}, {"shared_with_client", true}, {"reward", "cake"}});
    }

    static inline std::string nile, contact, project, membership, hidden, shared;
};

TEST_F(ProjectAccess, WhoSeesAndChangesAClient) {
    const std::string path = "/clients/" + nile;
    access(Method::get, path,
           {{"guest", 401},
            {"sam", 404},
            {"zed", 404},
            {"nala", 200},
            {"mia", 200},
            {"fay", 200},
            {"moses", 200}});
    access(Method::post, "/clients", {{"name", "Kasubi"}},
           {{"guest", 401}, {"nala", 403}, {"lea", 403}, {"fay", 403}, {"moses", 201}});
    access(Method::patch, path, {{"address", "Kampala"}},
           {{"guest", 401}, {"sam", 404}, {"nala", 403}, {"lea", 403}, {"fay", 403}, {"moses", 200}});
    access(Method::delete_, path,
           {{"guest", 401}, {"sam", 404}, {"nala", 403}, {"lea", 403}, {"fay", 403}, {"moses", 409}});
}

TEST_F(ProjectAccess, WhoSeesAndChangesAContact) {
    const std::string path = "/contacts/" + contact;
    access(Method::get, path,
           {{"guest", 401}, {"sam", 404}, {"zed", 404}, {"nala", 200}, {"mia", 200}, {"moses", 200}});
    access(Method::post, "/contacts", {{"client", nile}, {"name", "Tom"}},
           {{"guest", 401}, {"nala", 403}, {"lea", 403}, {"moses", 201}});
    access(Method::patch, path, {{"job_title", "Buyer"}},
           {{"guest", 401}, {"sam", 404}, {"nala", 403}, {"lea", 403}, {"moses", 200}});
    access(Method::delete_, path,
           {{"guest", 401}, {"sam", 404}, {"nala", 403}, {"lea", 403}, {"moses", 204}});
}

TEST_F(ProjectAccess, WhoSeesAndChangesAProject) {
    const std::string path = "/projects/" + project;
    access(Method::get, path,
           {{"guest", 401},
            {"sam", 404},
            {"zed", 404},
            {"nala", 200},
            {"otto", 200},
            {"rex", 200},
            {"fay", 200}});
    access(Method::patch, path, {{"priority", "high"}},
           {{"guest", 401},
            {"sam", 404},
            {"nala", 403},
            {"mia", 403},
            {"rex", 403},
            {"fay", 403},
            {"lea", 200},
            {"ada", 200},
            {"moses", 200}});
    access(Method::post, path + "/archive",
           {{"guest", 401}, {"sam", 404}, {"nala", 403}, {"mia", 403}, {"fay", 403}, {"lea", 200}});
    access(Method::post, path + "/unarchive", {{"guest", 401}, {"sam", 404}, {"mia", 403}, {"lea", 200}});
    access(Method::delete_, path,
           {{"guest", 401}, {"sam", 404}, {"nala", 403}, {"mia", 403}, {"lea", 403}, {"fay", 403}});
    const auto own = make_project("ada");
    access(Method::delete_, "/projects/" + own, {{"sam", 404}, {"ada", 204}});
}

TEST_F(ProjectAccess, WhoStartsAProject) {
    const Body body = {{"code", "NEW-1"}, {"name", "New"}};
    access(Method::post, "/projects", body, {{"guest", 401}, {"nala", 403}, {"fay", 403}, {"sam", 201}});
    EXPECT_EQ(sql("SELECT count(*) FROM projects_project WHERE code = 'NEW-1'"), "1");
}

TEST_F(ProjectAccess, WhoSeesAndChangesMembers) {
    const std::string path = "/members/" + membership;
    access(Method::get, path,
           {{"guest", 401},
            {"sam", 404},
            {"zed", 404},
            {"nala", 200},
            {"otto", 200},
            {"rex", 200},
            {"fay", 200}});
    access(Method::post, "/members", {{"project", project}, {"member", user("gus")}},
           {{"guest", 401}, {"nala", 403}, {"mia", 403}, {"rex", 403}, {"fay", 403}, {"lea", 201}});
    access(Method::patch, path, {{"allocation", "8"}},
           {{"guest", 401},
            {"sam", 404},
            {"nala", 403},
            {"mia", 403},
            {"rex", 403},
            {"lea", 200},
            {"moses", 200}});
    const std::string gus = sql("SELECT id FROM projects_member WHERE member = $1", user("gus"));
    access(Method::delete_, "/members/" + gus,
           {{"guest", 401}, {"sam", 404}, {"nala", 403}, {"mia", 403}, {"fay", 403}, {"lea", 204}});
}

TEST_F(ProjectAccess, NobodyLetsThemselvesIntoAProject) {
    const Body body = {{"project", project}, {"member", user("sam")}, {"role", "lead"}};
    EXPECT_GE(post("sam", "/members", body).status, 400);
    EXPECT_EQ(
        sql("SELECT count(*) FROM projects_member WHERE member = $1 AND project = $2", user("sam"), project),
        "0");
}

TEST_F(ProjectAccess, WhoSeesAndChangesAMilestone) {
    const std::string path = "/milestones/" + hidden;
    access(Method::get, path,
           {{"guest", 401},
            {"sam", 404},
            {"nala", 404},
            {"otto", 404},
            {"rex", 200},
            {"fay", 200},
            {"mia", 200}});
    access(Method::get, "/milestones/" + shared,
           {{"guest", 401}, {"zed", 404}, {"nala", 200}, {"otto", 200}});
    access(Method::post, "/milestones", {{"project", project}, {"name", "Another"}},
           {{"guest", 401}, {"nala", 403}, {"mia", 403}, {"rex", 403}, {"fay", 403}, {"lea", 201}});
    access(Method::patch, path, {{"description", "Kept short"}},
           {{"guest", 401},
            {"sam", 404},
            {"nala", 404},
            {"rex", 403},
            {"fay", 403},
            {"mia", 200},
            {"lea", 200}});
    access(Method::patch, "/milestones/" + shared, {{"description", "Kept short"}},
           {{"nala", 403}, {"mia", 403}, {"ada", 200}});
    access(Method::post, path + "/complete",
           {{"guest", 401}, {"sam", 404}, {"nala", 404}, {"rex", 403}, {"fay", 403}, {"mia", 200}});
    access(Method::post, path + "/reopen", {{"guest", 401}, {"sam", 404}, {"rex", 403}, {"mia", 200}});
    access(Method::delete_, path, {{"guest", 401}, {"sam", 404}, {"rex", 403}, {"mia", 403}, {"lea", 204}});
}

TEST_F(ProjectAccess, AMilestonesOwnerCantGiveItAway) {
    const auto milestone = make_milestone("ada", project, {{"owner", user("mia")}});
    EXPECT_EQ(patch("mia", "/milestones/" + milestone, {{"owner", user("rex")}}).status, 403);
    EXPECT_EQ(sql("SELECT owner FROM projects_milestone WHERE id = $1", milestone), user("mia"));
}

TEST_F(ProjectAccess, OnlyTheClientSignsOff) {
    const std::string path = "/milestones/" + shared;
    EXPECT_EQ(post("nala", path + "/sign-off").text("type"), "/problems/projects.not_complete");
    EXPECT_EQ(post("ada", path + "/complete").status, 200);
    access(Method::post, path + "/sign-off",
           {{"guest", 401},
            {"sam", 404},
            {"zed", 404},
            {"ada", 403},
            {"moses", 403},
            {"otto", 200},
            {"nala", 200}});
    EXPECT_EQ(sql("SELECT signed_off_by FROM projects_milestone WHERE id = $1", shared), user("otto"))
        << "who is one of the client's people needs no membership";
    EXPECT_EQ(post("moses", path + "/sign-off").text("detail"),
              "Only the client signs a milestone off: one of the client's people, or a client member of the "
              "project.");
    EXPECT_EQ(post("ada", path + "/reopen").status, 200);
}

TEST_F(ProjectAccess, EveryoneListsExactlyWhatTheySee) {
    const auto other = make_project("sam", {{"code", "OTHER"}});
    const std::map<std::string, std::vector<std::string>> seen = {
        {"moses", {project, other}}, {"fay", {project, other}}, {"sam", {other}},
        {"mia", {project}},          {"otto", {project}},       {"zed", {}},
    };
    for (const auto& [who, ids] : seen)
        EXPECT_THAT(get(who, "/projects?code__in=NILE,OTHER").ids(),
                    ::testing::UnorderedElementsAreArray(ids))
            << who;
    EXPECT_EQ(get("otto", "/milestones?project=" + project).ids(), std::vector{shared});
}

TEST_F(ProjectAccess, ClientsSeeNoInternals) {
    const Answer seen = get("nala", "/projects/" + project);
    for (const char* field : {"health", "estimated_hours", "budget", "tags"})
        EXPECT_FALSE(seen.json().as_object().contains(field)) << field;
    EXPECT_FALSE(get("nala", "/clients/" + nile).json().as_object().contains("notes"));
    EXPECT_FALSE(get("nala", "/milestones/" + shared).json().as_object().contains("reward"));
    EXPECT_EQ(get("nala", "/projects?health=at_risk").status, 400);
    EXPECT_EQ(get("nala", "/projects?fields=budget").status, 400);
    EXPECT_EQ(get("nala", "/milestones?expand=project").text("results.0.project.code"), "NILE");
}

TEST_F(ProjectAccess, BudgetsAreForThoseWhoKeepTheMoney) {
    const std::string path = "/projects/" + project;
    const Body budget = {{"budget", {{"amount", "1500000"}, {"currency", "UGX"}}}};
    access(Method::patch, path, budget, {{"ada", 403}, {"lea", 403}, {"fay", 403}, {"moses", 200}});
    EXPECT_EQ(get("fay", path).text("budget.amount"), "1500000");
    EXPECT_EQ(get("moses", path).text("budget.currency"), "UGX");
    EXPECT_FALSE(get("ada", path).json().as_object().contains("budget"));
}

TEST_F(ProjectAccess, AnArchivedProjectIsGoneForItsClients) {
    const auto old = make_project("moses", {{"client", nile}, {"owner", user("ada")}});
    EXPECT_EQ(get("otto", "/projects/" + old).status, 200);
    EXPECT_EQ(post("ada", "/projects/" + old + "/archive").status, 200);
    access(Method::get, "/projects/" + old, {{"otto", 404}, {"ada", 200}, {"moses", 200}});
}

}  // namespace
}  // namespace tamiti::test
