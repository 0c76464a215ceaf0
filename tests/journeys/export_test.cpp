#include "core/api/export.hpp"

#include <gmock/gmock.h>
#include <zlib.h>

#include <boost/json.hpp>

#include "core/base/text.hpp"
#include "core/program/pages.hpp"
#include "tests/support/studio.hpp"

namespace tamiti::test {
namespace {

std::uint32_t number_at(std::string_view bytes, std::size_t at, int size) {
    std::uint32_t number = 0;
    for (int i = size - 1; i >= 0; --i)
        number = number << 8 | static_cast<unsigned char>(bytes[at + static_cast<std::size_t>(i)]);
    return number;
}

/// A file of a zip archive; empty where there is none of that name.
std::string unzipped(std::string_view archive, std::string_view name) {
    for (std::size_t at = archive.find("PK\x01\x02"); at != archive.npos;
         at = archive.find("PK\x01\x02", at + 4)) {
        if (archive.substr(at + 46, number_at(archive, at + 28, 2)) != name) continue;
        const std::size_t header = number_at(archive, at + 42, 4);
        const std::size_t begin =
            header + 30 + number_at(archive, header + 26, 2) + number_at(archive, header + 28, 2);
        std::string packed(archive.substr(begin, number_at(archive, at + 20, 4)));
        std::string file(number_at(archive, at + 24, 4), '\0');
        z_stream stream{};
        stream.next_in = reinterpret_cast<unsigned char*>(packed.data());
        stream.avail_in = static_cast<unsigned>(packed.size());
        stream.next_out = reinterpret_cast<unsigned char*>(file.data());
        stream.avail_out = static_cast<unsigned>(file.size());
        EXPECT_EQ(inflateInit2(&stream, -15), Z_OK);
        EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
        inflateEnd(&stream);
        return file;
    }
    return {};
}

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
                                    "EXP1,Plain,planning,\"film, night shoot\",1250.50,USD,2026-02-03"}));
    const std::string day = format(site().clock->now()).substr(0, 10);
    EXPECT_EQ(answer.header("Content-Disposition"), "attachment; filename=\"projects-" + day + ".csv\"");
    EXPECT_EQ(answer.header("ETag"), "");
}

TEST_F(Export, PeopleAndReferencesHaveTheirLabelsBesideTheIds) {
    const std::string customer = user("customer", {Role::client});
    const std::string nile =
        make("boss", "/clients", {{"name", "Nile"}, {"people", {customer, user("outsider")}}});
    const std::string project = make(
        "boss", "/projects", {{"code", "EXP3"}, {"name", "Shown"}, {"owner", user("ada")}, {"client", nile}});
    EXPECT_EQ(lines(get("boss", "/projects?format=csv&fields=code,owner,client&code=EXP3")),
              (Lines{"code,owner,owner_label,client,client_label",
                     "EXP3," + user("ada") + ",ada," + nile + ",Nile"}));
    EXPECT_EQ(lines(get("boss", "/clients?format=csv&fields=name,people&id__in=" + nile)),
              (Lines{"name,people,people_label",
                     "Nile,\"" + customer + ", " + user("outsider") + "\",customer; outsider"}));
    const std::string comment =
        make("ada", "/comments", {{"on_model", "projects.project"}, {"on_row", project}, {"body", "Go"}});
    EXPECT_EQ(lines(get("boss", "/comments?format=csv&fields=on_model,on_row,reply_to&id__in=" + comment)),
              (Lines{"on_model,on_row,on_row_label,reply_to,reply_to_label",
                     "projects.project," + project + ",EXP3 Shown,,"}));
    EXPECT_EQ(lines(get("boss", "/comments?format=csv&fields=on_row&id__in=" + comment)),
              (Lines{"on_row", project}));
    const Answer hers = get("customer", "/projects?format=csv&fields=code,owner&code=EXP3");
    const Answer seen = get("customer", "/users/" + user("ada"));
    EXPECT_EQ(lines(hers),
              (Lines{"code,owner,owner_label", "EXP3," + user("ada") + (seen.status == 200 ? ",ada" : ",")}))
        << "a label for who sees the row, and for nobody else";
    EXPECT_EQ(remove("boss", "/projects/" + project).status, 204);
    EXPECT_EQ(lines(get("boss", "/comments?format=csv&fields=on_model,on_row&id__in=" + comment)).size(), 1U)
        << "what hangs on a row goes out of sight with it";
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
        for (const char* named : {"client", "owner"})
            if (member.key() == named) head += "," + std::string(named) + "_label";
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

TEST_F(Export, ATextThatLooksLikeACharactersNumberStaysThatText) {
    make("boss", "/branches", {{"name", "a_x0041_x0042_b _x00e9_ _x12_ _X0041_"}});
    const std::string sheet =
        unzipped(get("boss", "/branches?format=xlsx&fields=name&name__icontains=x0041").body,
                 "xl/worksheets/sheet1.xml");
    EXPECT_NE(sheet.find("<t>a_x005F_x0041_x005F_x0042_b _x005F_x00e9_ _x12_ _X0041_</t>"), std::string::npos)
        << sheet;
}

TEST_F(Export, AHistoryIsAFileOfItsChangesWithTheLabelsOfWhatTheyName) {
    const std::string id =
        make("boss", "/projects", {{"code", "EXP4"}, {"name", "One"}, {"owner", user("ada")}});
    ASSERT_EQ(patch("boss", "/projects/" + id,
                    {{"name", "Two"},
                     {"owner", user("boss")},
                     {"tags", {"b", "a"}},
                     {"budget", {{"amount", "12.50"}, {"currency", "USD"}}}})
                  .status,
              200);
    const std::string path = "/projects/" + id + "/history";
    const std::string ada = "ada", boss = "boss";
    const Answer full = get("boss", path);
    const std::string at = full.text("results.0.at");
    const std::string whose =
        "update," + user("boss") + "," + boss + ",127.0.0.1,0123456789abcdef0123456789abcdef,,";
    const Answer file = get("boss", path + "?format=csv");
    ASSERT_EQ(file.status, 200) << file.body;
    const Lines found = lines(file);
    ASSERT_GT(found.size(), 5U);
    EXPECT_EQ(found.front(),
              "at,verb,actor,actor_label,address,request,via,field,before,before_label,after,after_label");
    const Lines update(found.begin() + 1, found.begin() + 5);
    EXPECT_THAT(update,
                ::testing::UnorderedElementsAre(
                    at + "," + whose + "name,One,,Two,",
                    at + "," + whose + "owner," + user("ada") + "," + ada + "," + user("boss") + "," + boss,
                    at + "," + whose + "tags,,,\"b, a\",", at + "," + whose + "budget,,,12.50 USD,"));
    for (std::size_t i = 5; i < found.size(); ++i)
        EXPECT_NE(found[i].find(",insert,"), std::string::npos) << found[i];
    EXPECT_TRUE(get("boss", path + "?format=xlsx").body.starts_with("PK"));
    // ada reads neither the budget nor where a change came from.
    const std::string hers = get("ada", path + "?format=csv").body;
    for (const char* hidden : {"budget", "127.0.0.1", "12.50"})
        EXPECT_EQ(hers.find(hidden), std::string::npos) << hers;
    for (const char* name : {"page=1", "page_size=5", "expand=actor"})
        EXPECT_EQ(get("boss", path + "?format=csv&" + name).status, 400) << name;
    EXPECT_EQ(get("boss", path + "?format=pdf").status, 400);
    EXPECT_EQ(get("outsider", path + "?format=csv").status, 404);
}

TEST_F(Export, TheAuditTrailIsAFileAndReadingItLeavesAnEntry) {
    const std::string id =
        make("boss", "/projects", {{"code", "EXP5"}, {"name", "One"}, {"owner", user("ada")}});
    ASSERT_EQ(patch("boss", "/projects/" + id, {{"name", "Two"}}).status, 200);
    const std::string query = "?model=projects.project&verb=update&format=csv&row=" + id;
    const Lines found = lines(get("boss", "/audit" + query));
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0],
              "id,at,model,row,row_label,verb,actor,actor_label,address,request,via,field,before,"
              "before_label,after,after_label");
    EXPECT_NE(found[1].find(",projects.project," + id + ",EXP5 Two,update," + user("boss") + ","),
              std::string::npos)
        << found[1];
    EXPECT_TRUE(found[1].ends_with(",name,One,,Two,")) << found[1];
    EXPECT_EQ(get("boss", "/audit?verb=read&page_size=1").text("results.0.changes.query.1.format"), "csv");
    EXPECT_EQ(get("boss", "/audit?format=csv&page_size=5").status, 400);
    EXPECT_EQ(get("ada", "/audit?format=csv").status, 403);
    EXPECT_TRUE(get("boss", "/audit?format=xlsx&row=" + id).body.starts_with("PK"));
}

TEST_F(Export, AHeadRequestAnswersTheHeadAndNoRows) {
    const Answer answer = send(http::Method::head, "boss", "/projects?format=csv", Body::none(), {});
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "");
    EXPECT_TRUE(answer.header("Content-Disposition").ends_with(".csv\""));
}

}  // namespace
}  // namespace tamiti::test
