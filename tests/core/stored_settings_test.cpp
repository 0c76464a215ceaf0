#include "core/model/stored_settings.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <boost/json.hpp>
#include <thread>

#include "core/program/registry.hpp"
#include "tests/core/toy/library_api.hpp"

/// Settings that people change, shown with those of the toy library.
namespace tamiti::test {
namespace {

using http::Method;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using toy_library::Lender;
using toy_library::LendingRules;

constexpr const char* of_studio = "/settings/library.lending";
constexpr const char* of_oneself = "/settings/library.lender";

class Settled : public LibraryApi {
public:
    void TearDown() override {
        transact(site(), Actor::system(), [](Tx& tx) {
            tx.execute(Sql("DELETE FROM core_setting"));
            tx.execute(Sql("DELETE FROM core_person_setting"));
        });
    }

    /// Puts a document past all checks, as a version of the program left it.
    static void keep(const std::string& document) {
        transact(site(), Actor::system(), [&](Tx& tx) {
            tx.execute(
                {"INSERT INTO core_setting (id, name, document) VALUES ({}, 'library.lending', {}::jsonb)",
                 Uuid::make(), document});
        });
    }
    static std::string kept() {
        return sql("SELECT document FROM core_setting WHERE name = 'library.lending'");
    }
    /// The changes in the trail of that table since the entry with that id, oldest first.
    static std::string trail(const std::string& table, const std::string& since) {
        return sql(
            "SELECT coalesce(string_agg(changes::text, ' ' ORDER BY id), '') FROM core_audit "
            "WHERE table_name = $1 AND id > $2::bigint",
            table, since);
    }
    static std::string last_entry() { return sql("SELECT coalesce(max(id), 0) FROM core_audit"); }
};

TEST_F(Settled, HaveTheirDefaultsUntilSomebodySetsThem) {
    EXPECT_EQ(get("client", of_studio).body, R"({"open":true,"days":null})");
    EXPECT_EQ(patch("boss", of_studio, {{"days", 7}}).body, R"({"open":true,"days":7})");
    EXPECT_EQ(get("client", of_studio).body, R"({"open":true,"days":7})");
    EXPECT_EQ(kept(), R"({"days": 7})") << "what nobody set has the default of a later version, too";
    EXPECT_EQ(patch("boss", of_studio, {{"days", nullptr}}).body, R"({"open":true,"days":null})");
}

TEST_F(Settled, DecideWhatVerbsDoFromTheNextRequestOn) {
    const std::string shelf = make("owner", "/shelves", {{"name", "Novels"}});
    const std::string lend =
        "/books/" + make("owner", "/books", {{"shelf", shelf}, {"title", "Kintu"}}) + "/lend";
    EXPECT_EQ(post("owner", lend, {{"to", "Ann"}}).text("lent_to"), "Ann");
    patch("boss", of_studio, {{"days", 3}});
    patch("owner", of_oneself, {{"signature", ", from Owino"}});
    EXPECT_EQ(post("owner", lend, {{"to", "Ann"}}).text("lent_to"), "Ann, from Owino for 3 days");
    EXPECT_EQ(post("boss", lend, {{"to", "Ann"}}).text("lent_to"), "Ann for 3 days") << "another's signature";
    patch("boss", of_studio, {{"open", false}, {"days", nullptr}});
    EXPECT_EQ(post("owner", lend, {{"to", "Ann"}}).text("code"), "library.closed");
}

TEST_F(Settled, AreReadAndChangedByWhomTheDeclarationNames) {
    access(Method::get, of_studio, {{"guest", 401}, {"client", 200}, {"owner", 200}, {"boss", 200}});
    access(Method::patch, of_studio, {{"days", 7}},
           {{"guest", 401}, {"client", 403}, {"owner", 403}, {"boss", 200}});
    access(Method::patch, of_oneself, {{"signature", "!"}},
           {{"guest", 401}, {"client", 200}, {"owner", 200}});
    EXPECT_EQ(get("guest", "/settings/library.nothing").status, 404);
}

TEST_F(Settled, RefuseWhatTheyDontKnowOrTake) {
    const std::string before = last_entry();
    const Answer unknown = patch("boss", of_studio, {{"days", 7}, {"colour", "red"}});
    EXPECT_EQ(unknown.status, 400);
    EXPECT_EQ(unknown.text("errors.colour.0"), "There is no such field. These exist: open, days.");
    EXPECT_EQ(patch("boss", of_studio, {{"days", 61}, {"open", "maybe"}}).status, 422);
    EXPECT_EQ(patch("boss", of_studio, {{"open", nullptr}}).text("errors.open.0"),
              "This field can't be null.");
    EXPECT_EQ(patch("boss", of_studio, {{"open", false}, {"days", 7}}).text("errors.days.0"),
              "A closed library lends for no days.");
    EXPECT_EQ(patch("boss", of_studio, Body::raw("[]")).status, 400);
    EXPECT_EQ(get("boss", of_studio).body, R"({"open":true,"days":null})");
    EXPECT_EQ(last_entry(), before);
}

TEST_F(Settled, AreNotOverwrittenByWhoReadThemBefore) {
    const std::string first = get("boss", of_studio).header("ETag");
    ASSERT_EQ(patch("boss", of_studio, {{"days", 7}}, {{"If-Match", first}}).status, 200);
    const Answer late = patch("boss", of_studio, {{"days", 8}}, {{"If-Match", first}});
    EXPECT_EQ(late.status, 412);
    EXPECT_EQ(late.text("code"), "http.changed_meanwhile");
    EXPECT_EQ(late.text("current.days"), "7");
    const Answer now = get("boss", of_studio);
    EXPECT_EQ(now.text("days"), "7");
    EXPECT_EQ(get("boss", of_studio, {{"If-None-Match", now.header("ETag")}}).status, 304);
    EXPECT_EQ(patch("boss", of_studio, {{"days", 8}}, {{"If-Match", now.header("ETag")}}).status, 200);
}

TEST_F(Settled, AreSetByOneOfSeveralWhoReadTheSame) {
    const std::string seen = get("boss", of_studio).header("ETag");
    std::atomic<int> done = 0, late = 0;
    std::vector<std::thread> threads;
    for (int days = 1; days <= 4; ++days)
        threads.emplace_back([&, days] {
            const int status = patch("boss", of_studio, {{"days", days}}, {{"If-Match", seen}}).status;
            ++(status == 200 ? done : late);
            EXPECT_TRUE(status == 200 || status == 412) << status;
        });
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(done, 1);
    EXPECT_EQ(late, 3);
}

TEST_F(Settled, LeaveInTheTrailWhatEachMemberWasBefore) {
    const std::string before = last_entry();
    patch("boss", of_studio, {{"days", 7}});
    patch("boss", of_studio, {{"days", 9}, {"open", true}});
    patch("boss", of_studio, {{"days", 9}});
    EXPECT_EQ(trail("core_setting", before),
              R"({"library.lending.days": [null, 7]} )"
              R"({"library.lending.days": [7, 9], "library.lending.open": [null, true]})")
        << "and nothing of a change that changes nothing";
    patch("owner", of_oneself, {{"signature", "!"}});
    EXPECT_EQ(sql("SELECT row_id::text || ' ' || actor::text FROM core_audit ORDER BY id DESC LIMIT 1"),
              id_of("owner").text() + " " + id_of("owner").text())
        << "one's own are about the person";
}

TEST_F(Settled, PassOverMembersThatAreGoneAndDropThem) {
    keep(R"({"days": 3, "fines": {"amount": "500"}})");
    EXPECT_EQ(get("boss", of_studio).body, R"({"open":true,"days":3})");
    EXPECT_EQ(patch("boss", of_studio, {{"days", 4}}).status, 200);
    EXPECT_EQ(kept(), R"({"days": 4})");
}

TEST_F(Settled, AreToldTogetherToWhoMayReadThem) {
    patch("boss", of_studio, {{"days", 7}});
    patch("owner", of_oneself, {{"signature", "!"}});
    const auto told = [](const std::string& who) {
        const Answer all = get(who, "/settings");
        std::vector<std::string> lines;
        const boost::json::value entries = all.json();
        for (const auto& one : entries.as_array())
            if (one.at("name").as_string() != "core.brand")  // which every studio has
                lines.push_back(
                    std::string(one.at("name").as_string()) + " " + json::text_of(one.at("values")) +
                    (one.at("is_personal").as_bool() ? " own" : "") +
                    (one.at("can_change").as_bool() ? " changes " : " ") + json::text_of(one.at("version")));
        return lines;
    };
    EXPECT_THAT(told("owner"), ElementsAre(R"(library.lending {"open":true,"days":7} 2)",
                                           R"(library.lender {"signature":"!"} own changes 2)"));
    EXPECT_THAT(told("boss"), ElementsAre(R"(library.lending {"open":true,"days":7} changes 2)",
                                          R"(library.lender {"signature":""} own changes 1)"))
        << "another's are not there";
    EXPECT_EQ(get("guest", "/settings").status, 401);
}

TEST_F(Settled, OfAPersonAreGivenToThemAndErasedWithThem) {
    const std::string before = last_entry();
    patch("owner", of_oneself, {{"signature", ", from Owino"}});
    patch("other", of_oneself, {{"signature", ", from Ann"}});
    std::string out;
    json::Writer writer(out);
    look(site(), [&](ReadTx& tx) { write_settings_of(tx, id_of("owner"), writer); });
    EXPECT_EQ(out, R"({ "library.lender" : {"signature": ", from Owino"} })");
    transact(site(), Actor::system(), [](Tx& tx) { erase_settings_of(tx, id_of("owner")); });
    EXPECT_EQ(look(site(), [](ReadTx& tx) { return tx.setting<Lender>(id_of("owner")).signature; }), "");
    EXPECT_EQ(look(site(), [](ReadTx& tx) { return tx.setting<Lender>(id_of("other")).signature; }),
              ", from Ann");
    EXPECT_THAT(trail("core_person_setting", before), ::testing::Not(HasSubstr("Owino")));
    EXPECT_THAT(trail("core_person_setting", before), HasSubstr("from Ann"));
}

TEST_F(Settled, AreAskedForByWhoseTheyAre) {
    look(site(), [](ReadTx& tx) {
        EXPECT_THROW(tx.setting<Lender>(), std::logic_error);
        EXPECT_THROW(tx.setting<LendingRules>(Uuid::make()), std::logic_error);
    });
}

/// What the start says of an app with these settings.
std::string fault_of(const std::function<std::vector<StoredSettings>()>& declared) {
    static std::vector<StoredSettings> made;
    try {
        made = declared();
        App app;
        app.name = "library";
        for (const StoredSettings& each : made) app.settings.push_back(&each);
        const Registry registry({app});
    } catch (const std::logic_error& fault) {
        return fault.what();
    }
    return {};
}

StoredSettings lender_as(std::string name, SettingsRules<Lender> rules) {
    if (rules.fields.empty()) rules.fields = {field<&Lender::signature>("signature")};
    return settings<Lender>(std::move(name), std::move(rules));
}

TEST(WrongSettings, StopTheStartAndAreNamed) {
    const SettingsRules<Lender> own{.personal = true};
    EXPECT_EQ(fault_of([&] { return std::vector{lender_as("library.lender", own)}; }), "");
    EXPECT_EQ(fault_of([&] {
                  return std::vector{lender_as("library.lender", own), lender_as("library.lender", own)};
              }),
              "two settings are called library.lender");
    for (const char* name : {"lender", "library.", "studio.lender", "library.Lender", "library.a.b"})
        EXPECT_EQ(fault_of([&] { return std::vector{lender_as(name, own)}; }),
                  "the settings \"" + std::string(name) + "\" of library are not called \"library.noun\"");
    EXPECT_EQ(fault_of([&] { return std::vector{lender_as("library.lender", {})}; }),
              "the settings library.lender do not say who may change them");
    EXPECT_EQ(fault_of([&] { return std::vector{lender_as("library.lender", {.change = "library.lead"})}; }),
              "library.lender needs the permission library.lead, which nobody declared");
    EXPECT_EQ(
        fault_of([&] {
            return std::vector{lender_as(
                "library.lender",
                {.fields = {field<&Lender::signature>("signature", {.required = true})}, .personal = true})};
        }),
        "the settings library.lender require signature, but every setting has a default");
    EXPECT_EQ(fault_of([] {
                  return std::vector{settings<LendingRules>(
                      "library.lending", {.fields = {field<&LendingRules::open>("open")}, .personal = true})};
              }),
              "LendingRules: a member has no field, the one after open");
}

}  // namespace
}  // namespace tamiti::test
