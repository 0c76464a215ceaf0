#include "core/program/console_pages.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "core/program/languages.hpp"
#include "core/program/pages.hpp"
#include "core/site/ramp.hpp"
#include "tests/core/toy/library_api.hpp"

namespace tamiti::test {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr const char* brand_of_studio = "/settings/core.brand";

/// A program with a console of the test's own.
class ConsolePages : public LibraryApi {
protected:
    ConsolePages() {
        settings_.static_dir = (folder_ / "share").string();
        fs::create_directories(folder_ / "share/console/assets");
        sites_.add(std::shared_ptr<Site>(&site(), [](Site*) {}));
        pipeline_ = std::make_unique<api::Pipeline>(settings_, sites_, served(settings_, registry()));
    }
    ~ConsolePages() override { fs::remove_all(folder_); }

    void write(const std::string& name, const std::string& bytes) {
        std::ofstream(folder_ / "share" / name) << bytes;
    }
    void build_console() {
        write(
            "console/index.html",
            "<!doctype html>\n<html lang=\"en\">\n<head><title>Console</title></head><body></body></html>\n");
        write("console/sw.js", "work();");
        write("console/assets/main-4f2a.js", "plain();");
        write("console/assets/main-4f2a.js.br", "brotli bytes");
        write("console/assets/main-4f2a.js.gz", "gzip bytes");
    }

    Answer page(const std::string& path, const Headers& headers = {{"Accept", "text/html,*/*;q=0.8"}}) {
        http::Request request{.path = path, .host = "localhost", .body = {}};
        request.id = "0123456789abcdef0123456789abcdef";
        request.client_address = "127.0.0.1";
        for (const auto& [name, value] : headers) request.headers.push_back({name, value});
        http::Response response = pipeline_->serve(request);
        return {response.status, std::move(response.body), std::move(response.headers)};
    }

    fs::path folder_ = fs::temp_directory_path() / ("tamiti-console-" + Uuid::make().text());
    Settings settings_ = *site().settings;
    Sites sites_{};
    std::unique_ptr<api::Pipeline> pipeline_{};
};

TEST_F(ConsolePages, AreTheIndexAtEveryAddressOfAPage) {
    build_console();
    for (const char* path : {"/", "/projects/0190", "/verify", "/join", "/reset-password", "/confirm-address",
                             "/login", "/account/data", "/index.html"}) {
        const Answer answer = page(path);
        EXPECT_EQ(answer.status, 200) << path;
        EXPECT_THAT(answer.body, StartsWith("<!doctype html>\n<html lang=\"en\">")) << path;
        EXPECT_EQ(answer.header("Cache-Control"), "no-cache") << path;
    }
    EXPECT_EQ(page("/index.html", {{"Accept", "*/*"}}).status, 200) << "as the service worker asks";
    for (const char* path : {"/api/nothing", "/static/nothing", "/static/console/index.html", "/dev/nothing",
                             "/assets/gone-1a2b.js"})
        EXPECT_EQ(page(path).status, 404) << path;
    EXPECT_EQ(page("/picture.png", {{"Accept", "image/*"}}).status, 404) << "no page was asked for";
    EXPECT_EQ(page("/api/docs").status, 200);
}

TEST_F(ConsolePages, AllowThemselvesNothingButWhatIsOurs) {
    build_console();
    for (const char* path : {"/", "/sw.js", "/brand.css", "/assets/main-4f2a.js"}) {
        const Answer answer = page(path);
        const std::string policy = answer.header("Content-Security-Policy");
        EXPECT_THAT(policy, StartsWith("default-src 'none'; script-src 'self'; style-src 'self'; ")) << path;
        EXPECT_THAT(policy, HasSubstr("frame-ancestors 'none'; require-trusted-types-for 'script'; "
                                      "trusted-types svelte-trusted-html tamiti-worker dompurify"));
        EXPECT_THAT(policy, Not(HasSubstr("unsafe")));
        EXPECT_EQ(answer.header("X-Content-Type-Options"), "nosniff");
        EXPECT_EQ(answer.header("Referrer-Policy"), "same-origin");
        EXPECT_EQ(answer.header("Cross-Origin-Opener-Policy"), "same-origin");
        EXPECT_EQ(answer.header("Cross-Origin-Resource-Policy"), "same-origin");
        EXPECT_THAT(answer.header("Permissions-Policy"), HasSubstr("payment=()"));
    }
}

TEST_F(ConsolePages, SendWhatIsPackedAsItIs) {
    build_console();
    const std::string path = "/assets/main-4f2a.js";
    const Answer brotli = page(path, {{"Accept-Encoding", "gzip, deflate, br"}});
    EXPECT_EQ(brotli.body, "brotli bytes");
    EXPECT_EQ(brotli.header("Content-Encoding"), "br");
    EXPECT_EQ(brotli.header("Vary"), "Accept-Encoding");
    EXPECT_EQ(brotli.header("Cache-Control"), "public, max-age=31536000, immutable");
    const Answer gzip = page(path, {{"Accept-Encoding", "gzip;q=0.8, br;q=0"}});
    EXPECT_EQ(gzip.body, "gzip bytes");
    EXPECT_EQ(gzip.header("Content-Encoding"), "gzip");
    const Answer plain = page(path, {});
    EXPECT_EQ(plain.body, "plain();");
    EXPECT_EQ(plain.header("Content-Encoding"), "");
    EXPECT_NE(brotli.header("ETag"), plain.header("ETag"));
    EXPECT_EQ(page(path, {{"Accept-Encoding", "br"}, {"If-None-Match", brotli.header("ETag")}}).status, 304);
    EXPECT_EQ(page(path, {{"If-None-Match", brotli.header("ETag")}}).status, 200) << "that was packed";
    EXPECT_EQ(page(path + ".br", {}).status, 404) << "it isn't there by its own name";
}

TEST_F(ConsolePages, AskAgainForWhatChangesAtItsAddress) {
    build_console();
    for (const char* path : {"/", "/sw.js", "/brand.css", "/manifest.webmanifest", "/icon.svg"}) {
        const Answer first = page(path);
        EXPECT_EQ(first.status, 200) << path;
        EXPECT_EQ(first.header("Cache-Control"), "no-cache") << path;
        const Answer again = page(path, {{"Accept", "text/html"}, {"If-None-Match", first.header("ETag")}});
        EXPECT_EQ(again.status, 304) << path;
        EXPECT_EQ(again.body, "") << path;
    }
    write("console/sw.js", "work_anew();");
    EXPECT_EQ(page("/sw.js").body, "work_anew();");
}

TEST_F(ConsolePages, KnowLanguageThemeAndNameBeforeTheyAreShown) {
    build_console();
    const Answer chosen =
        page("/", {{"Cookie", "tamiti_theme=dark; tamiti_language=sw"}, {"Accept-Language", "fr"}});
    EXPECT_THAT(chosen.body, HasSubstr("<html lang=\"sw\" data-theme=\"dark\">"));
    EXPECT_THAT(chosen.body, HasSubstr("<title>" + site().name + "</title>"));
    EXPECT_EQ(chosen.header("Vary"), "Cookie, Accept-Language");
    EXPECT_THAT(page("/", {{"Accept-Language", "de, fr;q=0.8, en;q=0.5"}}).body,
                HasSubstr("<html lang=\"fr\">"));
    const Answer hostile = page("/", {{"Cookie", "tamiti_theme=\"><script>; tamiti_language=<b>"}});
    EXPECT_THAT(hostile.body, HasSubstr("<html lang=\"en\">"));
    EXPECT_THAT(hostile.body, Not(HasSubstr("script")));
}

TEST_F(ConsolePages, SayWhatToInstallWhereThereIsNoConsole) {
    for (const char* path : {"/", "/verify"}) {
        const Answer answer = page(path);
        EXPECT_EQ(answer.status, 200) << path;
        EXPECT_THAT(answer.body, HasSubstr("The console is not installed"));
        EXPECT_THAT(answer.body, HasSubstr("apt-get install nodejs npm"));
        EXPECT_THAT(answer.header("Content-Security-Policy"), HasSubstr("default-src 'none'"));
    }
    EXPECT_EQ(page("/sw.js", {{"Accept", "*/*"}}).status, 404);
    EXPECT_EQ(page("/brand.css").status, 200) << "the brand needs no console";
}

TEST_F(ConsolePages, GiveNoFileFromElsewhere) {
    build_console();
    write("secret.txt", "hidden words");
    std::ofstream(folder_ / "outside.txt") << "hidden words";
    fs::create_symlink(folder_ / "outside.txt", folder_ / "share/console/link.txt");
    write("console/.hidden", "hidden words");
    for (const char* path : {"/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/link.txt",
                             "/.hidden", "/assets/../../secret.txt"})
        EXPECT_THAT(page(path, {{"Accept", "*/*"}}).body, Not(HasSubstr("hidden words"))) << path;
}

TEST_F(ConsolePages, TakeTheBrandThatAnAdminSets) {
    build_console();
    access(http::Method::patch, brand_of_studio, {{"colour", "#7a3fc0"}},
           {{"guest", 401}, {"client", 403}, {"owner", 403}, {"boss", 200}});
    ASSERT_EQ(
        patch("boss", brand_of_studio, {{"name", "\"Ink\" & <Co>"}, {"logo", "https://cdn.example/logo.png"}})
            .status,
        200);
    // What is shown is a second old at most.
    const std::string colours = ramp_css(*Colour::parse("#7a3fc0"));
    for (int i = 0; i < 110 && page("/brand.css").body != colours; ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    EXPECT_EQ(page("/brand.css").body, colours);
    EXPECT_THAT(page("/icon.svg").body, HasSubstr("fill=\"#7a3fc0\""));
    EXPECT_THAT(page("/icon.svg").body, HasSubstr(">&quot;</text>"));
    const Answer manifest = page("/manifest.webmanifest");
    EXPECT_EQ(manifest.text("name"), "\"Ink\" & <Co>");
    EXPECT_EQ(manifest.text("theme_color"), "#7a3fc0");
    EXPECT_EQ(manifest.text("icons.0.src"), "/icon.svg");
    EXPECT_THAT(page("/").body, HasSubstr("<title>&quot;Ink&quot; &amp; &lt;Co&gt;</title>"));
    EXPECT_THAT(page("/").header("Content-Security-Policy"),
                HasSubstr("img-src 'self' data: blob: https://cdn.example;"));
    EXPECT_EQ(get("owner", "/meta").text("brand.name"), "\"Ink\" & <Co>");
    EXPECT_EQ(get("owner", "/meta").text("brand.colour"), "#7a3fc0");
}

TEST_F(ConsolePages, RefuseABrandThatCantBeShown) {
    const std::string before = get("boss", brand_of_studio).body;
    EXPECT_EQ(patch("boss", brand_of_studio, {{"colour", "green"}}).text("errors.colour.0"),
              "A colour is a # and six hexadecimal digits, such as #1f6f5c.");
    EXPECT_EQ(patch("boss", brand_of_studio, {{"name", "  "}}).text("errors.name.0"), "A studio has a name.");
    EXPECT_EQ(patch("boss", brand_of_studio, {{"logo", "javascript:alert(1)"}}).status, 422);
    EXPECT_EQ(get("boss", brand_of_studio).body, before);
}

TEST(Languages, AreThoseOfTheBrowserInItsOrder) {
    const auto language = [](const std::string& accepted) {
        http::Request request;
        request.headers.push_back({"Accept-Language", accepted});
        return std::string(language_of(request));
    };
    EXPECT_EQ(language("sw-KE,sw;q=0.9,en;q=0.8"), "sw");
    EXPECT_EQ(language("de-DE,de;q=0.9,lg;q=0.2"), "lg");
    EXPECT_EQ(language("en;q=0.5, FR;q=0.7"), "fr");
    EXPECT_EQ(language("fr;q=0, en"), "en");
    for (const char* other : {"", "de", "*", ";;,,", "q=1"}) EXPECT_EQ(language(other), "en") << other;
}

}  // namespace
}  // namespace tamiti::test
