#include <atomic>
#include <thread>

#include "core/api/idempotency.hpp"
#include "core/jobs/job.hpp"
#include "tests/support/studio.hpp"

namespace tamiti::test {
namespace {

/// Requests that are sent again with the same Idempotency-Key.
class Idempotency : public Studio {
public:
    static void SetUpTestSuite() {
        Studio::SetUpTestSuite();
        user("boss", {Role::admin});
        user("rival", {Role::admin});
        project = make("boss", "/projects", {{"code", "IDEM"}, {"name", "Once"}, {"owner", user("boss")}});
    }
    static Body body(const std::string& name) { return {{"project", project}, {"name", name}}; }
    static Answer create(const std::string& name, const std::string& key, const std::string& who = "boss") {
        return post(who, "/milestones", body(name), {{"Idempotency-Key", key}});
    }
    static std::string count(const std::string& name) {
        return sql("SELECT count(*) FROM projects_milestone WHERE name = $1", name);
    }
    static inline std::string project;
};

/// A run of a job without a queue.
class LooseRun : public JobRun {
public:
    explicit LooseRun(Site& at) : JobRun(at, Uuid::make(), 1, "{}") {}
    bool should_stop() const override { return false; }
    JobResult complete_with(const std::function<JobResult(Tx&)>& work) override {
        return tamiti::transact(site, Actor::system(), work);
    }

private:
    void fenced(const std::function<void(Tx&)>& work) override {
        tamiti::transact(site, Actor::system(), work);
    }
};

TEST_F(Idempotency, TheSecondTryChangesNothingAndGetsTheFirstAnswer) {
    const Answer first = create("Shoot", "try-1");
    const Answer second = create("Shoot", "try-1");
    EXPECT_EQ(first.status, 201);
    EXPECT_EQ(second.status, 201);
    EXPECT_EQ(second.body, first.body);
    EXPECT_EQ(second.header("ETag"), first.header("ETag"));
    EXPECT_EQ(second.header("Location"), first.header("Location"));
    EXPECT_EQ(second.header("Cache-Control"), first.header("Cache-Control"));
    EXPECT_EQ(first.header("Idempotent-Replayed"), "");
    EXPECT_EQ(second.header("Idempotent-Replayed"), "true");
    EXPECT_EQ(count("Shoot"), "1");
}

TEST_F(Idempotency, AnswersAreReplayedAsTheyWereEvenWhenTheRowHasChangedSince) {
    const Answer first = create("Before", "try-2");
    EXPECT_EQ(patch("boss", "/milestones/" + first.text("id"), {{"name", "After"}}).status, 200);
    EXPECT_EQ(create("Before", "try-2").body, first.body);
    EXPECT_EQ(count("Before"), "0");
    EXPECT_EQ(count("After"), "1");
}

TEST_F(Idempotency, TheOrderOfMembersMakesNoOtherBody) {
    const Answer first = create("Ordered", "try-3");
    const Answer second = post("boss", "/milestones", {{"name", "Ordered"}, {"project", project}},
                               {{"Idempotency-Key", "try-3"}});
    EXPECT_EQ(second.status, 201);
    EXPECT_EQ(second.body, first.body);
}

TEST_F(Idempotency, AKeyWithAnotherBodyIsRefused) {
    EXPECT_EQ(create("One", "try-4").status, 201);
    const Answer other = create("Two", "try-4");
    EXPECT_EQ(other.status, 422);
    EXPECT_EQ(other.text("code"), "http.key_reused");
    EXPECT_EQ(count("Two"), "0");
}

TEST_F(Idempotency, AKeyBelongsToOnePersonOneMethodAndOnePath) {
    const Answer mine = create("Mine", "try-5");
    const Answer theirs = create("Mine", "try-5", "rival");
    EXPECT_EQ(theirs.status, 201);
    EXPECT_NE(theirs.text("id"), mine.text("id"));
    EXPECT_EQ(count("Mine"), "2");
    const Answer changed = patch("boss", "/milestones/" + mine.text("id"), {{"name", "Mine still"}},
                                 {{"Idempotency-Key", "try-5"}});
    EXPECT_EQ(changed.status, 200);
    EXPECT_EQ(changed.header("Idempotent-Replayed"), "");
}

TEST_F(Idempotency, AKeyBelongsToOneTokenSoThatNoneGetsAnAnswerOfAnother) {
    const auto token = [](const Array& grants) {
        const Answer made = post("boss", "/auth/tokens",
                                 {{"name", "Keys"},
                                  {"grants", grants},
                                  {"expires_at", format(clock().now() + std::chrono::hours(1))}});
        EXPECT_EQ(made.status, 201) << made.body;
        return "Bearer " + made.text("token");
    };
    const std::string path = "/milestones/" + create("Tokens", "try-t1").text("id") + "/complete";
    const auto complete = [&](const std::string& bearer) {
        const Answer done = post("guest", path, {}, {{"Authorization", bearer}, {"Idempotency-Key", "t"}});
        EXPECT_EQ(done.status, 200) << done.body;
        return done.header("Idempotent-Replayed");
    };
    const std::string wide = token({"*:read", "*:write"}), narrow = token({"projects:write"});
    EXPECT_EQ(post("boss", path, {}, {{"Idempotency-Key", "t"}}).header("Idempotent-Replayed"), "");
    EXPECT_EQ(complete(wide), "") << "not that of the session";
    EXPECT_EQ(complete(narrow), "") << "nor that of the other token";
    EXPECT_EQ(complete(narrow), "true");
    EXPECT_EQ(complete(wide), "true");
    EXPECT_EQ(post("boss", path, {}, {{"Idempotency-Key", "t"}}).header("Idempotent-Replayed"), "true");
}

TEST_F(Idempotency, ARefusalIsNotKeptBecauseItChangedNothing) {
    const std::string path = "/milestones/" + create("Refused", "try-6").text("id");
    const std::map<std::string, std::string> headers = {{"Idempotency-Key", "try-7"}, {"If-Match", "\"9\""}};
    EXPECT_EQ(patch("boss", path, {{"name", "Taken"}}, headers).status, 412);
    EXPECT_EQ(patch("boss", path, {{"name", "Taken"}}, {{"Idempotency-Key", "try-7"}}).status, 200);
    EXPECT_EQ(sql("SELECT count(*) FROM core_idempotency WHERE answer IS NULL"), "0");
}

TEST_F(Idempotency, VerbsAndRemovalsHeedTheKeyToo) {
    const std::string path = "/milestones/" + create("Verbs", "try-8").text("id");
    const Answer done = post("boss", path + "/complete", {}, {{"Idempotency-Key", "done"}});
    const Answer again = post("boss", path + "/complete", {}, {{"Idempotency-Key", "done"}});
    EXPECT_EQ(done.status, 200) << done.body;
    EXPECT_EQ(again.body, done.body);
    EXPECT_EQ(again.header("ETag"), done.header("ETag"));
    EXPECT_EQ(remove("boss", path, {{"Idempotency-Key", "gone"}}).status, 204);
    const Answer gone = remove("boss", path, {{"Idempotency-Key", "gone"}});
    EXPECT_EQ(gone.status, 204);
    EXPECT_EQ(gone.header("Idempotent-Replayed"), "true");
    EXPECT_EQ(remove("boss", path).status, 404);
}

TEST_F(Idempotency, OfSixteenTriesAtOnceOneHasItsEffect) {
    std::vector<Answer> answers(16);
    token("boss");
    std::vector<std::thread> threads;
    for (Answer& answer : answers) threads.emplace_back([&] { answer = create("Race", "race"); });
    for (auto& thread : threads) thread.join();
    int firsts = 0;
    for (const Answer& answer : answers) {
        if (answer.status == 503) continue;  // more tries than the pool has connections
        EXPECT_EQ(answer.status, 201) << answer.body;
        EXPECT_EQ(answer.text("id"), create("Race", "race").text("id"));
        firsts += answer.header("Idempotent-Replayed").empty() ? 1 : 0;
    }
    EXPECT_EQ(firsts, 1);
    EXPECT_EQ(count("Race"), "1");
}

TEST_F(Idempotency, KeysAreTextsOfOneTo255PrintableCharacters) {
    EXPECT_EQ(create("Longest", std::string(255, 'k')).status, 201);
    for (const std::string& key : {std::string(256, 'k'), std::string(), std::string("caf\xc3\xa9")}) {
        const Answer answer = create("Never", key);
        EXPECT_EQ(answer.status, 400);
        EXPECT_EQ(answer.text("code"), "http.bad_idempotency_key");
    }
    EXPECT_EQ(count("Never"), "0");
}

TEST_F(Idempotency, AnswersAreKeptSealed) {
    create("Under the seal", "try-9");
    EXPECT_EQ(
        sql("SELECT count(*) FROM core_idempotency WHERE answer LIKE '%seal%' OR request LIKE '%seal%'"),
        "0");
    EXPECT_NE(sql("SELECT count(*) FROM core_idempotency WHERE request = 'POST /api/v1/milestones'"), "0");
}

TEST_F(Idempotency, CredentialsAreNeverKept) {
    const std::string before = sql("SELECT count(*) FROM core_idempotency");
    post("guest", "/auth/token", {{"username", "boss"}, {"password", "wrong"}}, {{"Idempotency-Key", "in"}});
    post("guest", "/auth/register",
         {{"username", "newcomer"}, {"email", "new@studio.test"}, {"password", "mango-lorry-84-verandah"}},
         {{"Idempotency-Key", "in"}});
    EXPECT_EQ(sql("SELECT count(*) FROM core_idempotency"), before);
}

TEST_F(Idempotency, KeysAreForgottenAfterSevenDays) {
    create("Old", "old");
    clock().advance(std::chrono::days(6));
    sign_in_again("boss");
    create("Young", "young");
    clock().advance(std::chrono::hours(25));
    LooseRun run(site());
    EXPECT_EQ(api::forget_idempotency_keys(run, {}).kind, JobResult::Kind::done);
    sign_in_again("boss");
    EXPECT_EQ(create("Young", "young").header("Idempotent-Replayed"), "true");
    EXPECT_EQ(create("Old", "old").header("Idempotent-Replayed"), "");
    EXPECT_EQ(count("Old"), "2");
}

}  // namespace
}  // namespace tamiti::test
