#include "apps/projects/tests/factories.hpp"

namespace tamiti::test {
namespace {

class Clients : public Studio {
public:
    static void SetUpTestSuite() {
        Studio::SetUpTestSuite();
        user("boss", {Role::manager});
        user("nala", {Role::client});
    }
};

TEST_F(Clients, PayInTheSitesCurrencyUnlessSaid) {
    const auto client = make("boss", "/clients", {{"name", "Nile"}});
    EXPECT_EQ(get("boss", "/clients/" + client).text("currency"), "UGX");
    const auto other = make("boss", "/clients", {{"name", "Pearl"}, {"currency", "USD"}});
    EXPECT_EQ(get("boss", "/clients/" + other).text("currency"), "USD");
}

TEST_F(Clients, PayInRealCurrenciesOnly) {
    for (const char* currency : {"ABC", "usd", "US"}) {
        const Answer refused = post("boss", "/clients", {{"name", "Bad"}, {"currency", currency}});
        EXPECT_EQ(refused.status, 422) << currency;
        EXPECT_NE(refused.text("errors.currency.0"), "") << currency;
    }
}

TEST_F(Clients, HaveNamesThatDifferBeyondCase) {
    make("boss", "/clients", {{"name", "Mirembe"}});
    const Answer refused = post("boss", "/clients", {{"name", "MIREMBE"}});
    EXPECT_EQ(refused.status, 409);
    EXPECT_NE(refused.text("errors.name.0"), "");
}

TEST_F(Clients, HavePeopleOfRoleClientOnly) {
    const auto with = [](const std::string& person) {
        return Body{{"name", "Lwazi " + person}, {"people", {person}}};
    };
    EXPECT_EQ(post("boss", "/clients", with(user("nala"))).status, 201);
    const Answer refused = post("boss", "/clients", with(user("ada")));
    EXPECT_EQ(refused.status, 422);
    EXPECT_NE(refused.text("errors.people.0"), "");
}

TEST_F(Clients, StayWhileTheyHaveProjects) {
    const auto client = make("boss", "/clients", {{"name", "Pamoja"}});
    make("boss", "/contacts", {{"client", client}, {"name", "Ivan"}, {"phone", "+256772100206"}});
    const auto project = make_project("boss", {{"client", client}});
    const Answer refused = remove("boss", "/clients/" + client);
    EXPECT_EQ(refused.status, 409);
    EXPECT_EQ(refused.text("type"), "/problems/projects.client_has_projects");
    EXPECT_EQ(patch("boss", "/projects/" + project, {{"client", nullptr}}).status, 200);
    EXPECT_EQ(remove("boss", "/clients/" + client).status, 204);
    EXPECT_EQ(sql("SELECT count(*) FROM projects_contact WHERE client = $1", client), "0");
}

TEST_F(Clients, ContactsHaveUsablePhonesAndAddresses) {
    const auto client = make("boss", "/clients", {{"name", "Owino"}});
    const auto contact = make("boss", "/contacts",
                              {{"client", client},
                               {"name", "Moses"},
                               {"phone", "+256 772 100 208"},
                               {"email", "moses@Owino.example"}});
    EXPECT_EQ(get("boss", "/contacts/" + contact).text("phone"), "+256772100208");
    const Answer refused = patch("boss", "/contacts/" + contact, {{"phone", "12"}, {"email", "nobody"}});
    EXPECT_EQ(refused.status, 422);
    EXPECT_NE(refused.text("errors.phone.0"), "");
    EXPECT_NE(refused.text("errors.email.0"), "");
}

}  // namespace
}  // namespace tamiti::test
