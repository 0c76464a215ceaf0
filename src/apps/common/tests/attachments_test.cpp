#include <gmock/gmock.h>

#include "apps/common/media_types.hpp"
#include "apps/projects/tests/factories.hpp"
#include "core/base/crypto.hpp"

namespace tamiti::test {
namespace {

// One transparent pixel.
constexpr const char* png =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
constexpr const char* hello = "SGVsbG8gS2FtcGFsYQo=";  // Hello Kampala
constexpr const char* program = "TVqQAAMAAAAEAAAA//8AALgAAAAAAAAAQAAAAAAAAAA=";
constexpr const char* page =
    "PCFET0NUWVBFIGh0bWw+PGh0bWw+PGJvZHk+PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0PjwvYm9keT48L2h0bWw+";

class Attachments : public Studio {
public:
    static void SetUpTestSuite() {
        Studio::SetUpTestSuite();
        user("boss", {Role::manager});
        user("nala", {Role::client});
        user("zoe");
    }

    void SetUp() override {
        project = make_project("ada");
        join("ada", project, "nala", "client");
    }

    Body body(const std::string& name, const std::string& content, const Object& more = {}) const {
        return joined(
            {{"on_model", "projects.project"}, {"on_row", project}, {"name", name}, {"content", content}},
            more);
    }
    std::string attach(const std::string& who, const std::string& name, const std::string& content,
                       const Object& more = {}) const {
        return make(who, "/attachments", body(name, content, more));
    }
    std::vector<std::string> seen(const std::string& who) const {
        return get(who, "/attachments?on_row=" + project).each("name");
    }

    std::string project;
};

using Names = std::vector<std::string>;

TEST_F(Attachments, KeepTheirBytes) {
    const std::string path = "/attachments/" + attach("ada", "Hello.txt", hello);
    const Answer row = get("nala", path);
    EXPECT_EQ(row.text("media_type"), "text/plain");
    EXPECT_EQ(row.text("size"), "14");
    EXPECT_EQ(row.text("uploader"), user("ada"));
    const Answer bytes = get("nala", path + "/content");
    EXPECT_EQ(bytes.status, 200);
    EXPECT_EQ(bytes.body, "Hello Kampala\n");
    EXPECT_EQ(bytes.header("Content-Disposition"),
              "attachment; filename=\"Hello.txt\"; filename*=UTF-8''Hello.txt");
    EXPECT_EQ(bytes.header("Content-Security-Policy"), "sandbox; default-src 'none'");
    EXPECT_EQ(bytes.header("X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(bytes.header("ETag"), "\"" + row.text("sha256") + "\"");
    EXPECT_EQ(get("nala", path + "/content", {{"If-None-Match", bytes.header("ETag")}}).status, 304);
}

TEST_F(Attachments, AreSeenByWhoSeesTheRecordAndInternalOnesNotByClients) {
    const std::string open = attach("ada", "open.png", png);
    const std::string secret = attach("ada", "secret.png", png, {{"internal", true}});
    EXPECT_EQ(seen("ada"), (Names{"open.png", "secret.png"}));
    EXPECT_EQ(seen("nala"), Names{"open.png"});
    EXPECT_EQ(seen("zoe"), Names{});
    for (const auto& [id, status] : {std::pair{open, 200}, {secret, 404}}) {
        EXPECT_EQ(get("nala", "/attachments/" + id).status, status);
        EXPECT_EQ(get("nala", "/attachments/" + id + "/content").status, status);
        EXPECT_EQ(get("zoe", "/attachments/" + id + "/content").status, 404);
        EXPECT_EQ(get("guest", "/attachments/" + id + "/content").status, 401);
    }
    EXPECT_EQ(get("nala", "/attachments").body.find("internal"), std::string::npos);
    EXPECT_EQ(get("boss", "/attachments").body.find("storage_key"), std::string::npos);
}

TEST_F(Attachments, HangOnWhatTheUploaderSees) {
    EXPECT_FALSE(post("zoe", "/attachments", body("a.png", png)).text("errors.on_row.0").empty());
    EXPECT_EQ(post("nala", "/attachments", body("a.png", png)).status, 201);
    const Answer refused = post("nala", "/attachments", body("b.png", png, {{"internal", true}}));
    EXPECT_EQ(refused.status, 403);
    EXPECT_FALSE(refused.text("errors.internal.0").empty());
    EXPECT_EQ(seen("ada"), Names{"a.png"});
}

TEST_F(Attachments, SayWhatTheyHangOn) {
    const Answer refused =
        post("ada", "/attachments",
             {{"on_model", "projects.project"}, {"name", "a.png"}, {"content", std::string(png)}});
    EXPECT_EQ(refused.status, 422);
    EXPECT_EQ(refused.text("errors.on_row.0"), "This field is required.");
}

TEST_F(Attachments, AreWhatTheirContentIs) {
    const auto type_of = [&](const std::string& name, const std::string& content) {
        const Answer made = post("ada", "/attachments", body(name, content));
        return made.text("media_type") + " " + made.text("name");
    };
    EXPECT_EQ(type_of("picture.txt", png), "image/png picture.txt.png");
    EXPECT_EQ(type_of("Photo.PNG", png), "image/png Photo.PNG");
    EXPECT_EQ(type_of("run.bat", hello), "text/plain run.bat.txt");
    EXPECT_EQ(type_of("notes", hello), "text/plain notes.txt");
    const Answer refused = post("ada", "/attachments", body("harmless.png", program));
    EXPECT_EQ(refused.status, 422);
    EXPECT_FALSE(refused.text("errors.content.0").empty());
}

TEST_F(Attachments, NeverRunInABrowser) {
    const std::string path = "/attachments/" + attach("ada", "page.html", page);
    EXPECT_EQ(get("ada", path).text("media_type"), "text/html");
    const Answer bytes = get("ada", path + "/content");
    EXPECT_NE(bytes.body.find("<script>"), std::string::npos);
    bool is_neutral = false;
    for (const auto& [name, value] : bytes.headers) is_neutral |= value.starts_with("attachment;");
    EXPECT_TRUE(is_neutral);
}

TEST_F(Attachments, RefuseWhatIsNoFile) {
    for (const char* content : {"", "not base64", "SGVsbG8", "SGVsbG8gS2FtcGFsYQo=\n", "====", "SGVs-_=="})
        EXPECT_EQ(post("ada", "/attachments", body("a.txt", content)).status, 422) << content;
    const std::string with_nul("a\0b.txt", 7);
    for (const std::string& name :
         {std::string(), std::string(".."), std::string("../a.txt"), std::string("a/b.txt"),
          std::string("a\\b.txt"), with_nul, std::string(" ")})
        EXPECT_GE(post("ada", "/attachments", body(name, hello)).status, 400) << name;
    EXPECT_EQ(post("ada", "/attachments", {{"name", "a.txt"}, {"content", "SGVsbG8="}}).status, 422);
    EXPECT_EQ(seen("ada"), Names{});
}

TEST_F(Attachments, HaveASizeThatABodyCarries) {
    std::string most(955'736 / 4, ' ');
    std::string content;
    for (std::size_t i = 0; i < most.size(); ++i) content += "YWFh";  // 716,802 bytes
    const Answer refused = post("ada", "/attachments", body("big.txt", content));
    EXPECT_EQ(refused.status, 422);
    EXPECT_FALSE(refused.text("errors.content.0").empty());
    content.resize(content.size() - 4);
    EXPECT_EQ(post("ada", "/attachments", body("big.txt", content)).text("size"), "716799");
}

TEST_F(Attachments, AreTwentyToARecord) {
    for (int i = 0; i < 20; ++i) attach("ada", "a" + std::to_string(i) + ".txt", hello);
    const Answer refused = post("ada", "/attachments", body("more.txt", hello));
    EXPECT_EQ(refused.status, 409);
    EXPECT_EQ(refused.text("type"), "/problems/common.too_many_files");
    EXPECT_EQ(post("ada", "/attachments", body("inside.txt", hello, {{"internal", true}})).status, 201);
}

/// Bytes of a film, of that many.
std::string film(std::size_t size) {
    std::string bytes = std::string(
        "\0\0\0\x14"
        "ftypqt  \0\0\2\0qt  ",
        20);
    for (std::size_t i = 0; bytes.size() < size; ++i) bytes += static_cast<char>(i * 31 % 251);
    return bytes;
}

TEST_F(Attachments, OfUpToTwentyFiveMegabytesComeAsTheBody) {
    const std::string path = "/attachments/file?on_model=projects.project&on_row=" + project;
    const std::string bytes = film(1'500'000);
    const Answer made = post("ada", path + "&name=showreel.mov", Body::raw(bytes));
    ASSERT_EQ(made.status, 201) << made.body;
    EXPECT_EQ(made.text("media_type") + " " + made.text("name") + " " + made.text("size"),
              "video/quicktime showreel.mov 1500000");
    EXPECT_EQ(made.text("sha256"), sha256_hex(bytes));
    EXPECT_EQ(made.text("uploader"), user("ada"));
    EXPECT_EQ(
        sql("SELECT count(*) || ' ' || max(octet_length(content)) || ' ' || sum(octet_length(content)) FROM "
            "common_attachment_content WHERE attachment = $1",
            made.text("id")),
        "6 262144 1500000");
    const Answer content = get("nala", "/attachments/" + made.text("id") + "/content");
    EXPECT_EQ(content.status, 200);
    EXPECT_TRUE(content.body == bytes);
    EXPECT_EQ(get("nala", "/attachments/" + made.text("id") + "/content",
                  {{"If-None-Match", content.header("ETag")}})
                  .status,
              304);
    EXPECT_EQ(get("zoe", "/attachments/" + made.text("id") + "/content").status, 404);
    const std::string words(700'000, 'w');
    EXPECT_EQ(post("ada", path + "&name=film.srt", Body::raw(words)).text("name"), "film.srt");
    EXPECT_EQ(post("ada", path + "&name=notes.exe", Body::raw(words)).text("name"), "notes.exe.txt");
    EXPECT_EQ(seen("ada"), (Names{"showreel.mov", "film.srt", "notes.exe.txt"}));
}

TEST_F(Attachments, AreRefusedForTheirHeadBeforeTheirBodyComes) {
    const std::string path = "/attachments/file?on_model=projects.project&on_row=" + project + "&name=a.mov";
    const auto refusal = [&](const std::string& who, const std::string& query,
                             const std::string& length) -> std::string {
        const std::string authorization = who == "guest" ? "" : "Bearer " + token(who);
        http::Request head;
        head.method = http::Method::post;
        const std::string target = "/api/v1/attachments/file";
        head.path = target;
        head.query = query;
        head.host = "localhost";
        head.id = "0123456789abcdef0123456789abcdef";
        head.client_address = "127.0.0.1";
        head.headers = {{"Content-Length", length}};
        if (!authorization.empty()) head.headers.push_back({"Authorization", authorization});
        EXPECT_TRUE(pipeline().takes_file(head));
        const http::Screening screening = pipeline().screen(head);
        if (!screening.refusal) return "comes, " + std::to_string(screening.most_of_file);
        return std::to_string(screening.refusal->status) + " " + screening.refusal->body;
    };
    const std::string query = path.substr(path.find('?') + 1);
    EXPECT_EQ(refusal("ada", query, "26214400"), "comes, 26214400");
    EXPECT_THAT(refusal("ada", query, "26214401"), ::testing::HasSubstr("at most 25 MB."));
    EXPECT_THAT(refusal("ada", query, "26214401"), ::testing::StartsWith("413 "));
    EXPECT_THAT(refusal("guest", query, "10"), ::testing::StartsWith("401 "));
    EXPECT_THAT(refusal("zoe", query, "10"), ::testing::StartsWith("422 "))
        << "a record that she doesn't see";
    EXPECT_THAT(refusal("nala", query + "&internal=true", "10"), ::testing::StartsWith("403 "));
    EXPECT_THAT(refusal("ada", query.substr(0, query.find("&name")) + "&name=a/b", "10"),
                ::testing::HasSubstr("without slashes"));
    EXPECT_THAT(refusal("ada", query + "&size=1", "10"), ::testing::StartsWith("400 "));
    EXPECT_EQ(seen("ada"), Names{});
}

TEST_F(Attachments, AsBodiesAreWhatTheirContentIsToo) {
    const std::string path = "/attachments/file?on_model=projects.project&on_row=" + project + "&name=a.png";
    const Answer refused =
        post("ada", path, Body::raw(std::string("MZ\x90\0\3\0\0\0", 8) + std::string(900'000, '\0')));
    EXPECT_EQ(refused.status, 422);
    EXPECT_FALSE(refused.text("errors.content.0").empty());
    const Answer empty = post("ada", path, Body::none());
    EXPECT_EQ(empty.status, 422) << empty.body;
    EXPECT_EQ(post("ada", path + "&on_row=" + project, Body::raw("x")).status, 400);
    EXPECT_EQ(seen("ada"), Names{});
}

TEST_F(Attachments, ThatAreSentAgainWithTheirKeyAreKeptOnce) {
    const std::string path = "/attachments/file?on_model=projects.project&on_row=" + project;
    const std::string bytes = film(800'000);
    const Headers key{{"Idempotency-Key", "film-1"}};
    const Answer first = post("ada", path + "&name=a.mov", Body::raw(bytes), key);
    const Answer again = post("ada", path + "&name=a.mov", Body::raw(bytes), key);
    EXPECT_EQ(first.status, 201) << first.body;
    EXPECT_EQ(again.body, first.body);
    EXPECT_EQ(again.header("Idempotent-Replayed"), "true");
    EXPECT_EQ(post("ada", path + "&name=a.mov", Body::raw(bytes + "x"), key).text("code"), "http.key_reused");
    EXPECT_EQ(post("ada", path + "&name=b.mov", Body::raw(bytes), key).text("code"), "http.key_reused");
    EXPECT_EQ(seen("ada"), Names{"a.mov"});
}

// What can come back keeps its bytes, so its room too: removing and attaching again fills no database.
TEST_F(Attachments, InTheTrashCountUntilTheyArePurged) {
    const auto kept = [&] {
        return sql(
            "SELECT count(*) || ' ' || count(c.attachment) || ' ' || count(a.deleted_at) FROM "
            "common_attachment AS a"
            " LEFT JOIN common_attachment_content AS c ON c.attachment = a.id WHERE a.on_row = $1",
            project);
    };
    std::string last;
    for (int i = 0; i < 20; ++i) {
        last = attach("ada", "again.txt", hello);
        EXPECT_EQ(remove("ada", "/attachments/" + last).status, 204);
    }
    EXPECT_EQ(kept(), "20 20 20");
    const Answer refused = post("ada", "/attachments", body("again.txt", hello));
    EXPECT_EQ(refused.status, 409);
    EXPECT_EQ(refused.text("code"), "common.too_many_files");
    EXPECT_EQ(kept(), "20 20 20");
    EXPECT_EQ(post("ada", "/attachments/" + last + "/restore").status, 200) << "its room was kept";
    EXPECT_EQ(post("ada", "/attachments", body("again.txt", hello)).status, 409);
    EXPECT_EQ(seen("ada"), Names{"again.txt"});
    sql("DELETE FROM common_attachment WHERE id = (SELECT min(id::text)::uuid FROM common_attachment"
        " WHERE on_row = $1 AND deleted_at IS NOT NULL) RETURNING id",
        project);
    EXPECT_EQ(post("ada", "/attachments", body("more.txt", hello)).status, 201);
    EXPECT_EQ(post("ada", "/attachments", body("more.txt", hello)).status, 409);
    EXPECT_EQ(kept(), "20 20 18");
}

TEST_F(Attachments, AreMadeByOnePersonAHundredAndTwentyTimesAnHour) {
    for (int i = 0; i < 120; ++i) {
        if (i % 20 == 0) project = make_project("lea");
        attach("lea", "a.txt", hello);
    }
    project = make_project("lea");
    join("lea", project, "bob", "member");
    const Answer refused = post("lea", "/attachments", body("more.txt", hello));
    EXPECT_EQ(refused.status, 429);
    EXPECT_EQ(refused.text("code"), "http.too_many_requests");
    EXPECT_EQ(refused.header("RateLimit-Policy"), "\"attach\";q=120;w=3600");
    EXPECT_NE(refused.header("Retry-After"), "");
    EXPECT_EQ(sql("SELECT count(*) FROM common_attachment WHERE uploader = $1", user("lea")), "120");
    EXPECT_EQ(seen("lea"), Names{});
    EXPECT_EQ(post("bob", "/attachments", body("mine.txt", hello)).status, 201) << "others have their own";
}

TEST_F(Attachments, AreNamedAndRemovedByTheirUploader) {
    const std::string path = "/attachments/" + attach("nala", "logo.png", png);
    access(http::Method::patch, path, {{"name", "mark.png"}},
           {{"zoe", 404}, {"ada", 403}, {"boss", 403}, {"nala", 200}});
    EXPECT_EQ(patch("nala", path, {{"name", "mark.html"}}).text("name"), "mark.html.png");
    for (const Body& change :
         {Body{{"media_type", "text/html"}}, Body{{"size", 1}}, Body{{"storage_key", "x"}}})
        EXPECT_EQ(patch("nala", path, change).status, 400) << change;
    access(http::Method::delete_, path, {{"zoe", 404}, {"ada", 403}, {"boss", 204}});
    EXPECT_EQ(get("nala", path + "/content").status, 404);
}

TEST_F(Attachments, KeepNamesOfEveryScript) {
    const std::string path = "/attachments/" + attach("ada", "Ñandú \"1\".txt", hello);
    EXPECT_EQ(get("ada", path + "/content").header("Content-Disposition"),
              "attachment; filename=\"__and__ _1_.txt\"; "
              "filename*=UTF-8''%C3%91and%C3%BA%20%221%22.txt");
}

}  // namespace
}  // namespace tamiti::test
