#include <boost/json.hpp>

#include "apps/auth/tests/factories.hpp"
#include "core/base/json.hpp"

namespace tamiti::test {
namespace {

using http::Method;
using ::testing::HasSubstr;

class PeopleImport : public AuthStudio {
public:
    static void SetUpTestSuite() {
        Studio::SetUpTestSuite();
        account("ada", {Role::admin});
        account("moses", {Role::manager});
        account("sam");
        make("ada", "/departments", {{"name", "Sound"}});
    }

    static Answer import(const std::string& csv, bool dry_run = false, const Value& mapping = {}) {
        Object body = {{"csv", csv}, {"dry_run", dry_run}};
        if (!mapping.is_null()) body["mapping"] = mapping;
        return post("ada", "/users/import", body);
    }

    static std::string invitations() { return sql("SELECT count(*) FROM users_invitation"); }
};

TEST_F(PeopleImport, IsForWhoManagesPeople) {
    access(Method::post, "/users/import", {{"csv", "email,roles\na@b.test,staff\n"}, {"dry_run", true}},
           {{"guest", 401}, {"sam", 403}, {"moses", 403}, {"ada", 200}});
}

TEST_F(PeopleImport, TellsEveryFaultOfEveryCellAndChangesNothing) {
    const std::string before = invitations();
    const Answer report = import(
        "E-mail,First name,Roles,Department\r\n"
        "good@studio.test,Good,content,sound\r\n"
        "not an address,Bad,king,Light\r\n"
        "sam@studio.test,Sam,staff,\r\n"
        "GOOD@studio.test,Twice,staff,\r\n"
        "mixed@studio.test,Mixed,\"client, staff\",\r\n"
        "short@studio.test,Short\r\n"
        "empty@studio.test,Empty,,\r\n",
        true);
    ASSERT_EQ(report.status, 200) << report.body;
    EXPECT_EQ(report.text("rows"), "7");
    EXPECT_EQ(report.text("invited"), "1");
    EXPECT_EQ(report.text("id"), "null");
    std::vector<std::string> places;
    const auto parsed = report.json();
    for (const auto& fault : parsed.as_object().at("errors").as_array())
        places.push_back(json::text_of(fault.as_object().at("row")) + " " +
                         std::string(fault.as_object().at("field").as_string()));
    EXPECT_THAT(places, ::testing::UnorderedElementsAre("3 email", "3 roles", "3 department", "4 email",
                                                        "5 email", "6 roles", "7 ", "8 roles"));
    EXPECT_EQ(invitations(), before);
    run_jobs();
    EXPECT_EQ(sql("SELECT count(*) FROM core_mail WHERE recipient = 'good@studio.test'"), "0");
}

TEST_F(PeopleImport, InvitesAllOrNobody) {
    const std::string before = invitations();
    const Answer refused = import("email,roles\none@studio.test,staff\ntwo@,staff\n");
    EXPECT_EQ(refused.status, 422);
    EXPECT_NE(refused.text("errors"), "");
    EXPECT_THAT(refused.body, HasSubstr("rows.3.email"));
    EXPECT_EQ(invitations(), before);
    const Answer done = import(
        "email,roles,first_name\none@studio.test,staff,=1+1\ntwo@studio.test,content;digital,+SUM(A1)\n");
    ASSERT_EQ(done.status, 200) << done.body;
    EXPECT_EQ(done.text("invited"), "2");
    EXPECT_EQ(sql("SELECT first_name FROM users_invitation WHERE email = 'one@studio.test'"), "=1+1")
        << "a formula is text";
    run_jobs();
    EXPECT_EQ(sql("SELECT count(*) FROM core_mail WHERE recipient IN ('one@studio.test', 'two@studio.test')"),
              "2");
    EXPECT_EQ(get("ada", "/invitations?batch=" + done.text("id")).count(), 2);

    const std::string undo = "/user-imports/" + done.text("id") + "/undo";
    access(Method::post, undo, {{"guest", 401}, {"sam", 403}, {"moses", 403}});
    const Answer undone = post("ada", undo);
    EXPECT_EQ(undone.status, 200);
    EXPECT_EQ(undone.text("cancelled"), "2");
    EXPECT_EQ(post("ada", undo).text("cancelled"), "0") << "twice changes nothing";
    EXPECT_EQ(get("ada", "/invitations?state=pending&batch=" + done.text("id")).count(), 0);
}

TEST_F(PeopleImport, TakesColumnsByWhateverName) {
    const std::string csv = "Adresse;Rang;Schuhe\nmapped@studio.test;staff;42\n";
    const Answer unknown = import(csv, true);
    EXPECT_EQ(unknown.status, 422);
    EXPECT_THAT(unknown.body, HasSubstr("Schuhe"));
    const Answer mapped = import(csv, true, {{"Adresse", "email"}, {"Rang", "roles"}, {"Schuhe", nullptr}});
    EXPECT_EQ(mapped.status, 200) << mapped.body;
    EXPECT_EQ(mapped.text("invited"), "1");
    EXPECT_EQ(mapped.text("columns.Schuhe"), "null");
    for (const Value& bad :
         {Value{{"Adresse", "state"}}, Value{{"Adresse", "invited_by"}}, Value{{"Adresse", 1}},
          Value{{"Adresse", "password"}}, Value(Array{}), Value{{"Nowhere", "email"}}})
        EXPECT_EQ(import(csv, true, bad).status, 422) << bad;
}

TEST_F(PeopleImport, PassesOverEmptyColumnsAndRowsAndCountsAsTheSpreadsheetDoes) {
    const Answer report = import(
        "sep=;\r\n;;;\r\nemail;;roles;;\r\nfirst@studio.test;;staff;;\r\n;;;;\r\n\r\nwrong;;staff;;;;\r\n"
        "third@studio.test; ;content, digital\r\n;;;;\r\n",
        true);
    ASSERT_EQ(report.status, 200) << report.body;
    EXPECT_EQ(report.text("rows"), "3");
    EXPECT_EQ(report.text("columns"), R"({"email":"email","roles":"roles"})");
    EXPECT_EQ(report.text("errors.0.row"), "6");
    EXPECT_EQ(report.text("errors.0.field"), "email");
    EXPECT_EQ(report.text("errors.1.row"), "7") << "two cells are missing";
    EXPECT_EQ(report.text("errors.2"), "");
    EXPECT_EQ(report.text("invited"), "1");
    const Answer unnamed = import("email,,roles\na@studio.test,what,staff\n", true);
    EXPECT_EQ(unnamed.text("invited"), "0") << unnamed.body;
    EXPECT_EQ(unnamed.text("errors.0.message"),
              "Something stands in column 2, which has no name in the head.");
    const Answer left_out = import("email,,roles\na@studio.test,what,staff\n", true, {{"", nullptr}});
    EXPECT_EQ(left_out.text("invited"), "1") << left_out.body;
}

TEST_F(PeopleImport, SaysWhatIsWrongWithHostileText) {
    const std::vector<std::pair<std::string, std::string>> texts = {
        {"", "csv"},
        {"email,roles\n", "at least one row"},
        {"email,roles\n\"a@b.test,staff\n", "never closed"},
        {"email,roles\na\"b@c.test,staff\n", "Line 2"},
        {"email,email,roles\na@b.test,c@d.test,staff\n", "Two columns"},
        {"name\nx\n", "mapping"},
        {"email,roles\n" + std::string(10'001, 'x') + ",staff\n", "bytes"},
        {std::string(300, ','), "more than 200 cells"}};
    for (const auto& [csv, part] : texts) {
        const Answer refused = import(csv, true);
        EXPECT_EQ(refused.status, 422) << csv.substr(0, 60);
        EXPECT_THAT(refused.body, HasSubstr(part)) << csv.substr(0, 60);
    }
    EXPECT_EQ(import(std::string("email\0,roles\n", 13)).status, 400);
    std::string many = "email,roles\n";
    for (int i = 0; i <= 1000; ++i) many += "p" + std::to_string(i) + "@studio.test,staff\n";
    const Answer too_many = import(many, true);
    EXPECT_EQ(too_many.status, 422);
    EXPECT_THAT(too_many.body, HasSubstr("1000 rows"));
}

TEST_F(PeopleImport, ReadsAThousandRows) {
    std::string many =
        "\xEF\xBB\xBF"
        "email,roles\r\n";
    for (int i = 0; i < 1000; ++i) many += "k" + std::to_string(i) + "@studio.test,staff\r\n";
    const Answer done = import(many);
    ASSERT_EQ(done.status, 200) << done.body.substr(0, 300);
    EXPECT_EQ(done.text("invited"), "1000");
    EXPECT_EQ(post("ada", "/user-imports/" + done.text("id") + "/undo").text("cancelled"), "1000");
}

}  // namespace
}  // namespace tamiti::test
