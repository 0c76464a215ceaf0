#include "core/api/export.hpp"
#include <boost/json.hpp>

#include "core/base/text.hpp"
#include "core/program/pages.hpp"
#include "tests/support/studio.hpp"

namespace tamiti::test {
namespace {

/// Lists as files.
class Export : public Studio {
public:
    static void SetUpTestSuite() {
        Studio::SetUpTestSuite();
        user("boss", {Role::admin});
        user("ada");
        user("outsider", {Role::client});
        make("boss", "/projects",
             {{"code", "EXP1"},
              {"name", "Plain"},
              {"priority", "high"},
              {"owner", user("ada")},
              {"tags", {"film", "night shoot"}},
              {"budget", {{"amount", "1250.50"}, {"currency", "USD"}}},
              {"start_on", "2026-02-03"}});
        make("boss", "/projects",
             {{"code", "EXP2"},
              {"name", "=HYPERLINK(\"http://evil\")"},
              {"owner", user("ada")},
              {"budget", {{"amount", "150000"}, {"currency", "UGX"}}},
              {"description", "two\nlines, \"quoted\""}});
    }

    /// The lines of a CSV whose cells hold no line ends.
    static std::vector<std::string> lines(const Answer& answer) {
        std::vector<std::string> found;
        std::size_t from = 0;
        for (std::size_t end; (end = answer.body.find("\r\n", from)) != std::string::npos; from = end + 2)
            found.push_back(answer.body.substr(from, end - from));
        EXPECT_EQ(from, answer.body.size()) << "the last line has an end too";
        return found;
    }
    using Lines = std::vector<std::string>;
};

TEST_F(Export, AListIsAFileOfItsFieldsAndRows) {
    const Answer answer = get(
        "boss", "/projects?format=csv&fields=code,name,status,tags,budget,start_on&ordering=code&code=EXP1");
    EXPECT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(lines(answer), (Lines{"code,name,status,tags,budget,budget_currency,start_on",
                                    "EXP1,Plain,planning,film; night shoot,1250.50,USD,2026-02-03"}));
    const std::string day = format(site().clock->now()).substr(0, 10);
    EXPECT_EQ(answer.header("Content-Disposition"), "attachment; filename=\"projects-" + day + ".csv\"");
    EXPECT_EQ(answer.header("ETag"), "");
}

TEST_F(Export, FormulasAreTakenTheirPowerAndNumbersStayNumbers) {
    const Answer answer = get("boss", "/projects?format=csv&fields=name,budget,description&code=EXP2");
    EXPECT_EQ(answer.body,
              "name,budget,budget_currency,description\r\n"
              "\"'=HYPERLINK(\"\"http://evil\"\")\",150000,UGX,\"two\nlines, \"\"quoted\"\"\"\r\n");
}

TEST_F(Export, EveryStartOfAFormulaIsKnown) {
    for (const std::string start : {"=1", "+1", "-1", "@SUM(A1)",
                                    "\xef\xbc\x9d"
                                    "1"}) {
        const std::string id = make("boss", "/departments", {{"name", start + " start"}});
        const Answer answer = get("boss", "/departments?format=csv&fields=name&ordering=name");
        EXPECT_NE(answer.body.find("\"'" + start + " start\""), std::string::npos) << answer.body;
        EXPECT_EQ(answer.body.find("\n" + start), std::string::npos) << answer.body;
        EXPECT_EQ(remove("boss", "/departments/" + id).status, 204);
    }
}

TEST_F(Export, RowsAndFieldsAreThoseThatTheActorMaySee) {
    EXPECT_EQ(lines(get("outsider", "/projects?format=csv&fields=code")), Lines{"code"});
    const Answer hidden = get("outsider", "/projects?format=csv&fields=code,budget");
    const Answer listed = get("outsider", "/projects?fields=code,budget");
    EXPECT_EQ(hidden.status, listed.status);
    EXPECT_EQ(hidden.text("code"), listed.text("code"));
    EXPECT_EQ(get("guest", "/projects?format=csv").status, 401);
    // Without `fields`, the columns are those of the list.
    const auto row = get("ada", "/projects?page_size=1").json().at("results").at(0).as_object();
    std::string head;
    for (const auto& member : row) {
        head += (head.empty() ? "" : ",") + std::string(member.key());
        if (member.key() == "budget") head += ",budget_currency";
    }
    EXPECT_EQ(lines(get("ada", "/projects?format=csv&code=EXP1")).front(), head);
}

TEST_F(Export, SearchFiltersAndOrderAreThoseOfTheList) {
    EXPECT_EQ(lines(get("boss", "/projects?format=csv&fields=code&ordering=-code&code__in=EXP1,EXP2")),
              (Lines{"code", "EXP2", "EXP1"}));
    EXPECT_EQ(lines(get("boss", "/projects?format=csv&fields=code&search=Plain")), (Lines{"code", "EXP1"}));
    EXPECT_EQ(get("boss", "/projects?format=csv&nonsense=1").status, 400);
}

TEST_F(Export, PagesHaveNoMeaningInAFile) {
    for (const std::string name : {"page", "page_size", "cursor", "count", "expand"}) {
        const Answer answer = get("boss", "/projects?format=csv&" + name + "=1");
        EXPECT_EQ(answer.status, 400) << name;
        EXPECT_NE(answer.text("errors." + name + ".0"), "");
    }
    const Answer unknown = get("boss", "/projects?format=pdf");
    EXPECT_EQ(unknown.status, 400);
    EXPECT_EQ(unknown.text("errors.format.0"), "format must be json, csv or xlsx.");
    EXPECT_EQ(get("boss", "/projects?format=json").status, 200);
}

TEST_F(Export, AllRowsComeOnceAndInOrderHoweverMany) {
    transact(site(), Actor::system(), [](Tx& tx) {
        tx.execute(
            Sql("INSERT INTO users_designation (id, name) "
                "SELECT gen_random_uuid(), 'Row ' || lpad(n::text, 6, '0') FROM generate_series(1, 5000) n"));
    });
    const Lines found = lines(get("boss", "/designations?format=csv&fields=name&ordering=name"));
    ASSERT_EQ(found.size(), 5001U);
    for (std::size_t i = 1; i < found.size(); ++i) {
        const std::string number = std::to_string(i);
        ASSERT_EQ(found[i], "Row " + std::string(6 - number.size(), '0') + number);
    }
}

TEST_F(Export, MoreRowsThanAllowedAreAProblemThatNamesTheLimit) {
    Settings settings = *site().settings;
    settings.export_rows = 1;
    Sites sites;
    auto own = std::make_shared<Site>(site());
    own->settings = &settings;
    sites.add(own);
    const api::Pipeline limited(settings, sites, served(settings, registry()));
    for (const char* format : {"csv", "xlsx"}) {
        const std::string query = std::string("code__in=EXP1,EXP2&format=") + format;
        const std::string authorization = "Bearer " + token("boss");
        http::Request request;
        request.path = "/api/v1/projects";
        request.query = query;
        request.host = "localhost";
        request.headers = {{"Authorization", authorization}};
        request.id = "0123456789abcdef0123456789abcdef";
        request.client_address = "127.0.0.1";
        const http::Response response = limited.serve(request);
        EXPECT_EQ(response.status, 422);
        EXPECT_NE(response.body.find("There are more than 1 rows"), std::string::npos) << response.body;
    }
}

TEST_F(Export, OnlySoManyRunAtOnceAndAPlaceComesBackWithItsReader) {
    api::ExportPlaces places(site());
    std::vector<std::shared_ptr<void>> taken;
    while (auto place = places.take(Uuid::make())) taken.push_back(std::move(place));
    EXPECT_GE(taken.size(), 1U);
    EXPECT_EQ(places.take(Uuid::make()), nullptr);
    taken.pop_back();
    EXPECT_NE(places.take(Uuid::make()), nullptr);
}

TEST_F(Export, NobodyHasMoreThanTwoAtOnceNorAllThatThereAre) {
    const Uuid greedy = Uuid::make(), other = Uuid::make();
    api::ExportPlaces many(10), few(2), one(1);
    const auto first = many.take(greedy);
    auto second = many.take(greedy);
    EXPECT_TRUE(first && second);
    EXPECT_EQ(many.take(greedy), nullptr);
    EXPECT_NE(many.take(other), nullptr);
    second.reset();
    EXPECT_NE(many.take(greedy), nullptr) << "a place that was given back";
    const auto only = few.take(greedy);
    EXPECT_NE(only, nullptr);
    EXPECT_EQ(few.take(greedy), nullptr) << "the last is for somebody else";
    EXPECT_NE(few.take(other), nullptr);
    EXPECT_NE(one.take(greedy), nullptr) << "where there is one, whoever comes first has it";
}

TEST_F(Export, OneTooManyOfAPersonIsRefusedToThemAlone) {
    auto& places = site().memory.get<api::ExportPlaces>(site());
    std::vector<std::shared_ptr<void>> taken;
    while (auto place = places.take(Uuid::parse(user("boss")).value())) taken.push_back(std::move(place));
    const Answer refused = get("boss", "/projects?format=csv");
    EXPECT_EQ(refused.status, 503) << refused.body;
    EXPECT_EQ(refused.text("code"), "http.exports_busy");
    EXPECT_NE(refused.header("Retry-After"), "");
    EXPECT_EQ(get("ada", "/projects?format=csv").status, 200);
    taken.clear();
    EXPECT_EQ(get("boss", "/projects?format=csv").status, 200);
}

TEST_F(Export, AReaderWhoTakesTheirTimeHoldsNoConnectionAndNoPlace) {
    transact(site(), Actor::system(), [](Tx& tx) {
        tx.execute(
            Sql("INSERT INTO users_branch (id, name) "
                "SELECT gen_random_uuid(), 'Branch ' || n FROM generate_series(1, 5000) n"));
    });
    const std::string authorization = "Bearer " + token("boss");
    http::Request request;
    request.path = "/api/v1/branches";
    request.query = "format=csv";
    request.host = "localhost";
    request.headers = {{"Authorization", authorization}};
    request.id = "0123456789abcdef0123456789abcdef";
    const int before = site().pool->in_use();
    std::vector<http::Response> unread;
    for (int i = 0; i < 6; ++i) {
        unread.push_back(pipeline().serve(request));
        ASSERT_EQ(unread.back().status, 200) << unread.back().body;
        ASSERT_TRUE(unread.back().produce);
    }
    EXPECT_EQ(site().pool->in_use(), before);
    std::string part;
    EXPECT_TRUE(unread.front().produce(part)) << "there is more to come";
    EXPECT_EQ(part.substr(0, 3), "id,");
}

TEST_F(Export, ASpreadsheetIsAZipWithTypedCells) {
    const Answer answer =
        get("boss", "/projects?format=xlsx&fields=code,name,budget&ordering=code&code__in=EXP1,EXP2");
    EXPECT_EQ(answer.status, 200);
    EXPECT_TRUE(answer.body.starts_with("PK"));
    EXPECT_NE(answer.body.find("xl/worksheets/sheet1.xml"), std::string::npos);
    EXPECT_TRUE(answer.header("Content-Disposition").ends_with(".xlsx\""));
    EXPECT_EQ(site().pool->in_use(), 0);
}

TEST_F(Export, AHeadRequestAnswersTheHeadAndNoRows) {
    const Answer answer = send(http::Method::head, "boss", "/projects?format=csv", Body::none(), {});
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "");
    EXPECT_TRUE(answer.header("Content-Disposition").ends_with(".csv\""));
}

}  // namespace
}  // namespace tamiti::test
