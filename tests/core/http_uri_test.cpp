#include "core/http/uri.hpp"

#include <gtest/gtest.h>

using namespace tamiti::http;

namespace {

using Segments = std::vector<std::string>;

Segments split(std::string_view path) {
    Segments segments;
    if (split_path(path, segments)) return {"refused"};
    return segments;
}

}  // namespace

TEST(HttpUri, SplitsAPathIntoDecodedSegments) {
    EXPECT_EQ(split("/"), Segments{});
    EXPECT_EQ(split("/api/v1/projects"), (Segments{"api", "v1", "projects"}));
    EXPECT_EQ(split("/api/v1/projects/"), (Segments{"api", "v1", "projects"}));
    EXPECT_EQ(split("/caf%C3%A9/a+b/%25"), (Segments{"caf\xc3\xa9", "a+b", "%"}));
}

TEST(HttpUri, RefusesPathsThatAProxyReadsDifferently) {
    for (const char* bad : {"", "a", "//", "/a//b", "/a/../b", "/./a", "/%2e%2E/a", "/a%2fb", "/a%5Cb",
                            "/a%00b", "/%ff", "/%c0%af", "/%ed%a0%80", "*", "/a/.", "/%zz", "/%4"})
        EXPECT_EQ(split(bad), Segments{"refused"}) << bad;
}

TEST(HttpUri, ReadsAQueryInOrder) {
    QueryParameters parameters;
    EXPECT_FALSE(parse_query("b=1&a=x+y%2B&b=%E2%82%AC&c&=d&&e=f=g", parameters));
    const QueryParameters expected{{"b", "1"}, {"a", "x y+"}, {"b", "\xe2\x82\xac"},
                                   {"c", ""},  {"", "d"},     {"e", "f=g"}};
    EXPECT_EQ(parameters, expected);
    EXPECT_FALSE(parse_query("", parameters));
    EXPECT_TRUE(parameters.empty());
}

TEST(HttpUri, RefusesBrokenQueries) {
    QueryParameters parameters;
    for (const char* bad : {"a=%", "a=%4", "a=%zz", "%ff=1", "a=%00", "a=%c0%80"}) {
        const Fault fault = parse_query(bad, parameters);
        EXPECT_EQ(fault.status, 400) << bad;
    }
}

TEST(HttpUri, CapsTheNumberOfParameters) {
    std::string query = "a";
    for (int i = 1; i < 200; ++i) query += "&a";
    QueryParameters parameters;
    EXPECT_FALSE(parse_query(query, parameters));
    EXPECT_EQ(parameters.size(), 200U);
    EXPECT_EQ(parse_query(query + "&a", parameters).status, 400);
}

TEST(HttpUri, EncodesSoThatDecodingGivesTheSame) {
    std::string every;
    for (int c = 1; c < 128; ++c) every.push_back(static_cast<char>(c));
    every += "\xe2\x82\xac";
    EXPECT_EQ(decode_percent(encode_percent(every)), every);
    const QueryParameters parameters{{"a b", "x&y=z+%"}, {"", "1"}};
    QueryParameters again;
    EXPECT_FALSE(parse_query(encode_query(parameters), again));
    EXPECT_EQ(again, parameters);
}
