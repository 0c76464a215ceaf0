#include <gmock/gmock.h>

#include <boost/json/object.hpp>

#include "apps/common/jobs.hpp"
#include "apps/common/mentions.hpp"
#include "apps/common/models.hpp"
#include "apps/projects/tests/factories.hpp"
#include "core/base/json.hpp"

namespace tamiti::test {
namespace {

/// Ada leads a project; Bob is a member, Nala its client, Zoe has nothing to do with it.
class Comments : public Studio {
public:
    static void SetUpTestSuite() {
        Studio::SetUpTestSuite();
        user("boss", {Role::manager});
        user("nala", {Role::client});
        user("zoe");
    }

    void SetUp() override {
        project = make_project("ada");
        join("ada", project, "bob", "member");
        join("ada", project, "nala", "client");
    }

    Body body(const std::string& text, const Object& more = {}) const {
        return joined({{"on_model", "projects.project"}, {"on_row", project}, {"body", text}}, more);
    }
    /// For the client, too, unless said.
    std::string say(const std::string& who, const std::string& text, Object more = {}) const {
        if (who != "nala") more.emplace("internal", false);
        return make(who, "/comments", body(text, more));
    }
    std::string reply(const std::string& who, const std::string& above, const std::string& text) const {
        return say(who, text, {{"reply_to", above}});
    }
    std::vector<std::string> seen(const std::string& who) const {
        return get(who, "/comments?on_model=projects.project&on_row=" + project).each("body");
    }

    std::string project;
};

using Texts = std::vector<std::string>;

TEST_F(Comments, AreSeenByWhoSeesTheRecord) {
    const std::string first = say("ada", "Harvest begins on Monday");
    say("nala", "Good to know");
    for (const char* who : {"ada", "bob", "boss", "nala"})
        EXPECT_EQ(seen(who), (Texts{"Harvest begins on Monday", "Good to know"})) << who;
    EXPECT_EQ(seen("zoe"), Texts{});
    EXPECT_EQ(get("zoe", "/comments/" + first).status, 404);
    EXPECT_EQ(get("guest", "/comments/" + first).status, 401);
    EXPECT_EQ(get("ada", "/comments/" + first).text("author"), user("ada"));
}

TEST_F(Comments, GoOutOfSightWithTheirRecord) {
    const std::string comment = say("ada", "Soon gone");
    EXPECT_EQ(remove("boss", "/projects/" + project).status, 204);
    EXPECT_EQ(get("boss", "/comments/" + comment).status, 404);
    EXPECT_EQ(seen("boss"), Texts{});
}

TEST_F(Comments, OnWhatIsHiddenAndWhatIsAbsentAreRefusedAlike) {
    const Answer hidden = post("zoe", "/comments", body("Hello"));
    EXPECT_EQ(hidden.status, 422);
    EXPECT_EQ(hidden.text("errors.on_row.0"), "This is not the id of a project that you can see.");
    project = Uuid::make().text();
    const Answer absent = post("zoe", "/comments", body("Hello"));
    EXPECT_EQ(absent.body, hidden.body);
    EXPECT_EQ(sql("SELECT count(*) FROM common_comment WHERE author = $1", user("zoe")), "0");
}

TEST_F(Comments, HangOnRecordsOfInstalledModelsOnly) {
    const auto on = [&](const std::string& model, const std::string& row) {
        return post("ada", "/comments", {{"on_model", model}, {"on_row", row}, {"body", "Hello"}});
    };
    EXPECT_FALSE(on("projects.nothing", project).text("errors.on_model.0").empty());
    EXPECT_FALSE(on("projects_project; DROP TABLE x", project).text("errors.on_model.0").empty());
    const std::string comment = say("ada", "First");
    EXPECT_FALSE(on("common.comment", comment).text("errors.on_model.0").empty());
    EXPECT_EQ(on("projects.milestone", make_milestone("ada", project)).status, 201);
    EXPECT_EQ(on("users.user", user("bob")).status, 201);
    EXPECT_EQ(on("projects.project", "not an id").status, 422);
}

TEST_F(Comments, NeedSomethingSaid) {
    for (const char* text : {"", "   ", "\n\t"}) {
        const Answer refused = post("ada", "/comments", body(text));
        EXPECT_EQ(refused.status, 422) << text;
        EXPECT_FALSE(refused.text("errors.body.0").empty()) << text;
    }
}

TEST_F(Comments, InternalOnesAreNeverSeenByClients) {
    const std::string secret = say("bob", "They pay late, zebra", {{"internal", true}});
    say("bob", "On our way");
    EXPECT_EQ(seen("ada"), (Texts{"They pay late, zebra", "On our way"}));
    EXPECT_EQ(seen("nala"), Texts{"On our way"});
    EXPECT_EQ(get("nala", "/comments/" + secret).status, 404);
    EXPECT_EQ(get("nala", "/comments?count=exact&on_row=" + project).count(), 1);
    EXPECT_EQ(get("nala", "/comments?search=zebra").ids(), Texts{});
    EXPECT_EQ(get("ada", "/comments?search=zebra").ids(), Texts{secret});
    EXPECT_EQ(get("nala", "/comments?internal=true").status, 400);
    EXPECT_EQ(get("nala", "/comments?fields=internal").status, 400);
    EXPECT_EQ(get("nala", "/comments").body.find("internal"), std::string::npos);
    access(http::Method::patch, "/comments/" + secret, {{"body", "Mine"}}, {{"nala", 404}, {"ada", 403}});
    EXPECT_EQ(remove("nala", "/comments/" + secret).status, 404);
}

TEST_F(Comments, ClientsSpeakOpenly) {
    const Answer refused = post("nala", "/comments", body("Hush", {{"internal", true}}));
    EXPECT_EQ(refused.status, 403);
    EXPECT_FALSE(refused.text("errors.internal.0").empty());
    EXPECT_EQ(post("nala", "/comments", body("Hush", {{"internal", false}})).status, 403);
    const std::string said = say("nala", "Openly");
    EXPECT_EQ(get("ada", "/comments/" + said).text("internal"), "false");
}

TEST_F(Comments, OfTheStudiosPeopleAreInternalUnlessTheySayOtherwise) {
    EXPECT_EQ(post("bob", "/comments", body("Between us")).text("internal"), "true");
    EXPECT_EQ(post("boss", "/comments", body("Between us")).text("internal"), "true");
    EXPECT_EQ(post("bob", "/comments", body("For all", {{"internal", false}})).text("internal"), "false");
    say("nala", "Hello");
    EXPECT_EQ(seen("nala"), (Texts{"For all", "Hello"}));
}

TEST_F(Comments, AreOpenedAndHiddenForFiveMinutesAndUntilSomebodyAnswers) {
    const std::string path = "/comments/" + say("bob", "@nala look", {{"internal", true}});
    EXPECT_EQ(get("bob", path).text("mentions"), "[]");
    access(http::Method::patch, path, {{"internal", false}},
           {{"guest", 401}, {"zoe", 404}, {"nala", 404}, {"ada", 403}, {"boss", 403}, {"bob", 200}});
    EXPECT_EQ(get("nala", path).status, 200);
    EXPECT_EQ(get("bob", path).text("mentions"), "[\"" + user("nala") + "\"]") << "who may see it now";
    EXPECT_TRUE(get("bob", path).json().at("edited_at").is_null()) << "the words are the same";
    EXPECT_EQ(patch("bob", path, {{"internal", true}}).status, 200);
    EXPECT_EQ(get("nala", path).status, 404);
    EXPECT_EQ(get("bob", path).text("mentions"), "[]");
    clock().advance(std::chrono::minutes(5) + std::chrono::seconds(1));
    const Answer late = patch("bob", path, {{"internal", false}});
    EXPECT_EQ(late.status, 409);
    EXPECT_EQ(late.text("code"), "common.settled");
    EXPECT_EQ(get("nala", path).status, 404);
    EXPECT_EQ(patch("bob", path, {{"body", "Said better"}}).status, 200) << "words change as ever";
    EXPECT_EQ(put("bob", path, {{"body", "Said best"}}).text("internal"), "true") << "and so in a PUT";
    const std::string answered = say("bob", "Which?");
    reply("nala", answered, "That");
    EXPECT_EQ(patch("bob", "/comments/" + answered, {{"internal", true}}).text("code"), "common.settled");
    EXPECT_EQ(put("bob", "/comments/" + answered, {{"body", "Which one?"}}).text("internal"), "false");
    EXPECT_EQ(patch("nala", "/comments/" + say("nala", "Hush"), {{"internal", true}}).status, 403);
}

TEST_F(Comments, WhatAnswersAnInternalCommentIsInternal) {
    const std::string secret = say("ada", "Between us", {{"internal", true}});
    const Answer open = post("bob", "/comments", body("Hear", {{"reply_to", secret}, {"internal", false}}));
    EXPECT_EQ(open.status, 422);
    EXPECT_EQ(open.text("errors.internal.0"), "What answers an internal comment is internal, too.");
    const Answer answer = post("bob", "/comments", body("Of course", {{"reply_to", secret}}));
    EXPECT_EQ(answer.text("internal"), "true");
    EXPECT_EQ(patch("bob", "/comments/" + answer.text("id"), {{"internal", false}}).status, 422);
    EXPECT_EQ(seen("ada"), (Texts{"Between us", "Of course"}));
    EXPECT_EQ(seen("nala"), Texts{});
    // A client can't tell an internal comment from one that doesn't exist.
    const Answer hidden = post("nala", "/comments", body("Hm", {{"reply_to", secret}}));
    const Answer absent = post("nala", "/comments", body("Hm", {{"reply_to", Uuid::make().text()}}));
    EXPECT_EQ(hidden.status, 422);
    EXPECT_EQ(hidden.body, absent.body);
}

TEST_F(Comments, AndFilesChangeNoMoreOnceTheirProjectIsArchived) {
    const std::string milestone = make_milestone("ada", project);
    const auto on_milestone = [&](const std::string& text) {
        return Body{{"on_model", "projects.milestone"}, {"on_row", milestone}, {"body", text}};
    };
    const auto file = [](const std::string& model, const std::string& row) {
        return Body{{"on_model", model}, {"on_row", row}, {"name", "a.txt"}, {"content", "SGVsbG8="}};
    };
    const std::string said = "/comments/" + say("bob", "Before");
    const std::string removed = "/comments/" + say("bob", "Removed before");
    const std::string there = "/comments/" + make("bob", "/comments", on_milestone("There"));
    const std::string kept = "/attachments/" + make("bob", "/attachments", file("projects.project", project));
    EXPECT_EQ(remove("bob", removed).status, 204);
    EXPECT_EQ(post("ada", "/projects/" + project + "/archive").status, 200);
    const auto refused = [](const Answer& answer) {
        EXPECT_EQ(answer.status, 409) << answer.body;
        EXPECT_EQ(answer.text("code"), "projects.archived");
    };
    refused(post("bob", "/comments", body("After")));
    refused(post("bob", "/comments", on_milestone("After")));
    refused(patch("bob", said, {{"body", "Other"}}));
    refused(patch("bob", there, {{"body", "Other"}}));
    refused(remove("bob", said));
    refused(remove("boss", there));
    refused(post("bob", removed + "/restore"));
    refused(post("bob", "/attachments", file("projects.project", project)));
    refused(post("bob", "/attachments", file("projects.milestone", milestone)));
    refused(patch("bob", kept, {{"name", "b.txt"}}));
    refused(remove("bob", kept));
    EXPECT_EQ(post("zoe", "/comments", body("Hidden")).status, 422) << "who doesn't see it learns nothing";
    EXPECT_EQ(seen("ada"), Texts{"Before"});
    EXPECT_EQ(get("ada", "/attachments?on_row=" + milestone).count(), 0);
    EXPECT_EQ(post("ada", "/projects/" + project + "/unarchive").status, 200);
    EXPECT_EQ(post("bob", "/comments", body("After")).status, 201);
    EXPECT_EQ(post("bob", removed + "/restore").status, 200);
}

TEST_F(Comments, FormThreadsOfThreeLevels) {
    const std::string first = say("ada", "Which colour?");
    const std::string second = reply("nala", first, "Green");
    const std::string third = reply("bob", second, "Light or dark?");
    EXPECT_EQ(get("ada", "/comments/" + third).text("depth"), "2");
    const Answer refused = post("ada", "/comments", body("Dark", {{"reply_to", third}}));
    EXPECT_EQ(refused.status, 422);
    EXPECT_FALSE(refused.text("errors.reply_to.0").empty());
    EXPECT_EQ(get("ada", "/comments?reply_to=" + first).ids(), Texts{second});
}

TEST_F(Comments, AnswerOnTheSameRecord) {
    const std::string elsewhere = say("ada", "Elsewhere");
    project = make_project("ada");
    const Answer refused = post("ada", "/comments", body("Here", {{"reply_to", elsewhere}}));
    EXPECT_EQ(refused.status, 422);
    EXPECT_EQ(refused.text("errors.reply_to.0"), "Answer a comment on the same record.");
}

TEST_F(Comments, AreEditedByTheirAuthorAlone) {
    const std::string path = "/comments/" + say("bob", "Frist");
    EXPECT_TRUE(get("bob", path).json().at("edited_at").is_null());
    clock().advance(std::chrono::minutes(5));
    access(http::Method::patch, path, {{"body", "First"}},
           {{"guest", 401}, {"zoe", 404}, {"nala", 403}, {"ada", 403}, {"boss", 403}, {"bob", 200}});
    EXPECT_EQ(get("ada", path).text("edited_at"), format(clock().now()));
    EXPECT_EQ(get("ada", path).text("body"), "First");
    for (const char* field : {"author", "on_row", "reply_to"})
        EXPECT_EQ(patch("bob", path, {{field, user("ada")}}).status, 400) << field;
}

TEST_F(Comments, AreDeletedByTheirAuthorAndModerators) {
    const std::string bobs = "/comments/" + say("bob", "Wrong");
    access(http::Method::delete_, bobs, {{"zoe", 404}, {"nala", 403}, {"ada", 403}, {"bob", 204}});
    EXPECT_EQ(remove("boss", "/comments/" + say("nala", "Rude")).status, 204);
    EXPECT_EQ(seen("ada"), Texts{});
    EXPECT_EQ(
        sql("SELECT count(*) FROM common_comment WHERE on_row = $1 AND deleted_at IS NOT NULL", project),
        "2");
}

TEST_F(Comments, ComeBackByWhoRemovedThem) {
    const std::string own = "/comments/" + say("bob", "Mine");
    EXPECT_EQ(remove("bob", own).status, 204);
    EXPECT_EQ(post("bob", own + "/restore").status, 200);
    EXPECT_EQ(remove("boss", own).status, 204);
    EXPECT_EQ(post("bob", own + "/restore").status, 404);
    EXPECT_EQ(get("bob", "/comments?deleted=true&on_row=" + project).ids(), Texts{});
    EXPECT_EQ(seen("ada"), Texts{});
    EXPECT_EQ(post("boss", own + "/restore").status, 200);
    EXPECT_EQ(remove("bob", own).status, 204);
}

TEST_F(Comments, GoWhenTheirRecordIsGoneForGood) {
    const std::string staying = say("ada", "Stays");
    const auto kept = project;
    project = make_project("ada");
    say("ada", "Goes");
    make("ada", "/attachments",
         {{"on_model", "projects.project"}, {"name", "a"}, {"content", "SGVsbG8="}, {"on_row", project}});
    const auto hanging = [](const std::string& record) {
        return sql(
            "SELECT (SELECT count(*) FROM common_comment WHERE on_row = $1) || ' ' ||"
            " (SELECT count(*) FROM common_attachment WHERE on_row = $1)",
            record);
    };
    const auto sweep = [] {
        transact(site(), Actor::system(), [](Tx& tx) { common::sweep_orphans(tx, {}); });
    };
    remove("boss", "/projects/" + project);
    sweep();
    EXPECT_EQ(hanging(project), "1 1") << "what is in the trash may come back";
    sql("DELETE FROM projects_project WHERE id = $1 RETURNING id", project);
    sweep();
    EXPECT_EQ(hanging(project), "0 0");
    EXPECT_EQ(hanging(kept), "1 0");
}

TEST_F(Comments, MentionThoseWhoSeeThem) {
    const std::string open = say("ada", "@bob @NALA @zoe @nobody and @bob. Write to ada@bob.example");
    EXPECT_EQ(get("ada", "/comments/" + open).text("mentions"),
              "[\"" + user("bob") + "\",\"" + user("nala") + "\"]");
    EXPECT_EQ(get("ada", "/comments/" + open).text("body"),
              "@bob @NALA @zoe @nobody and @bob. Write to ada@bob.example");
    const std::string secret = say("ada", "@bob @nala", {{"internal", true}});
    EXPECT_EQ(get("ada", "/comments/" + secret).text("mentions"), "[\"" + user("bob") + "\"]");
    EXPECT_EQ(get("bob", "/comments?mentions__any=me&on_row=" + project).ids(), (Texts{open, secret}));
}

TEST_F(Comments, MentionAnewWhenTheyAreEdited) {
    const std::string path = "/comments/" + say("ada", "@nala look");
    EXPECT_EQ(patch("ada", path, {{"body", "@bob look"}}).text("mentions"), "[\"" + user("bob") + "\"]");
    EXPECT_EQ(patch("ada", path, {{"mentions", Array{}}}).status, 400);
}

TEST_F(Comments, MentionNobodyWhoMayNotSignIn) {
    user("gone");
    join("ada", project, "gone", "member");
    sql("UPDATE users_user SET is_active = false WHERE id = $1 RETURNING id", user("gone"));
    EXPECT_EQ(get("ada", "/comments/" + say("ada", "@gone")).text("mentions"), "[]");
}

TEST_F(Comments, MailThoseWhoAreNamedForTheFirstTime) {
    const auto mailed = [&] {
        return sql(
            "SELECT coalesce(string_agg(recipient, ' ' ORDER BY recipient), '') FROM core_mail"
            " WHERE template = 'mention' AND body_text LIKE '%' || $1 || '%'",
            project);
    };
    const std::string path = "/comments/" + say("ada", "@ada @bob @zoe @nobody");
    EXPECT_EQ(mailed(), "bob@studio.test");
    EXPECT_EQ(patch("ada", path, {{"body", "@bob @nala"}}).status, 200);
    EXPECT_EQ(mailed(), "bob@studio.test nala@studio.test");
    EXPECT_EQ(patch("ada", path, {{"body", "@bob again"}}).status, 200);
    say("ada", "@nala", {{"internal", true}});
    post("zoe", "/comments", body("@bob"));
    EXPECT_EQ(mailed(), "bob@studio.test nala@studio.test");
    EXPECT_EQ(sql("SELECT count(*) FROM core_mail WHERE body_text LIKE '%ada Test mentioned you in project %"
                  "Project%'"
                  " AND body_text LIKE '%' || $1 || '%'",
                  project),
              "2");
}

TEST_F(Comments, AboutPeopleWhoseNamesAreOlderThanTheRulesAreMailed) {
    user("odd");
    join("ada", project, "odd", "member");
    sql("UPDATE users_user SET last_name = E'O\\u0092Neill\\u2028\\u0085' WHERE id = $1 RETURNING id",
        user("odd"));
    say("odd", "@bob look");
    say("bob", "@odd look");
    EXPECT_EQ(sql("SELECT string_agg(recipient || ' ' || state, ', ' ORDER BY recipient) FROM core_mail "
                  "WHERE template = 'mention' AND body_text LIKE '%' || $1 || '%'",
                  project),
              "bob@studio.test waiting, odd@studio.test waiting");
    const Answer kept = patch("odd", "/users/me", {{"last_name", "O\u0092Neill"}});
    EXPECT_EQ(kept.status, 422) << "and such a name is taken from nobody";
}

TEST_F(Comments, MailAHundredNamesOfAnAuthorAnHour) {
    const auto mailed = [&] {
        return sql(
            "SELECT count(*) || ' ' || count(DISTINCT recipient) FROM core_mail"
            " WHERE template = 'mention' AND body_text LIKE '%' || $1 || '%'",
            project);
    };
    project = make_project("mia");
    join("mia", project, "bob", "member");
    std::string ten;
    for (int i = 0; i < 10; ++i) {
        join("mia", project, "hand" + std::to_string(i), "member");
        ten += "@hand" + std::to_string(i) + " ";
    }
    const std::string path = "/comments/" + say("mia", "To all");
    for (int i = 0; i < 5; ++i) {
        say("mia", ten);
        // A name that comes again is a mail again.
        EXPECT_EQ(patch("mia", path, {{"body", ten}}).status, 200);
        EXPECT_EQ(patch("mia", path, {{"body", "Nobody"}}).status, 200);
    }
    EXPECT_EQ(mailed(), "100 10");
    const Answer refused = post("mia", "/comments", body("@bob One more"));
    EXPECT_EQ(refused.status, 429);
    EXPECT_EQ(refused.text("code"), "http.too_many_requests");
    EXPECT_EQ(refused.header("RateLimit-Policy"), "\"mention\";q=100;w=3600");
    EXPECT_NE(refused.header("Retry-After"), "");
    EXPECT_EQ(patch("mia", path, {{"body", "@bob One more"}}).status, 429);
    EXPECT_EQ(get("mia", path).text("body"), "Nobody");
    EXPECT_EQ(
        sql("SELECT count(*) FROM common_comment WHERE on_row = $1 AND body LIKE '%One more%'", project),
        "0");
    EXPECT_EQ(mailed(), "100 10");
    EXPECT_EQ(post("mia", "/comments", body("@mia @zoe @nobody")).status, 201) << "that mails nobody";
    EXPECT_EQ(post("bob", "/comments", body("@mia Enough")).status, 201) << "others have their own";
    EXPECT_EQ(mailed(), "101 11");
}

TEST_F(Comments, ByAClientNameThoseWhomTheyMeetInTheRecordAndTellNothingOfOthers) {
    user("leaver");
    join("ada", project, "leaver", "member");
    sql("UPDATE users_user SET is_active = false WHERE id = $1 RETURNING id", user("leaver"));
    user("otto", {Role::client});
    user("overseer", {Role::admin});
    const auto shape = [&](const std::string& text) {
        const Answer made = post("nala", "/comments", body(text));
        auto members = made.json();
        for (const char* own : {"id", "body"}) members.as_object().erase(own);
        return std::to_string(made.status) + " " + json::text_of(members);
    };
    const std::string unknown = shape("@nobody");
    EXPECT_THAT(unknown, ::testing::HasSubstr(R"("mentions":[])"));
    // The overseer sees everything, and stands in no row that the client sees.
    for (const char* name : {"@zoe", "@otto", "@leaver", "@Zoe.", "@zoe @otto @leaver", "@overseer"})
        EXPECT_EQ(shape(name), unknown) << name;
    const std::string said = say("nala", "@nala @ada @bob @overseer @zoe @otto @leaver @nobody");
    EXPECT_EQ(get("nala", "/comments/" + said).text("mentions"),
              "[\"" + user("nala") + "\",\"" + user("ada") + "\",\"" + user("bob") + "\"]");
    EXPECT_EQ(
        sql("SELECT string_agg(recipient, ' ' ORDER BY recipient) FROM core_mail WHERE template = 'mention'"
            " AND body_text LIKE '%' || $1 || '%'",
            project),
        "ada@studio.test bob@studio.test");
    say("overseer", "Here I am");
    EXPECT_EQ(get("nala", "/comments/" + say("nala", "@overseer")).text("mentions"),
              "[\"" + user("overseer") + "\"]")
        << "whose words the client has read";
}

TEST_F(Comments, OfClientsAreNotAboutPeople) {
    const auto about = [](const std::string& who, const std::string& person) {
        return post(who, "/comments",
                    {{"on_model", "users.user"}, {"on_row", person}, {"body", "@ada @boss @zoe @nobody"}});
    };
    const Answer own = about("nala", user("nala"));
    EXPECT_EQ(own.status, 403);
    EXPECT_EQ(own.text("code"), "access.denied");
    const Answer hidden = about("nala", user("zoe"));
    EXPECT_EQ(hidden.status, 422);
    EXPECT_EQ(about("nala", Uuid::make().text()).body, hidden.body);
    // Nor by a change of one that was made before.
    common::Comment old{.on = {"users.user", Uuid::parse(user("nala")).value()},
                        .author = {Uuid::parse(user("nala")).value()},
                        .body = {"Earlier"}};
    transact(site(), Actor::system(), [&](Tx& tx) { tx.insert(old); });
    EXPECT_EQ(patch("nala", "/comments/" + old.id.text(), {{"body", "@ada @boss"}}).status, 403);
    EXPECT_EQ(sql("SELECT string_agg(body || mentions::text, ' ') FROM common_comment WHERE on_row = $1",
                  user("nala")),
              "Earlier{}");
    EXPECT_EQ(sql("SELECT count(*) FROM core_mail WHERE body_text LIKE '%/users/%'"), "0");
    EXPECT_EQ(about("bob", user("nala")).status, 201);
    EXPECT_EQ(
        sql("SELECT string_agg(recipient, ' ' ORDER BY recipient) FROM core_mail WHERE template = 'mention'"
            " AND body_text LIKE '%/users/%'"),
        "ada@studio.test boss@studio.test zoe@studio.test");
}

TEST_F(Comments, AreToldOnceEach) {
    const std::string comment = say("bob", "@ada", {{"internal", true}});
    EXPECT_EQ(patch("bob", "/comments/" + comment, {{"body", "Changed"}}).status, 200);
    EXPECT_EQ(
        sql("SELECT count(*) FROM core_event WHERE name = 'common.comment_made' AND aggregate = $1", comment),
        "1");
    EXPECT_EQ(sql("SELECT payload ->> 'internal' || ' ' || (payload ->> 'on_row') FROM core_event WHERE "
                  "aggregate = $1",
                  comment),
              "true " + project);
    EXPECT_EQ(post("zoe", "/comments", body("Hidden")).status, 422);
    EXPECT_EQ(sql("SELECT count(*) FROM core_event WHERE payload ->> 'author' = $1", user("zoe")), "0");
}

TEST_F(Comments, MentionFiftyNamesAtMost) {
    std::string text;
    for (int i = 0; i < 50; ++i) text += "@someone" + std::to_string(i) + " ";
    EXPECT_EQ(post("ada", "/comments", body(text)).status, 201);
    const Answer refused = post("ada", "/comments", body(text + "@onemore"));
    EXPECT_EQ(refused.status, 422);
    EXPECT_FALSE(refused.text("errors.body.0").empty());
}

TEST(MentionedNames, AreReadOutOfText) {
    using common::names_mentioned;
    EXPECT_EQ(names_mentioned("@ada, (@bob) and\n@c.d-e_f!"), (Texts{"ada", "bob", "c.d-e_f"}));
    EXPECT_EQ(names_mentioned("a@b.c é@ada @ @@ @- @..."), Texts{});
    EXPECT_EQ(names_mentioned("@@ada @ADA"), Texts{"ada"});
    EXPECT_EQ(names_mentioned("これを@ada 、@bob、“@cid” 🎬@dan"), (Texts{"ada", "bob", "cid", "dan"}));
    EXPECT_EQ(names_mentioned("https://x.example/@ada https://x.example/?to=@bob www.x.example/-/@cid /@dan"),
              Texts{});
    EXPECT_EQ(names_mentioned("@ada@social.example mail:x+@bob.example Ж@cid"), Texts{});
    EXPECT_EQ(names_mentioned("> @ada said so\n  > @bob too\nbut @cid: not > @dan"), (Texts{"cid", "dan"}));
    EXPECT_EQ(names_mentioned("`@ada` ``@bob ` @bob`` @cid `@dan"), (Texts{"cid", "dan"}));
    EXPECT_EQ(names_mentioned("```\n@ada\n```\n@bob\n~~~ cpp\n@cid\n"), Texts{"bob"});
    EXPECT_EQ(names_mentioned("@" + std::string(34, 'a')), Texts{});
    EXPECT_EQ(common::without_ending("ada._-"), "ada");
}

}  // namespace
}  // namespace tamiti::test
