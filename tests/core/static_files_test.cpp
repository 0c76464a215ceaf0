#include "core/http/static_files.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "core/base/problem.hpp"
#include "core/openapi/docs_page.hpp"

namespace tamiti::http {
namespace {

namespace fs = std::filesystem;

class StaticFiles : public ::testing::Test {
protected:
    StaticFiles() {
        const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
        parent_ = fs::temp_directory_path() /
                  ("tamiti-static-" + std::string(test->name()) + std::to_string(::getpid()));
        folder_ = parent_ / "share";
        fs::create_directories(folder_ / "docs");
        write("docs/start.js", "begin();");
        write("../secret.txt", "nobody may read this");
        write(".hidden", "nor this");
    }
    ~StaticFiles() override { fs::remove_all(parent_); }

    void write(const std::string& name, const std::string& bytes) { std::ofstream(folder_ / name) << bytes; }

    Response get(const std::string& path, const std::string& query = {},
                 const std::string& if_none_match = {}) {
        Request request{.path = path, .query = query, .body = {}};
        if (!if_none_match.empty()) request.headers.push_back({"If-None-Match", if_none_match});
        return static_file(folder_.string(), request);
    }

    static std::string header(const Response& response, std::string_view name) {
        for (const auto& [key, value] : response.headers)
            if (key == name) return value;
        return {};
    }

    fs::path parent_{};
    fs::path folder_{};
};

TEST_F(StaticFiles, AreAnsweredWithTheirTypeAndTag) {
    const Response response = get("/static/docs/start.js");
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body, "begin();");
    EXPECT_EQ(response.content_type, "text/javascript; charset=utf-8");
    EXPECT_EQ(header(response, "Cache-Control"), "no-cache");
    EXPECT_EQ(get("/static/docs/start.js", "", header(response, "ETag")).status, 304);
    EXPECT_EQ(get("/static/docs/start.js", "", header(response, "ETag")).body, "");
}

TEST_F(StaticFiles, StayForGoodAtTheAddressOfTheirVersion) {
    const std::string address = versioned_path(folder_.string(), "docs/start.js");
    ASSERT_NE(address, "");
    const std::string query = address.substr(address.find('?') + 1);
    EXPECT_EQ(header(get("/static/docs/start.js", query), "Cache-Control"),
              "public, max-age=31536000, immutable");
    write("docs/start.js", "begin_again();");
    EXPECT_EQ(header(get("/static/docs/start.js", query), "Cache-Control"), "no-cache");
    EXPECT_NE(versioned_path(folder_.string(), "docs/start.js"), address);
}

TEST_F(StaticFiles, OutsideTheFolderAreNotFound) {
    fs::create_symlink(parent_ / "secret.txt", folder_ / "link.txt");
    for (const char* path : {"/static/../secret.txt", "/static/%2e%2e/secret.txt", "/static/..%2fsecret.txt",
                             "/static/docs/../../secret.txt", "/static/link.txt", "/static/.hidden",
                             "/static/docs", "/static/", "/static/missing.js", "/static/docs%00/start.js"}) {
        EXPECT_THROW(get(path), NotFound) << path;
    }
}

TEST_F(StaticFiles, OfTheViewerAreNamedByVersionInItsPage) {
    Site site;
    site.name = "Films & <Friends>";
    EXPECT_NE(docs_page(folder_.string(), site).body.find("The viewer is not installed"), std::string::npos);
    write("docs/swagger-ui.css", "body {}");
    write("docs/swagger-ui-bundle.js", "var SwaggerUIBundle;");
    const Response page = docs_page(folder_.string(), site);
    EXPECT_NE(page.body.find("<title>Films &amp; &lt;Friends&gt; API reference</title>"), std::string::npos);
    for (const char* file : {"docs/swagger-ui.css", "docs/swagger-ui-bundle.js", "docs/start.js"})
        EXPECT_NE(page.body.find("\"" + versioned_path(folder_.string(), file) + "\""), std::string::npos)
            << file;
    EXPECT_NE(header(page, "Content-Security-Policy").find("script-src 'self';"), std::string::npos);
    EXPECT_EQ(page.body.find("<script>"), std::string::npos);
}

}  // namespace
}  // namespace tamiti::http
