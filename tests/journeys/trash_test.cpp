#include <set>
#include <thread>

#include "core/db/connection.hpp"
#include "core/engine/purge.hpp"
#include "core/model/member.hpp"
#include "core/model/trash.hpp"
#include "tests/support/studio.hpp"

namespace tamiti::test {
namespace {

using namespace std::chrono_literals;

/// A run of a job in the calling thread.
class PlainRun : public JobRun {
public:
    explicit PlainRun(Site& at) : JobRun(at, Uuid::make(), 1, "{}") {}
    bool should_stop() const override { return false; }
    JobResult complete_with(const std::function<JobResult(Tx&)>& work) override {
        return tamiti::transact(site, Actor::system("job test"), work);
    }

private:
    void fenced(const std::function<void(Tx&)>& work) override {
        tamiti::transact(site, Actor::system("job core.purge_trash"), work);
    }
};

/// Rows that were removed, until they are gone.
class Trash : public Studio {
public:
    static void SetUpTestSuite() {
        Studio::SetUpTestSuite();
        user("boss", {Role::admin});
        user("finance", {Role::finance});
        user("ada");
        user("bystander");
    }
    void SetUp() override { clock().advance(1s); }

    static std::string project(const std::string& code) {
        return make("boss", "/projects", {{"code", code}, {"name", "Film " + code}, {"owner", user("ada")}});
    }
    static std::string milestone(const std::string& project, const std::string& name) {
        return make("boss", "/milestones", {{"project", project}, {"name", name}});
    }
    static void trash(const std::string& path) { EXPECT_EQ(remove("boss", path).status, 204) << path; }
    static int purge() {
        PlainRun run(site());
        const std::string before = sql("SELECT count(*) FROM projects_project");
        EXPECT_EQ(purge_trash(run, {}).kind, JobResult::Kind::done);
        return std::stoi(before) - std::stoi(sql("SELECT count(*) FROM projects_project"));
    }
};

TEST_F(Trash, IsListedAndReadByWhoeverMayRestore) {
    const std::string id = project("T-1");
    trash("/projects/" + id);
    EXPECT_EQ(get("boss", "/projects?code=T-1").count(), 0);
    EXPECT_EQ(get("boss", "/projects?deleted=true&code=T-1").ids(), std::vector<std::string>{id});
    EXPECT_EQ(get("boss", "/projects?deleted=false&code=T-1").count(), 0);
    EXPECT_EQ(get("finance", "/projects?deleted=true").count(), 0) << "sees projects, may not remove them";
    EXPECT_EQ(get("ada", "/projects?deleted=true&code=T-1").count(), 1) << "her own";
    EXPECT_EQ(get("bystander", "/projects?deleted=true").count(), 0);
    const std::string path = "/projects/" + id;
    access(http::Method::get, path, {{"boss", 404}, {"finance", 404}, {"ada", 404}});
    access(http::Method::get, path + "?deleted=true",
           {{"guest", 401}, {"boss", 200}, {"finance", 404}, {"ada", 200}, {"bystander", 404}});
    access(http::Method::get, path + "/history", {{"boss", 200}, {"finance", 404}, {"ada", 200}});
    EXPECT_EQ(get("boss", path + "?deleted=true&fields=name").text("name"), "Film T-1");
    EXPECT_EQ(get("boss", path + "/history").each("verb"), (std::vector<std::string>{"update", "insert"}));
    EXPECT_EQ(get("boss", "/projects?deleted=perhaps").status, 400);
    EXPECT_EQ(get("boss", "/clients?deleted=true").status, 400) << "clients have no trash";
    const std::string living = project("T-2");
    EXPECT_EQ(get("boss", "/projects/" + living + "?deleted=true").status, 404);
}

TEST_F(Trash, GivesBackARowWithExactlyWhatWentWithIt) {
    const std::string id = project("T-3");
    const std::string earlier = milestone(id, "Removed before");
    const std::string first = milestone(id, "First cut"), second = milestone(id, "Second cut");
    trash("/milestones/" + earlier);
    clock().advance(1s);
    trash("/projects/" + id);
    EXPECT_EQ(sql("SELECT count(*) FROM projects_milestone WHERE project = $1 AND deleted_at IS NULL", id),
              "0");
    EXPECT_EQ(sql("SELECT count(DISTINCT deleted_at) FROM projects_milestone WHERE project = $1", id), "2");
    EXPECT_EQ(sql("SELECT count(*) FROM projects_member WHERE project = $1", id), "1")
        << "stays with the project";
    clock().advance(1s);
    const Answer back = post("boss", "/projects/" + id + "/restore");
    EXPECT_EQ(back.status, 200) << back.body;
    EXPECT_EQ(back.text("deleted_at"), "null");
    EXPECT_EQ(back.text("version"), "3");
    EXPECT_EQ(back.header("ETag"), get("boss", "/projects/" + id).header("ETag"));
    EXPECT_EQ(get("ada", "/milestones?ordering=name&project=" + id).ids(),
              (std::vector<std::string>{first, second}));
    EXPECT_EQ(get("boss", "/milestones?deleted=true&project=" + id).ids(), std::vector<std::string>{earlier});
    EXPECT_EQ(get("boss", "/milestones/" + first + "/history").each("verb"),
              (std::vector<std::string>{"update", "update", "insert"}));
}

TEST_F(Trash, RestoresOnceHoweverOftenItIsAsked) {
    const std::string id = project("T-4");
    const std::string path = "/projects/" + id + "/restore";
    EXPECT_EQ(post("boss", path).text("version"), "1") << "it was never away";
    trash("/projects/" + id);
    EXPECT_EQ(post("boss", path).text("version"), "3");
    EXPECT_EQ(post("boss", path).text("version"), "3");
    EXPECT_EQ(post("boss", path, {{"name", "Other"}}).status, 400);
}

TEST_F(Trash, IsRestoredByWhoeverMayRemove) {
    const std::string id = project("T-5");
    const std::string path = "/projects/" + id + "/restore";
    access(http::Method::post, path, {{"guest", 401}, {"finance", 403}, {"bystander", 404}});
    trash("/projects/" + id);
    access(http::Method::post, path,
           {{"guest", 401}, {"finance", 404}, {"bystander", 404}, {"ada", 200}, {"boss", 200}});
    EXPECT_EQ(post("boss", "/projects/" + Uuid::make().text() + "/restore").status, 404);
    EXPECT_EQ(post("boss", "/clients/" + Uuid::make().text() + "/restore").status, 404)
        << "there is no such operation";
}

TEST_F(Trash, GivesNothingBackWhoseUniqueValueWasTakenMeanwhile) {
    const std::string id = project("T-6");
    const std::string cut = milestone(id, "First cut");
    trash("/projects/" + id);
    const std::string successor = project("T-6");
    const Answer refused = post("boss", "/projects/" + id + "/restore");
    EXPECT_EQ(refused.status, 409);
    EXPECT_FALSE(refused.text("errors.code.0").empty()) << refused.body;
    EXPECT_EQ(sql("SELECT count(*) FROM projects_milestone WHERE id = $1 AND deleted_at IS NULL", cut), "0");
    EXPECT_EQ(patch("boss", "/projects/" + successor, {{"code", "T-6B"}}).status, 200);
    EXPECT_EQ(post("boss", "/projects/" + id + "/restore").status, 200);
    EXPECT_EQ(get("boss", "/milestones/" + cut).status, 200);
}

/// What hangs on rows of another model with a trash, by a reference or a record: the paths of both and the
/// field.
struct Hanging {
    const Resource* child = nullptr;
    const Resource* parent = nullptr;
    std::string field{};
};

std::vector<Hanging> hanging_rows(const Catalogue& catalogue) {
    std::vector<Hanging> all;
    for (const Model* model : catalogue.models()) {
        const Resource* child = catalogue.resource_of(*model);
        if (!child || !has_trash(*child)) continue;
        for (const Field& field : model->fields) {
            if (field.type != &reference_type() || field.rules.on_delete != Delete::cascade) continue;
            const Resource* parent = catalogue.resource_of(field.target());
            if (parent && has_trash(*parent)) all.push_back({child, parent, field.name});
        }
        for (const RecordFields& record : model->records)
            for (const Model* carrying : catalogue.models()) {
                const Resource* parent = catalogue.resource_of(*carrying);
                if (carrying->carries && parent && has_trash(*parent))
                    all.push_back({child, parent, record.name + "_row"});
            }
    }
    return all;
}

/// Makes what hangs on a project; a model that is new here needs its body.
std::string hung_on(const std::string& project, const Hanging& hanging) {
    Object body{{"name", "cut.txt"}, {"content", "eA=="}};
    if (hanging.child->path == "/milestones") body = {{"name", "First cut"}};
    if (hanging.child->path == "/comments") body = {{"body", "The first cut is there."}};
    if (hanging.field.ends_with("_row"))
        body[hanging.field.substr(0, hanging.field.size() - 3) + "model"] = hanging.parent->model->name;
    body[hanging.field] = project;
    return Trash::make("boss", hanging.child->path, body);
}

TEST_F(Trash, OfEveryModelGivesBackAPartOnlyWhereItsWholeIsThere) {
    std::set<std::string> seen;
    for (const Hanging& hanging : hanging_rows(registry().catalogue())) {
        const auto& [child, parent, field] = hanging;
        seen.insert(child->path + " " + field + " " + parent->path);
        if (parent->path != "/projects") continue;
        const std::string whole = project("EVERY-" + std::to_string(seen.size()));
        const std::string part = hung_on(whole, hanging);
        trash(child->path + "/" + part);
        clock().advance(1s);
        trash("/projects/" + whole);
        const std::string restore = child->path + "/" + part + "/restore";
        const Answer refused = post("boss", restore);
        EXPECT_EQ(refused.status, 409) << child->path << refused.body;
        EXPECT_EQ(refused.text("code"), "data.in_trash") << child->path;
        EXPECT_EQ(refused.text("errors." + field + ".0"),
                  "The project that this " + child->model->noun +
                      " belongs to is in the trash: restore that one first.");
        EXPECT_EQ(post("bystander", restore).status, 404) << child->path;
        EXPECT_EQ(post("boss", "/projects/" + whole + "/restore").status, 200);
        EXPECT_EQ(post("boss", restore).status, 200) << child->path;
        clock().advance(1s);
    }
    EXPECT_EQ(seen, (std::set<std::string>{"/attachments on_row /milestones", "/attachments on_row /projects",
                                           "/comments on_row /milestones", "/comments on_row /projects",
                                           "/milestones project /projects"}))
        << "what hangs on a model that is new here needs a row above";
}

TEST_F(Trash, GivesBackAPartOnlyWhereItsWholeIsThere) {
    const std::string id = project("T-7");
    const std::string cut = milestone(id, "First cut");
    trash("/milestones/" + cut);
    clock().advance(1s);
    trash("/projects/" + id);
    const Answer refused = post("boss", "/milestones/" + cut + "/restore");
    EXPECT_EQ(refused.status, 409) << refused.body;
    EXPECT_EQ(refused.text("code"), "data.in_trash");
    EXPECT_FALSE(refused.text("errors.project.0").empty());
    EXPECT_EQ(post("bystander", "/milestones/" + cut + "/restore").status, 404)
        << "who may not bring the project back hears of neither";
    transact(site(), Actor::system(), [&](Tx& tx) {
        const Resource& milestones =
            *registry().catalogue().resource_of(*registry().catalogue().model_named("projects.milestone"));
        try {
            restore(tx, milestones, Actor::system(), Uuid::parse(cut).value());
            ADD_FAILURE() << "a milestone came back to a project in the trash";
        } catch (const Problem& conflict) {
            EXPECT_EQ(conflict.status(), 409);
            EXPECT_EQ(conflict.code(), "data.in_trash");
            EXPECT_EQ(conflict.errors().at(0).field, "project");
        }
    });
    EXPECT_EQ(post("boss", "/projects/" + id + "/restore").status, 200);
    EXPECT_EQ(get("boss", "/milestones/" + cut).status, 404);
    EXPECT_EQ(post("boss", "/milestones/" + cut + "/restore").status, 200);
    EXPECT_EQ(get("boss", "/milestones/" + cut).status, 200);
}

// However a removal and an addition meet, nothing is left outside of the trash below something inside.
TEST_F(Trash, LeavesNobodyBehindWhoIsAddedMeanwhile) {
    for (int round = 0; round < 12; ++round) {
        const std::string id = project("R-" + std::to_string(round));
        std::thread adding([&] {
            for (int i = 0; i < 4; ++i) post("boss", "/milestones", {{"project", id}, {"name", "Late"}});
        });
        remove("boss", "/projects/" + id);
        adding.join();
        EXPECT_EQ(
            sql("SELECT count(*) FROM projects_milestone WHERE project = $1 AND deleted_at IS NULL", id),
            "0");
    }
}

TEST_F(Trash, IsEmptiedAfterAMonthAndTheTrailStays) {
    const std::string old = project("P-1"), recent = project("P-2"), living = project("P-3");
    const std::string cut = milestone(old, "First cut");
    trash("/projects/" + old);
    clock().advance(std::chrono::days(20));
    sign_in_again("boss");
    trash("/projects/" + recent);
    clock().advance(std::chrono::days(10) - 1min);
    sign_in_again("boss");
    EXPECT_EQ(purge(), 0);
    clock().advance(2min);
    EXPECT_GE(purge(), 1);
    EXPECT_EQ(sql("SELECT string_agg(code, ' ' ORDER BY code) FROM projects_project WHERE code LIKE 'P-_'"),
              "P-2 P-3");
    EXPECT_EQ(sql("SELECT count(*) FROM projects_milestone WHERE id = $1", cut), "0");
    EXPECT_EQ(sql("SELECT count(*) FROM projects_member WHERE project = $1", old), "0")
        << "purged with its project";
    EXPECT_EQ(get("boss", "/audit?model=projects.milestone&row=" + cut).each("verb"),
              (std::vector<std::string>{"delete", "update", "insert"}));
    EXPECT_EQ(get("boss", "/audit?model=projects.project&row=" + old).text("results.0.via"),
              "job core.purge_trash");
    EXPECT_EQ(post("boss", "/projects/" + old + "/restore").status, 404);
}

// A table that no description knows of holds on to a row.
TEST_F(Trash, KeepsWhatIsStillReferredToAndPurgesTheRest) {
    const std::string held = project("K-1"), free = project("K-2");
    trash("/projects/" + held);
    trash("/projects/" + free);
    db::Connection owner({.url = site().settings->database_owner_url});
    owner.run_script(
        "CREATE TABLE elsewhere (project uuid REFERENCES projects_project); INSERT INTO elsewhere VALUES ('" +
        held + "')");
    clock().advance(std::chrono::days(31));
    EXPECT_GE(purge(), 1);
    EXPECT_EQ(sql("SELECT string_agg(code, ' ') FROM projects_project WHERE code LIKE 'K-_'"), "K-1");
    owner.run_script("DROP TABLE elsewhere");
    EXPECT_EQ(purge(), 1);
}

}  // namespace
}  // namespace tamiti::test
