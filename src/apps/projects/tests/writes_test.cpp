#include <atomic>
#include <thread>

#include "apps/projects/models.hpp"
#include "apps/projects/tests/factories.hpp"
#include "core/base/json.hpp"
#include "core/model/write.hpp"
#include "tests/support/waiting.hpp"

namespace tamiti::test {
namespace {

/// What a generic write costs and what it keeps when others write at the same time.
class Writes : public Studio {
public:
    static void SetUpTestSuite() {
        Studio::SetUpTestSuite();
        user("boss", {Role::admin});
        user("ada");
        user("ben");
        project = make_project("ada");
        join("ada", project, "ben", "lead");
    }

    static Actor actor(const std::string& name, Role role) {
        Actor who;
        who.id = Uuid::parse(user(name)).value();
        who.roles = RoleSet{role};
        who.permissions = site().permissions;
        return who;
    }

    template <class T>
    static const Resource& mounted() {
        return *site().catalogue->resource_of(model_of(tag<T>{}));
    }

    /// Round trips to the database of a transaction that does this work, with that of its COMMIT.
    static std::uint64_t round_trips(const Actor& who, const std::function<void(Tx&)>& work) {
        db::Transaction transaction(*site().pool, db::Transaction::Mode::write, {who.id.text()});
        Tx tx(site(), transaction);
        work(tx);
        transaction.commit();
        return transaction.round_trips();
    }

    static Body body(const std::string& name) { return {{"project", project}, {"name", name}}; }
    static std::string milestones(const std::string& name) {
        return sql("SELECT count(*) FROM projects_milestone WHERE name = $1", name);
    }
    static std::string entries(const std::string& name) {
        return sql("SELECT count(*) FROM core_audit WHERE changes -> 'name' ->> 1 = $1", name);
    }

    static inline std::string project;
};

TEST_F(Writes, CreateInTwoRoundTripsWithTheReadsOfARule) {
    for (const Actor& who : {actor("boss", Role::admin), actor("ada", Role::staff)})
        EXPECT_EQ(round_trips(who,
                              [&](Tx& tx) {
                                  const auto made =
                                      create(tx, mounted<projects::Milestone>(), who,
                                             json::parse(body("Counted").text()), Ending::committed);
                                  EXPECT_TRUE(made.created);
                              }),
                  2U)
            << "references and what the rule asks; the row and COMMIT";
}

TEST_F(Writes, CreateInTwoRoundTripsWithoutARule) {
    const std::string client = make("boss", "/clients", {{"name", "Counted"}});
    const Actor boss = actor("boss", Role::admin);
    EXPECT_EQ(round_trips(boss,
                          [&](Tx& tx) {
                              create(tx, mounted<projects::Contact>(), boss,
                                     Value{{"client", client}, {"name", "Sarah"}}, Ending::committed);
                          }),
              2U);
}

TEST_F(Writes, ChangeInThreeRoundTrips) {
    const Id<projects::Milestone> id{Uuid::parse(make("ada", "/milestones", body("To be changed"))).value()};
    const Actor ada = actor("ada", Role::staff);
    EXPECT_EQ(round_trips(ada,
                          [&](Tx& tx) {
                              const auto written = change(tx, mounted<projects::Milestone>(), ada, id.value,
                                                          json::parse(R"({"name": "Changed"})"),
                                                          http::IfMatch(), false, Ending::committed);
                              EXPECT_EQ(written.version, 2);
                          }),
              3U)
        << "the row; what the rule asks; the change and COMMIT";
}

TEST_F(Writes, AnswerWhatAReadAnswers) {
    for (const char* who : {"boss", "ada", "ben"}) {
        const Answer made = post(who, "/milestones", body("The same bytes"));
        ASSERT_EQ(made.status, 201) << made.body;
        const std::string path = "/milestones/" + made.text("id");
        EXPECT_EQ(get(who, path).body, made.body);
        const Answer changed = patch(who, path, {{"acceptance", "Seen by all"}, {"due_on", "2026-09-01"}});
        EXPECT_EQ(get(who, path).body, changed.body);
        EXPECT_EQ(get(who, path).header("ETag"), changed.header("ETag"));
    }
}

TEST_F(Writes, LeaveNothingWhereTheRowLiesOutsideWhatMayBeWritten) {
    join("ada", project, "eve", "member");
    EXPECT_EQ(post("eve", "/milestones", body("Not hers")).status, 403);
    EXPECT_EQ(milestones("Not hers"), "0");
    EXPECT_EQ(entries("Not hers"), "0");
}

TEST_F(Writes, AreRefusedWhereTheRightEndedWhileTheyWaited) {
    join("ada", project, "cleo", "lead");
    ASSERT_EQ(post("cleo", "/milestones", body("In time")).status, 201);
    Answer late;
    std::atomic<bool> is_done{false};
    std::thread other;
    {
        db::Transaction ending(*site().pool, db::Transaction::Mode::write);
        ending.run("SELECT FROM projects_project WHERE id = $1 FOR UPDATE", db::Params::of(project));
        const std::string token_of_cleo = token("cleo");
        other = std::thread([&] {
            late = post("cleo", "/milestones", body("Too late"));
            is_done = true;
        });
        EXPECT_TRUE(until_somebody_waits(*site().pool, is_done));
        ending.run("DELETE FROM projects_member WHERE member = $1", db::Params::of(user("cleo")));
        ending.commit();
    }
    other.join();
    EXPECT_EQ(late.status, 403) << late.body;
    EXPECT_EQ(milestones("Too late"), "0");
    EXPECT_EQ(entries("Too late"), "0");
}

TEST_F(Writes, OfOneIdAtOnceMakeOneRowAndAnswerItTwice) {
    const std::string id = Uuid::make().text();
    const Body sent = {{"id", id}, {"project", project}, {"name", "Once"}};
    Answer one, two;
    std::thread other([&] { two = post("ben", "/milestones", sent); });
    one = post("ben", "/milestones", sent);
    other.join();
    EXPECT_EQ(std::min(one.status, two.status), 200) << one.body << two.body;
    EXPECT_EQ(std::max(one.status, two.status), 201);
    EXPECT_EQ(one.body, two.body);
    EXPECT_EQ(milestones("Once"), "1");
}

TEST_F(Writes, TellOfAHiddenRowWhatTheyTellOfNone) {
    user("zoe");
    const std::string archived = make_project("ada");
    post("ada", "/projects/" + archived + "/archive");
    const std::string nothing = Uuid::make().text();
    const Answer of_none = post("zoe", "/milestones", {{"project", nothing}, {"name", "Nowhere"}});
    EXPECT_EQ(of_none.status, 422);
    const auto errors = of_none.json().at("errors");
    const Answer of_hidden = post("zoe", "/milestones", {{"project", archived}, {"name", "Nowhere"}});
    EXPECT_EQ(of_hidden.status, 422) << "not the rule's 409";
    EXPECT_EQ(of_hidden.json().at("errors"), errors);
    // Nor does it matter that somebody holds the row which the rule would lock.
    db::Transaction holding(*site().pool, db::Transaction::Mode::write);
    holding.run("SELECT FROM projects_project WHERE id = $1 FOR UPDATE", db::Params::of(archived));
    const Answer of_held = post("zoe", "/milestones", {{"project", archived}, {"name", "Nowhere"}});
    EXPECT_EQ(of_held.status, 422);
    EXPECT_EQ(of_held.json().at("errors"), errors);
    EXPECT_EQ(milestones("Nowhere"), "0");
}

}  // namespace
}  // namespace tamiti::test
