#include <gmock/gmock.h>

#include <thread>

#include "apps/auth/tests/factories.hpp"
#include "apps/projects/tests/factories.hpp"

namespace tamiti::test {
namespace {

using http::Method;
using ::testing::UnorderedElementsAre;

/// What the people of clients see and may do. Nala and Otto are people of Nile, Pia of Pearl, Zed of nobody;
/// Moses manages. Ada owns Nile's project, Mia works on it.
class Portal : public AuthStudio {
public:
    static void SetUpTestSuite() {
        AuthStudio::SetUpTestSuite();
        user("moses", {Role::manager});
        for (const char* name : {"nala", "otto", "pia", "zed"}) user(name, {Role::client});
        for (const char* name : {"ada", "mia", "sam"}) user(name);
        transact(site(), Actor::system(), [](Tx& tx) {
            tx.execute(Sql("UPDATE users_user SET first_name = initcap(username), job_title = 'Editor'"));
        });
        nile = make("moses", "/clients", {{"name", "Nile"}, {"people", {user("nala"), user("otto")}}});
        pearl = make("moses", "/clients", {{"name", "Pearl"}, {"people", {user("pia")}}});
        film = make_project("moses", {{"client", nile}, {"owner", user("ada")}});
        join("ada", film, "mia", "member");
    }

    static Answer joins(const std::string& project, const std::string& person) {
        return post("moses", "/members",
                    {{"project", project}, {"member", user(person)}, {"role", "client"}});
    }

    static Answer belongs(const std::string& client, const std::vector<std::string>& people) {
        Array ids;
        for (const std::string& name : people) ids.emplace_back(user(name));
        return patch("moses", "/clients/" + client, {{"people", ids}});
    }

    static std::string token_sent_to(const std::string& email) {
        make_jobs_due();
        run_jobs();
        return sql(
            "SELECT coalesce(substring(body_text FROM 'token=([A-Za-z0-9_-]+)'), '') FROM core_mail "
            "WHERE recipient = $1 ORDER BY created_at DESC, id DESC LIMIT 1",
            email);
    }

    static inline std::string nile, pearl, film;
};

TEST_F(Portal, ClientsReadWhoTheAuthorsOwnersAndMembersAre) {
    EXPECT_EQ(get("nala", "/projects/" + film + "?expand=owner").text("owner.first_name"), "Ada");
    const Answer members = get("nala", "/members?expand=member&project=" + film);
    EXPECT_THAT(members.each("member.username"), UnorderedElementsAre("moses", "mia"));
    EXPECT_THAT(members.each("member.job_title"), UnorderedElementsAre("Editor", "Editor"));
    make("moses", "/comments",
         {{"on_model", "projects.project"}, {"on_row", film}, {"body", "Hello"}, {"internal", false}});
    EXPECT_EQ(get("nala", "/comments?expand=author&on_row=" + film).text("results.0.author.first_name"),
              "Moses");
    EXPECT_THAT(get("nala", "/clients/" + nile + "?expand=people").json().at("people").as_array().size(), 2);
    EXPECT_EQ(get("nala", "/clients/" + nile + "?expand=people").text("people.1.first_name"), "Otto");
}

TEST_F(Portal, ClientsReadNoMoreOfThemThanTheBriefForm) {
    const auto owner = get("nala", "/projects/" + film + "?expand=owner").json().at("owner").as_object();
    std::vector<std::string> told;
    for (const auto& member : owner) told.emplace_back(member.key());
    const auto brief = get("mia", "/projects/" + film + "?expand=owner").json().at("owner").as_object();
    std::vector<std::string> brief_form;
    for (const auto& member : brief) brief_form.emplace_back(member.key());
    EXPECT_EQ(told, brief_form);
    EXPECT_EQ(get("nala", "/users/" + user("ada")).status, 404);
    EXPECT_EQ(get("nala", "/users").ids(), std::vector{user("nala")});
    EXPECT_EQ(get("nala", "/projects?owner__username=ada").ids(), std::vector<std::string>{});
    EXPECT_EQ(get("nala", "/projects/" + film + "?expand=owner.manager").status, 400);
    EXPECT_EQ(get("mia", "/projects/" + film + "?expand=owner.manager").status, 200);
    EXPECT_EQ(get("guest", "/projects/" + film + "?expand=owner").status, 401);
    EXPECT_EQ(get("pia", "/projects/" + film + "?expand=owner").status, 404);
}

TEST_F(Portal, ThePeopleOfAClientSignOffWithoutAMembership) {
    const auto milestone = make_milestone("ada", film, {{"shared_with_client", true}});
    const auto hidden = make_milestone("ada", film);
    for (const auto& id : {milestone, hidden})
        EXPECT_EQ(post("ada", "/milestones/" + id + "/complete").status, 200);
    access(Method::post, "/milestones/" + hidden + "/sign-off", {{"nala", 404}, {"moses", 403}});
    access(Method::post, "/milestones/" + milestone + "/sign-off",
           {{"guest", 401}, {"pia", 404}, {"zed", 404}, {"ada", 403}, {"moses", 403}});
    EXPECT_EQ(post("ada", "/milestones/" + milestone + "/sign-off").text("detail").substr(0, 37),
              "Only the client signs a milestone off");
    EXPECT_EQ(post("nala", "/milestones/" + milestone + "/sign-off").text("signed_off_by"), user("nala"));
}

TEST_F(Portal, APersonOfOneClientIsNoMemberOfAnothersProject) {
    const Answer refused = joins(film, "pia");
    EXPECT_EQ(refused.status, 422);
    EXPECT_EQ(refused.text("errors.member.0"), "This person belongs to another client than the project.");
    EXPECT_EQ(joins(film, "nala").status, 201);
    EXPECT_EQ(joins(make_project("moses"), "pia").status, 201) << "a project of the studio's own is nobody's";
    EXPECT_EQ(
        sql("SELECT count(*) FROM projects_member WHERE project = $1 AND member = $2", film, user("pia")),
        "0");
}

TEST_F(Portal, NorDoesAClientTakeOneInWhoIsAMemberElsewhere) {
    const auto project = make_project("moses", {{"client", nile}, {"owner", user("ada")}});
    EXPECT_EQ(joins(project, "zed").status, 201) << "who belongs to nobody may be let in";
    EXPECT_EQ(belongs(pearl, {"pia", "zed"}).text("errors.people.0").substr(0, 34),
              "Somebody here would be a member of");
    EXPECT_EQ(belongs(nile, {"nala", "otto", "zed"}).status, 200);
    EXPECT_EQ(belongs(pearl, {"pia", "zed"}).status, 200) << "who belongs to both is a stranger to neither";
    EXPECT_EQ(belongs(nile, {"nala", "otto"}).status, 422) << "and can't leave while they are a member";
    EXPECT_EQ(belongs(pearl, {"pia"}).status, 200);
    EXPECT_EQ(belongs(nile, {"nala", "otto"}).status, 200);
}

TEST_F(Portal, NorIsAProjectGivenToAClientOverAnothersMembers) {
    const auto project = make_project("moses", {{"client", nile}, {"owner", user("ada")}});
    EXPECT_EQ(joins(project, "otto").status, 201);
    const Answer refused = patch("ada", "/projects/" + project, {{"client", pearl}});
    EXPECT_EQ(refused.status, 422) << "whom Pearl's project would be open to";
    EXPECT_NE(refused.text("errors.client.0"), "");
    EXPECT_EQ(patch("moses", "/projects/" + project, {{"client", pearl}}).status, 422);
    EXPECT_EQ(patch("ada", "/projects/" + project, {{"client", nullptr}}).status, 200);
    EXPECT_EQ(sql("SELECT client IS NULL FROM projects_project WHERE id = $1", project), "t");
}

TEST_F(Portal, OneOfTwoWinsWhoMakeAPersonAMemberHereAndAClientThere) {
    for (int round = 0; round < 5; ++round) {
        const std::string person = "guest" + std::to_string(round);
        user(person, {Role::client});
        const auto project = make_project("moses", {{"client", nile}});
        std::vector<int> statuses(2);
        std::thread member([&] { statuses[0] = joins(project, person).status; });
        std::thread client([&] { statuses[1] = belongs(pearl, {"pia", person}).status; });
        member.join();
        client.join();
        EXPECT_THAT(statuses, ::testing::AnyOf(std::vector{201, 422}, std::vector{422, 200}));
        EXPECT_EQ(belongs(pearl, {"pia"}).status, 200);
    }
}

TEST_F(Portal, AnInvitationMakesOneOfTheClientsPeople) {
    const std::string path = "/clients/" + nile + "/invite";
    const Body guest = {{"email", "sarah@nile.test"}, {"first_name", "Sarah"}};
    access(Method::post, path, guest, {{"guest", 401}, {"zed", 404}, {"nala", 403}, {"ada", 403}});
    const Answer invited = post("moses", path, guest);
    ASSERT_EQ(invited.status, 201) << invited.body;
    EXPECT_EQ(invited.text("roles"), R"(["client"])");
    EXPECT_EQ(post("moses", path, guest).status, 409) << "the address has an invitation";
    const Answer joined =
        post("guest", "/invitations/accept",
             {{"token", token_sent_to("sarah@nile.test")}, {"username", "sarah"}, {"password", password}});
    ASSERT_EQ(joined.status, 201) << joined.body;
    EXPECT_EQ(
        sql("SELECT people @> ARRAY[$2::uuid] FROM projects_client WHERE id = $1", nile, joined.text("id")),
        "t");
    const Answer signed_in = log_in("sarah");
    EXPECT_EQ(
        get("guest", "/projects/" + film, {{"Authorization", "Bearer " + signed_in.text("access")}}).status,
        200)
        << "from the first moment";
    EXPECT_EQ(sql("SELECT count(*) FROM projects_client WHERE people @> ARRAY[$1::uuid]", joined.text("id")),
              "1");
}

TEST_F(Portal, AnInvitationWithoutAClientMakesNobodysPerson) {
    make("moses", "/invitations", {{"email", "lone@nile.test"}, {"roles", {"client"}}});
    const Answer joined =
        post("guest", "/invitations/accept",
             {{"token", token_sent_to("lone@nile.test")}, {"username", "lone"}, {"password", password}});
    ASSERT_EQ(joined.status, 201) << joined.body;
    EXPECT_EQ(sql("SELECT count(*) FROM projects_client WHERE people @> ARRAY[$1::uuid]", joined.text("id")),
              "0");
}

}  // namespace
}  // namespace tamiti::test
