#include "apps/projects/tests/factories.hpp"

namespace tamiti::test {
namespace {

/// Ada and Bob are in one department, Zoe in none.
class SavedViews : public Studio {
public:
    static void SetUpTestSuite() {
        Studio::SetUpTestSuite();
        user("root", {Role::admin});
        user("boss", {Role::manager});
        user("nala", {Role::client});
        user("zoe");
        const auto film = make("root", "/departments", {{"name", "Film"}});
        for (const char* who : {"ada", "bob"}) patch("root", "/users/" + user(who), {{"department", film}});
    }

    static Body body(const std::string& name, const Value& query, const Object& more = {}) {
        return joined({{"on_model", "projects.project"}, {"name", name}, {"query", query}}, more);
    }
    static std::string keep(const std::string& who, const std::string& name, const Object& more = {}) {
        return make(who, "/saved-views", body(name, {{"filters", {{"status", "active"}}}}, more));
    }
    static Answer refused(const Value& query) { return post("ada", "/saved-views", body("Bad", query)); }
};

using Names = std::vector<std::string>;

TEST_F(SavedViews, AreReadyForTheList) {
    const Value query = {
        {"filters", {{"status__in", {"active", "review"}}, {"owner", "me"}, {"archived", false}}},
        {"search", "film"},
        {"ordering", "-due_on"},
        {"columns", {"code", "name"}},
        {"group", "status"}};
    const Answer made = post("ada", "/saved-views", body("Mine", query));
    EXPECT_EQ(made.status, 201) << made.body;
    EXPECT_EQ(made.text("owner"), user("ada"));
    const auto film = make_project("ada", {{"name", "Coffee film"}, {"status", "active"}});
    make_project("ada", {{"name", "Coffee film two"}});
    EXPECT_EQ(get("ada", "/projects" + made.text("query_string")).ids(), Names{film});
    EXPECT_EQ(get("bob", "/projects" + made.text("query_string")).ids(), Names{});
    EXPECT_EQ(post("ada", "/saved-views", body("All", Object{})).text("query_string"), "");
}

TEST_F(SavedViews, KeepConditions) {
    const auto urgent =
        make_project("ada", {{"name", "Fire"}, {"priority", "urgent"}, {"status", "planning"}});
    const Value query = {{"filters", {{"owner", "me"}, {"or", "(status.eq.review,priority.eq.urgent)"}}}};
    const Answer made = post("ada", "/saved-views", body("Pressing", query));
    EXPECT_EQ(made.status, 201) << made.body;
    EXPECT_EQ(get("ada", "/projects" + made.text("query_string")).ids(), Names{urgent});
}

TEST_F(SavedViews, KnowTheFiltersOfTheirModel) {
    const auto fault = [](const Value& query, const std::string& path) {
        const Answer answer = refused(query);
        EXPECT_EQ(answer.status, 422) << query << answer.body;
        std::string found;
        const auto json = answer.json();
        const auto& errors = json.at("errors").as_object();
        for (const auto& error : errors) found += std::string(error.key());
        EXPECT_EQ(found, path) << answer.body;
    };
    fault({{"filters", {{"colour", "red"}}}}, "query.filters.colour");
    fault({{"filters", {{"status", "asleep"}}}}, "query.filters.status");
    fault({{"filters", {{"budget__gt", "5"}}}}, "query.filters.budget__gt");
    fault({{"filters", {{"or", "(status.eq.active,budget.gt.5)"}}}}, "query.filters.or");
    fault({{"filters", {{"not", "status"}}}}, "query.filters.not");
    fault({{"filters", {{"page", 2}}}}, "query.filters.page");
    fault({{"filters", {{"owner", nullptr}}}}, "query.filters.owner");
    fault({{"filters", {{"owner", Array{{"me"}}}}}}, "query.filters.owner");
    fault({{"filters", {{"status__in", {"active,review"}}}}}, "query.filters.status__in");
    fault({{"filters", {"status"}}}, "query.filters");
    fault({{"ordering", "-colour"}}, "query.ordering");
    fault({{"fields", {"budget"}}}, "query.fields");
    fault({{"expand", {"colour"}}}, "query.expand");
    fault({{"columns", {"name", "budget"}}}, "query.columns");
    fault({{"group", "colour"}}, "query.group");
    fault({{"sql", "DROP"}}, "query.sql");
    fault(Array{1}, "query");
    EXPECT_EQ(sql("SELECT count(*) FROM common_saved_view WHERE name = 'Bad'"), "0");
    const Answer unknown = post("ada", "/saved-views", {{"name", "Bad"}, {"on_model", "projects.nothing"}});
    EXPECT_FALSE(unknown.text("errors.on_model.0").empty());
}

TEST_F(SavedViews, AreCheckedAgainWhenTheyChange) {
    const std::string path = "/saved-views/" + keep("ada", "Active");
    EXPECT_EQ(patch("ada", path, {{"query", {{"filters", {{"colour", "red"}}}}}}).status, 422);
    EXPECT_EQ(patch("ada", path, {{"query", {{"ordering", "name"}}}}).text("query_string"), "?ordering=name");
    EXPECT_EQ(patch("ada", path, {{"query_string", "?x=1"}}).status, 400);
    EXPECT_EQ(patch("ada", path, {{"on_model", "projects.client"}}).status, 400);
}

TEST_F(SavedViews, AreSeenAsFarAsTheyAreShared) {
    const auto mine = keep("ada", "Personal");
    const auto team = keep("ada", "Team", {{"visibility", "team"}});
    const auto all = keep("boss", "All", {{"visibility", "everyone"}});
    const auto seen = [&](const std::string& who) {
        Names found;
        for (const auto& [id, name] : {std::pair{mine, "mine"}, {team, "team"}, {all, "all"}})
            if (get(who, "/saved-views/" + id).status == 200) found.push_back(name);
        return found;
    };
    EXPECT_EQ(seen("ada"), (Names{"mine", "team", "all"}));
    EXPECT_EQ(seen("bob"), (Names{"team", "all"}));
    EXPECT_EQ(seen("zoe"), Names{"all"});
    EXPECT_EQ(seen("boss"), Names{"all"});
    EXPECT_EQ(seen("nala"), Names{});
    access(http::Method::patch, "/saved-views/" + team, {{"name", "Ours"}},
           {{"guest", 401}, {"zoe", 404}, {"bob", 403}, {"ada", 200}});
    EXPECT_EQ(patch("root", "/saved-views/" + all, {{"name", "Everybody's"}}).status, 200);
    EXPECT_EQ(remove("bob", "/saved-views/" + all).status, 403);
}

TEST_F(SavedViews, AreShownToEveryoneByPermissionOnly) {
    const Answer refused = post("ada", "/saved-views", body("All", Object{}, {{"visibility", "everyone"}}));
    EXPECT_EQ(refused.status, 403);
    EXPECT_FALSE(refused.text("errors.visibility.0").empty());
    const std::string path = "/saved-views/" + keep("ada", "Mine alone");
    EXPECT_EQ(patch("ada", path, {{"visibility", "everyone"}}).status, 403);
    EXPECT_EQ(post("nala", "/saved-views", body("Team", Object{}, {{"visibility", "team"}})).status, 403);
    EXPECT_EQ(post("nala", "/saved-views", body("Mine", Object{})).status, 201);
}

TEST_F(SavedViews, HaveOneDefaultForEachModel) {
    const auto defaults = [](const std::string& who) {
        return get(who, "/saved-views?is_default=true&owner=me&ordering=name").each("name");
    };
    const auto first = keep("zoe", "First", {{"is_default", true}});
    make("zoe", "/saved-views", {{"on_model", "projects.client"}, {"name", "Clients"}, {"is_default", true}});
    keep("boss", "Boss", {{"is_default", true}});
    const auto second = keep("zoe", "Second", {{"is_default", true}});
    EXPECT_EQ(defaults("zoe"), (Names{"Clients", "Second"}));
    EXPECT_EQ(get("zoe", "/saved-views/" + first).text("version"), "2");
    EXPECT_EQ(patch("zoe", "/saved-views/" + first, {{"is_default", true}}).status, 200);
    EXPECT_EQ(defaults("zoe"), (Names{"Clients", "First"}));
    EXPECT_EQ(defaults("boss"), Names{"Boss"});
    EXPECT_EQ(patch("zoe", "/saved-views/" + second, {{"position", 3}}).status, 200);
    EXPECT_EQ(defaults("zoe"), (Names{"Clients", "First"}));
}

TEST_F(SavedViews, HaveNamesOfTheirOwnForTheirOwner) {
    const std::string mine = keep("bob", "Late");
    for (const char* name : {"Late", "LATE"}) {
        const Answer refused = post("bob", "/saved-views", body(name, Object{}));
        EXPECT_EQ(refused.status, 409) << name;
        EXPECT_EQ(refused.text("code"), "common.name_once");
        EXPECT_EQ(refused.text("errors.name.0"), "You have a view of this name already.");
    }
    EXPECT_EQ(post("bob", "/saved-views", {{"on_model", "projects.client"}, {"name", "Late"}}).status, 409);
    const std::string other = keep("bob", "Early");
    EXPECT_EQ(patch("bob", "/saved-views/" + other, {{"name", "late"}}).status, 409);
    EXPECT_EQ(patch("bob", "/saved-views/" + mine, {{"name", "LATE"}}).status, 200) << "its own name";
    EXPECT_EQ(post("zoe", "/saved-views", body("Late", Object{})).status, 201) << "others have their own";
}

TEST_F(SavedViews, TakeThePlaceThatTheyAreGiven) {
    user("lin");
    const auto order = [] { return get("lin", "/saved-views?owner=me&ordering=position").each("name"); };
    keep("lin", "One", {{"position", 1}});
    keep("lin", "Two", {{"position", 2}});
    keep("lin", "Nine", {{"position", 9}});
    const std::string client =
        make("lin", "/saved-views", {{"on_model", "projects.client"}, {"name", "Clients"}, {"position", 1}});
    keep("lin", "New", {{"position", 1}});
    EXPECT_EQ(
        get("lin", "/saved-views?owner=me&on_model=projects.project&ordering=position").each("position"),
        (Names{"1", "2", "3", "9"}));
    EXPECT_EQ(get("lin", "/saved-views?owner=me&on_model=projects.project&ordering=position").each("name"),
              (Names{"New", "One", "Two", "Nine"}));
    EXPECT_EQ(get("lin", "/saved-views/" + client).text("position"), "1") << "each model has its own order";
    EXPECT_EQ(order().size(), 5U);
}

// Root may change what boss shows to everyone, but not what boss sees at first.
TEST_F(SavedViews, AreMadeADefaultByTheirOwnerAlone) {
    user("berna", {Role::manager});
    const auto defaults = [](const std::string& who) {
        return get(who, "/saved-views?is_default=true&owner=me").each("name");
    };
    const std::string mine = keep("berna", "Mine", {{"is_default", true}});
    const std::string shared = "/saved-views/" + keep("berna", "Shared", {{"visibility", "everyone"}});
    const std::string root_has = keep("root", "Root has", {{"is_default", true}});
    const Answer refused = patch("root", shared, {{"is_default", true}, {"name", "Taken"}});
    EXPECT_EQ(refused.status, 403);
    EXPECT_EQ(refused.text("code"), "access.field");
    EXPECT_FALSE(refused.text("errors.is_default.0").empty());
    EXPECT_EQ(defaults("berna"), Names{"Mine"});
    EXPECT_EQ(get("berna", shared).text("name"), "Shared");
    EXPECT_EQ(get("berna", "/saved-views/" + mine).text("version"), "1");
    EXPECT_EQ(patch("berna", shared, {{"is_default", true}}).status, 200);
    EXPECT_EQ(defaults("berna"), Names{"Shared"});
    EXPECT_EQ(patch("root", shared, {{"is_default", false}}).status, 403);
    EXPECT_EQ(patch("root", shared, {{"is_default", true}, {"name", "Renamed"}}).status, 200)
        << "nothing new";
    EXPECT_EQ(defaults("berna"), Names{"Renamed"});
    EXPECT_EQ(defaults("root"), Names{"Root has"}) << "what is another's default is not one's own";
    EXPECT_EQ(defaults("ada"), Names{});
}

}  // namespace
}  // namespace tamiti::test
