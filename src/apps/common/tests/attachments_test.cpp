#include "apps/common/media_types.hpp"
#include "apps/projects/tests/factories.hpp"

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
