#include <gmock/gmock.h>

#include <boost/json.hpp>

#include "core/base/json.hpp"
#include "tests/support/studio.hpp"

namespace tamiti::test {
namespace {

using http::Method;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

/// Ada is an admin, Moses manages, Sam and Lea are staff, Cleo a client.
class WhoMayWhat : public Studio {
public:
    static void SetUpTestSuite() {
        Studio::SetUpTestSuite();
        user("ada", {Role::admin});
        user("moses", {Role::manager});
        user("sam");
        user("lea");
        user("cleo", {Role::client});
        project = make("sam", "/projects", {{"code", "MINE"}, {"name", "Mine"}});
    }

    static Answer explain(const std::string& who, const std::string& query) {
        return get(who, "/permissions/explain?" + query);
    }

    static std::string about(const std::string& name, const std::string& verb) {
        return "model=projects.project&verb=" + verb + "&id=" + project + "&user=" + user(name);
    }

    static inline std::string project;
};

TEST_F(WhoMayWhat, IsListedForTheStudio) {
    for (const char* path : {"/permissions", "/permissions/matrix"})
        access(Method::get, path, {{"guest", 401}, {"cleo", 403}, {"sam", 200}, {"ada", 200}});
    const Answer all = get("sam", "/permissions");
    EXPECT_THAT(all.body, HasSubstr(R"({"code":"users.manage","label":)"));
    EXPECT_EQ(all.json().as_array().size(), registry().permissions().all().size());
}

TEST_F(WhoMayWhat, IsAMatrixReadOffThePolicies) {
    const auto matrix = get("ada", "/permissions/matrix").json();
    std::map<std::string, std::string> cells;
    for (const auto& row : matrix.as_object().at("resources").as_array()) {
        const auto& cell = row.as_object();
        const std::string key =
            std::string(cell.at("model").as_string()) + " " + std::string(cell.at("role").as_string());
        cells[key] = std::string(cell.at("view").as_string()) + " " +
                     std::string(cell.at("create").as_string()) + " " +
                     std::string(cell.at("change").as_string()) + " " +
                     std::string(cell.at("remove").as_string());
    }
    std::size_t resources = 0;
    for (const App& app : registry().apps()) resources += app.resources.size();
    EXPECT_EQ(cells.size(), resources * 8);
    EXPECT_EQ(cells["users.user admin"], "all all all none");
    EXPECT_EQ(cells["users.user staff"], "all none none none");
    EXPECT_EQ(cells["users.user client"], "some none none none");
    EXPECT_EQ(cells["projects.project staff"], "some all some some");
    EXPECT_EQ(cells["projects.project client"], "some none none none");
    EXPECT_EQ(cells["users.invitation manager"], "some all none none");
    const std::string text = get("ada", "/permissions/matrix").body;
    EXPECT_THAT(text, Not(HasSubstr("SELECT"))) << "the text of a rule stays inside";
    EXPECT_THAT(
        text,
        HasSubstr(
            R"({"model":"projects.project","field":"budget","read":["admin","manager","finance"],"write":["admin","manager"]})"));
}

TEST_F(WhoMayWhat, SaysWhichRuleDecided) {
    const Answer admin = explain("ada", about("moses", "change"));
    ASSERT_EQ(admin.status, 200) << admin.body;
    EXPECT_EQ(admin.text("allowed"), "true");
    EXPECT_EQ(admin.text("decided_by"), "permission");
    EXPECT_THAT(admin.text("permissions"), HasSubstr("projects.manage"));
    const Answer owner = explain("ada", about("sam", "change"));
    EXPECT_EQ(owner.text("allowed"), "true");
    EXPECT_EQ(owner.text("decided_by"), "row");
    EXPECT_THAT(owner.text("unreadable"), HasSubstr("budget"));
    EXPECT_THAT(owner.text("unwritable"), HasSubstr("created_at"));
    const Answer other = explain("ada", about("lea", "view"));
    EXPECT_EQ(other.text("allowed"), "false");
    EXPECT_EQ(other.text("decided_by"), "row");
    const Answer client = explain("ada", about("cleo", "remove"));
    EXPECT_EQ(client.text("allowed"), "false");
    EXPECT_EQ(client.text("decided_by"), "permission");
    EXPECT_EQ(explain("ada", "model=users.user&verb=remove").text("decided_by"), "no_operation");
    user("closed");
    ASSERT_EQ(patch("ada", "/users/" + user("closed"), {{"is_active", false}}).status, 200);
    EXPECT_EQ(explain("ada", about("closed", "view")).text("decided_by"), "account");
}

TEST_F(WhoMayWhat, AgreesWithWhatHappens) {
    const std::vector<std::pair<std::string, Method>> verbs = {
        {"view", Method::get}, {"change", Method::patch}, {"unarchive", Method::post}};
    for (const char* name : {"ada", "moses", "sam", "lea", "cleo"}) {
        for (const auto& [verb, method] : verbs) {
            const std::string path = "/projects/" + project + (method == Method::post ? "/" + verb : "");
            const int status =
                send(method, name, path, method == Method::get ? Body::none() : Body(), {}).status;
            EXPECT_EQ(explain("ada", about(name, verb)).text("allowed"), status == 200 ? "true" : "false")
                << name << " " << verb << " " << status;
        }
    }
}

TEST_F(WhoMayWhat, StandsWithEachRowThatAsksForIt) {
    const std::map<std::string, std::string> may = {{"ada", R"(["change","remove","archive","unarchive"])"},
                                                    {"moses", R"(["change","remove","archive","unarchive"])"},
                                                    {"sam", R"(["change","remove","archive","unarchive"])"}};
    for (const auto& [name, verbs] : may) {
        const Answer row = get(name, "/projects/" + project + "?can=true&expand=owner");
        EXPECT_EQ(boost::json::serialize(row.json().at("can")), verbs) << name;
        const Answer list = get(name, "/projects?can=true&fields=code&expand=owner");
        EXPECT_EQ(boost::json::serialize(list.json().at_pointer("/results/0/can")), verbs) << name;
        for (const char* verb : {"change", "remove", "archive", "unarchive"}) {
            const bool listed = verbs.find("\"" + std::string(verb) + "\"") != verbs.npos;
            EXPECT_EQ(explain("ada", about(name, verb)).text("allowed"), listed ? "true" : "false")
                << name << " " << verb;
        }
    }
    EXPECT_FALSE(get("sam", "/projects/" + project).json().as_object().contains("can"));
}

TEST_F(WhoMayWhat, StandsWithRowsInTheTrash) {
    const std::string gone = make("ada", "/projects", {{"code", "GONE"}, {"name", "Gone"}});
    ASSERT_EQ(remove("ada", "/projects/" + gone).status, 204);
    const Answer row = get("ada", "/projects/" + gone + "?can=true&deleted=true");
    EXPECT_EQ(boost::json::serialize(row.json().at("can")), R"(["restore"])");
}

TEST_F(WhoMayWhat, IsNotAskedForInWords) {
    EXPECT_EQ(get("sam", "/projects?can=perhaps").status, 400);
    EXPECT_EQ(get("sam", "/projects?format=csv&can=true").status, 400);
}

TEST_F(WhoMayWhat, IsToldAboutOthersToWhoManagesPeopleOnly) {
    EXPECT_EQ(explain("sam", "model=projects.project&verb=view&id=" + project).status, 200) << "oneself";
    EXPECT_EQ(explain("sam", about("sam", "view")).status, 200);
    EXPECT_EQ(explain("sam", about("lea", "view")).status, 404);
    EXPECT_EQ(explain("moses", about("lea", "view")).status, 404);
    EXPECT_EQ(explain("guest", about("lea", "view")).status, 401);
}

TEST_F(WhoMayWhat, HidesARowFromWhoCantSeeIt) {
    const Answer hidden = explain("lea", "model=projects.project&verb=change&id=" + project);
    const Answer nothing = explain("lea", "model=projects.project&verb=change&id=" + Uuid::make().text());
    EXPECT_EQ(hidden.status, 404);
    EXPECT_EQ(hidden.body, nothing.body);
    EXPECT_EQ(explain("lea", "model=projects.project&verb=change&id=nonsense").status, 404);
    EXPECT_EQ(explain("lea", "model=secrets.secret&verb=view").status, 400);
    const Answer dance = explain("lea", "model=projects.project&verb=dance");
    EXPECT_EQ(dance.status, 400);
    EXPECT_THAT(dance.body, HasSubstr("know these: view, create, change, remove, archive, unarchive."));
}

/// What may not be read may not be found out in any other way either.
TEST_F(WhoMayWhat, HoldsWhereverAValueCanLeave) {
    ASSERT_EQ(patch("cleo", "/users/me", {{"phone", "+256772123456"}}).status, 200);
    for (const char* field :
         {"email", "phone", "expires_at", "last_login_at", "signed_out_at", "erased_at"}) {
        const std::string name = field;
        EXPECT_FALSE(get("cleo", "/users/" + user("cleo")).json().as_object().contains(name)) << name;
        for (const std::string& query :
             {name + "=x", name + "__isnull=true", name + "__gt=2020-01-01", name + "__in=a,b",
              "ordering=" + name, "ordering=-" + name, "fields=" + name, "manager__" + name + "=x"})
            EXPECT_EQ(get("cleo", "/users?" + query).status, 400) << query;
    }
    EXPECT_EQ(get("sam", "/users?search=256772123456").count(), 0) << "search looks at public fields";
    ASSERT_EQ(patch("ada", "/users/" + user("cleo"), {{"manager", user("ada")}}).status, 200);
    EXPECT_THAT(get("cleo", "/users?expand=manager").body, Not(HasSubstr("ada@studio.test")));
    EXPECT_THAT(get("cleo", "/users/" + user("cleo") + "/history").body, Not(HasSubstr("256772123456")));
    EXPECT_THAT(get("cleo", "/users?format=csv").body, Not(HasSubstr("256772123456")));
}

}  // namespace
}  // namespace tamiti::test
