#include "core/http/head.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

using namespace tamiti::http;

namespace {

struct Outcome {
    Step step = Step::more;
    Head head{};
    Fault fault{};
};

Outcome parse(std::string_view bytes, const HeadLimits& limits = {}) {
    Outcome outcome;
    outcome.step = parse_head(bytes, limits, outcome.head, outcome.fault);
    return outcome;
}

/// The status that a head is refused with; 200 when it is taken, 100 when more is needed.
int status(std::string_view bytes, const HeadLimits& limits = {}) {
    const Outcome outcome = parse(bytes, limits);
    if (outcome.step == Step::refused) return outcome.fault.status;
    return outcome.step == Step::done ? 200 : 100;
}

std::string get(std::string_view fields) {
    return "GET / HTTP/1.1\r\nHost: studio.example\r\n" + std::string(fields) + "\r\n";
}

std::string post(std::string_view fields) {
    return "POST /tasks HTTP/1.1\r\nHost: studio.example\r\n" + std::string(fields) + "\r\n";
}

std::string target(std::string_view text) {
    return "GET " + std::string(text) + " HTTP/1.1\r\nHost: studio.example\r\n\r\n";
}

std::string host(std::string_view value) {
    return "GET / HTTP/1.1\r\nHost: " + std::string(value) + "\r\n\r\n";
}

}  // namespace

TEST(HttpHead, ReadsWhatARequestSays) {
    const std::string bytes =
        "PATCH /api/v1/tasks/7?fields=id,name&x=%20 HTTP/1.1\r\n"
        "Host: studio.example:8443\r\nContent-Length: 12\r\nX-Empty:\r\nX-Blank: \t a b \t\r\n\r\nrest";
    const Outcome outcome = parse(bytes);
    ASSERT_EQ(outcome.step, Step::done);
    const Head& head = outcome.head;
    EXPECT_EQ(head.method, Method::patch);
    EXPECT_EQ(head.path, "/api/v1/tasks/7");
    EXPECT_EQ(head.query, "fields=id,name&x=%20");
    EXPECT_EQ(head.host, "studio.example:8443");
    EXPECT_EQ(head.content_length, 12U);
    EXPECT_FALSE(head.chunked);
    EXPECT_TRUE(head.keep_alive);
    ASSERT_EQ(head.headers.size(), 4U);
    EXPECT_EQ(head.headers[2].value, "");
    EXPECT_EQ(head.headers[3].value, "a b");
    EXPECT_EQ(bytes.substr(head.size), "rest");
}

TEST(HttpHead, NeedsMoreUntilTheEmptyLine) {
    const std::string bytes = post("Transfer-Encoding: chunked\r\nUser-Agent: x\r\n");
    for (std::size_t length = 0; length < bytes.size(); ++length)
        EXPECT_EQ(status(std::string_view(bytes).substr(0, length)), 100) << length;
    EXPECT_EQ(status(bytes), 200);
}

TEST(HttpHead, RefusesGarbageWithoutWaitingForALineEnd) {
    EXPECT_EQ(status(std::string_view("\x16\x03\x01\x02", 4)), 400);  // a TLS greeting
    EXPECT_EQ(status("PRI * HTTP/2"), 501);                           // HTTP/2 by prior knowledge
    EXPECT_EQ(status("\r\n"), 400);
    EXPECT_EQ(status(" GET"), 400);
    EXPECT_EQ(status("GET  /"), 400);
    EXPECT_EQ(status("GET / HTTQ"), 400);
}

TEST(HttpHead, KnowsItsMethods) {
    for (const std::string method : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
        EXPECT_EQ(status(method + " / HTTP/1.1\r\nHost: a\r\n\r\n"), 200) << method;
    for (const std::string method :
         {"TRACE", "CONNECT", "get", "GETT", "BREW", "G", "A-VERY-LONG-METHOD-NAME-INDEED"})
        EXPECT_EQ(status(method + " / HTTP/1.1\r\nHost: a\r\n\r\n"), 501) << method;
    for (const std::string method : {"GE T", "G\xc3\x89T", "G(T", "GET\t"})
        EXPECT_NE(status(method + " / HTTP/1.1\r\nHost: a\r\n\r\n"), 200) << method;
}

TEST(HttpHead, KnowsItsVersions) {
    const auto with = [](std::string version) { return status("GET / " + version + "\r\nHost: a\r\n\r\n"); };
    EXPECT_EQ(with("HTTP/1.1"), 200);
    EXPECT_EQ(with("HTTP/1.0"), 200);
    for (const char* version : {"HTTP/1.2", "HTTP/2.0", "HTTP/0.9", "HTTP/3.0"})
        EXPECT_EQ(with(version), 505) << version;
    for (const char* version :
         {"http/1.1", "HTTP/11", "HTTP/1.1 ", "HTTP/1.", "HTTP/1.1\t", "HTTP /1.1", "HTTP/1.1x"})
        EXPECT_EQ(with(version), 400) << version;
    EXPECT_EQ(status("GET /\r\nHost: a\r\n\r\n"), 400);  // HTTP/0.9
}

TEST(HttpHead, TakesTargetsOfTwoForms) {
    for (const char* good : {"/", "/a/b;c=1,2:@!$&'()*+~_-.", "/a%2Fb%e2%82%ac", "/?q=a?b/c",
                             "/?filter[name]={x}|y^`", "http://studio.example", "http://studio.example/a",
                             "HTTP://Studio.Example:80/a?b", "http://studio.example?q", "/a//b", "/."})
        EXPECT_EQ(status(target(good)), 200) << good;
    EXPECT_EQ(parse(target("http://studio.example?q=1")).head.path, "/");
    for (const char* bad : {"a",
                            "*",
                            "",
                            "/a#b",
                            "/%",
                            "/%4",
                            "/%zz",
                            "/%4g",
                            "/?a=%",
                            "/a\\b",
                            "/<b>",
                            "/\"",
                            "/\xff",
                            "/\x01",
                            "/a\x7f",
                            "/{x}",
                            "ftp://studio.example/",
                            "http:/studio.example/",
                            "http://",
                            "http://a@studio.example/",
                            "http://other.example/",
                            "http://studio.example:81/",
                            "studio.example:80",
                            "/?a=<"})
        EXPECT_EQ(status(target(bad)), 400) << bad;
    EXPECT_EQ(status("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"), 200);
    EXPECT_EQ(status("GET /a b HTTP/1.1\r\nHost: a\r\n\r\n"), 400);
}

TEST(HttpHead, WantsExactlyOneValidHost) {
    for (const char* good : {"a", "studio.example", "STUDIO.example:80", "127.0.0.1:8000", "[::1]",
                             "[::1]:8000", "a_b-c.d", "x:65535", "[::ffff:1.2.3.4]"})
        EXPECT_EQ(status(host(good)), 200) << good;
    for (const char* bad :
         {"",       "a b",   "a,b", "a/b", "a@b", "a:",  "a:b",  "a:65536",  "a:123456", "a:-1", "[::1",
          "[::1]x", "[::g]", "[]",  "::1", "a#b", "a?b", "a\\b", "\xc3\xa9", "%61",      ":80",  "[::1]:"})
        EXPECT_EQ(status(host(bad)), 400) << bad;
    EXPECT_EQ(status("GET / HTTP/1.1\r\n\r\n"), 400);
    EXPECT_EQ(status("GET / HTTP/1.0\r\n\r\n"), 400);
    EXPECT_EQ(status(get("Host: studio.example\r\n")), 400);
    EXPECT_EQ(status(get("hOST: other.example\r\n")), 400);
    EXPECT_EQ(status(host(std::string(256, 'a'))), 400);
}

TEST(HttpHead, TakesOnePlainContentLength) {
    EXPECT_EQ(parse(post("content-LENGTH: 007\r\n")).head.content_length, 7U);
    EXPECT_EQ(parse(post("Content-Length: 0\r\n")).head.content_length, 0U);
    for (const char* bad : {"", "+5", "-5", "5 5", "5,5", "0x5", "5.0", "five", "5\t5", "5;", "\xd9\xa5",
                            "1e3", "000000000000000000005"})
        EXPECT_EQ(status(post("Content-Length: " + std::string(bad) + "\r\n")), 400) << bad;
    const auto huge = parse(post("Content-Length: 99999999999999999999\r\n"));
    EXPECT_EQ(huge.step, Step::done);
    EXPECT_EQ(huge.head.content_length, std::uint64_t{1} << 63);
}

TEST(HttpHead, TakesExactlyChunkedOnce) {
    EXPECT_TRUE(parse(post("Transfer-Encoding: chunked\r\n")).head.chunked);
    EXPECT_TRUE(parse(post("transfer-encoding:\tChUnKeD \r\n")).head.chunked);
    for (const char* bad :
         {"", "gzip", "chunked, chunked", "chunked,", ",chunked", "\"chunked\"", "chunked;q=1", "chunk",
          "chunkedx", "xchunked", "identity", "chunked\x0b", "deflate, chunked"})
        EXPECT_EQ(status(post("Transfer-Encoding: " + std::string(bad) + "\r\n")), 400) << bad;
}

TEST(HttpHead, RefusesATabBehindWhatDecidesAboutFraming) {
    EXPECT_EQ(status(post("Content-Length:\t5 \r\n")), 200);
    EXPECT_EQ(status(post("Content-Length: 5\t\r\n")), 400);
    EXPECT_EQ(status(post("Content-Length: 5 \t \r\n")), 400);
    EXPECT_EQ(status(post("Transfer-Encoding: chunked\t\r\n")), 400);
    EXPECT_EQ(status(post("Accept: a\t\r\n")), 200);
}

TEST(HttpHead, SaysWhetherTheConnectionStays) {
    EXPECT_TRUE(parse(get("")).head.keep_alive);
    EXPECT_FALSE(parse(get("Connection: close\r\n")).head.keep_alive);
    EXPECT_FALSE(parse(get("Connection: Upgrade, CLOSE\r\n")).head.keep_alive);
    EXPECT_FALSE(parse(get("Connection: keep-alive\r\nConnection: close\r\n")).head.keep_alive);
    EXPECT_FALSE(parse("GET / HTTP/1.0\r\nHost: a\r\n\r\n").head.keep_alive);
    EXPECT_TRUE(parse("GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n").head.keep_alive);
}

TEST(HttpHead, RefusesHeaderLinesThatTwoParsersReadDifferently) {
    for (const char* bad : {"A : b\r\n", " A: b\r\n", "A\r\n", ": b\r\n", "A(: b\r\n", "A: b\n",
                            "A: b\rc\r\n", "A: \x01\r\n", "A: b\x7f\r\n", "A: b\r\r\n", "\xc3\xa9: b\r\n",
                            "A=b\r\n", "\tA: b\r\n", "A: b\r\n c\r\n", "A: b\r\n\tc: d\r\n", "A\t: b\r\n"})
        EXPECT_EQ(status(get(bad)), 400) << bad;
    EXPECT_EQ(status(get(std::string_view("A: b\0c\r\n", 8))), 400);
    EXPECT_EQ(status(get(std::string_view("A\0: b\r\n", 7))), 400);
    EXPECT_EQ(status(get("A: b:c\xc3\xa9\td\r\n")), 200);
}

TEST(HttpHead, KeepsItsCapsToTheByte) {
    const auto target_of = [](std::size_t size) { return target("/" + std::string(size - 1, 'a')); };
    EXPECT_EQ(status(target_of(8192)), 200);
    EXPECT_EQ(status(target_of(8193)), 414);
    EXPECT_EQ(status("GET /" + std::string(8192, 'a')), 414);

    const auto count_of = [](int count) {
        std::string fields;
        for (int i = 1; i < count; ++i) fields += "A: b\r\n";  // Host is one of them
        return get(fields);
    };
    EXPECT_EQ(status(count_of(100)), 200);
    EXPECT_EQ(status(count_of(101)), 431);

    const auto size_of = [](std::size_t size) {
        const std::string empty = get("A: \r\n");
        return get("A: " + std::string(size - empty.size(), 'b') + "\r\n");
    };
    EXPECT_EQ(size_of(16384).size(), 16384U);
    EXPECT_EQ(status(size_of(16384)), 200);
    EXPECT_EQ(status(size_of(16385)), 431);
    EXPECT_EQ(status(size_of(16385).substr(0, 16383)), 100);
    EXPECT_EQ(status(size_of(16385).substr(0, 16384)), 431);
}

TEST(HttpHead, IsReusedWithoutMemoryOfTheLastRequest) {
    Head head;
    Fault fault;
    const std::string first = post("Content-Length: 5\r\nExpect: 100-continue\r\nConnection: close\r\n");
    ASSERT_EQ(parse_head(first, {}, head, fault), Step::done);
    const std::string second = host("b");
    ASSERT_EQ(parse_head(second, {}, head, fault), Step::done);
    EXPECT_FALSE(head.content_length);
    EXPECT_TRUE(head.expect.empty());
    EXPECT_TRUE(head.keep_alive);
    EXPECT_EQ(head.headers.size(), 1U);
    EXPECT_EQ(head.host, "b");
}

// One test per kind of message that Boost.Beast 1.81 takes, or took in the past, and that has smuggled
// requests.

TEST(HttpHeadBeast, ChunkedThenIdentityIsNoBodyThere) {
    EXPECT_EQ(status(post("Transfer-Encoding: chunked, identity\r\n")), 400);
}
TEST(HttpHeadBeast, UnknownEncodingWithLength) {
    EXPECT_EQ(status(post("Transfer-Encoding: gzip\r\nContent-Length: 5\r\n")), 400);
    EXPECT_EQ(status(post("Content-Length: 5\r\nTransfer-Encoding: gzip\r\n")), 400);
}
TEST(HttpHeadBeast, MisspeltEncodingWithLength) {
    EXPECT_EQ(status(post("Transfer-Encoding: xchunked\r\nContent-Length: 5\r\n")), 400);
}
TEST(HttpHeadBeast, ChunkedWithLength) {
    EXPECT_EQ(status(post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n")), 400);
    EXPECT_EQ(status(post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n")), 400);
}
TEST(HttpHeadBeast, ChunkedInHttp10) {
    EXPECT_EQ(status("POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"), 400);
}
TEST(HttpHeadBeast, FoldedEncoding) {
    EXPECT_EQ(status(post("Transfer-Encoding:\r\n chunked\r\n")), 400);
    EXPECT_EQ(status(post("Transfer-Encoding: chunked\r\n , identity\r\n")), 400);
}
TEST(HttpHeadBeast, TwoEncodingLines) {
    EXPECT_EQ(status(post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n")), 400);
    EXPECT_EQ(status(post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n")), 400);
}
TEST(HttpHeadBeast, RepeatedLengthInOneLine) {
    EXPECT_EQ(status(post("Content-Length: 5, 5\r\n")), 400);
}
TEST(HttpHeadBeast, RepeatedLengthLines) {
    EXPECT_EQ(status(post("Content-Length: 5\r\nContent-Length: 5\r\n")), 400);
}
TEST(HttpHeadBeast, MissingHost) {
    EXPECT_EQ(status("GET / HTTP/1.1\r\nA: b\r\n\r\n"), 400);
}
TEST(HttpHeadBeast, TwoHosts) {
    EXPECT_EQ(status(get("Host: evil.example\r\n")), 400);
}
TEST(HttpHeadBeast, GarbageHost) {
    EXPECT_EQ(status(host("a b<>\"{}")), 400);
}
TEST(HttpHeadBeast, AbsoluteTargetOfAnotherHost) {
    EXPECT_EQ(status(target("http://evil.example/")), 400);
}
TEST(HttpHeadBeast, RawHighByteInTarget) {
    EXPECT_EQ(status(target("/\xff")), 400);
}
TEST(HttpHeadBeast, FragmentInTarget) {
    EXPECT_EQ(status(target("/a#b")), 400);
}
