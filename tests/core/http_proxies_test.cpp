#include "core/http/proxies.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "core/http/wire.hpp"

using namespace tamiti::http;

namespace {

AddressBytes address(std::string_view text) {
    return parse_address(text).value();
}

}  // namespace

TEST(HttpProxies, MatchesAddressesAndBlocks) {
    const Proxies proxies({"10.0.0.0/8", "192.168.1.7", "2001:db8::/33", " 127.0.0.1 "});
    for (const char* yes : {"10.255.0.1", "192.168.1.7", "2001:db8:7fff::1", "127.0.0.1", "::ffff:10.1.2.3"})
        EXPECT_TRUE(proxies.trusts(address(yes))) << yes;
    for (const char* no : {"11.0.0.1", "192.168.1.8", "2001:db8:8000::1", "127.0.0.2", "::1"})
        EXPECT_FALSE(proxies.trusts(address(no))) << no;
    EXPECT_FALSE(Proxies().trusts(address("127.0.0.1")));
}

TEST(HttpProxies, RefusesSettingsItCannotRead) {
    for (const char* bad :
         {"10.0.0.0/33", "10.0.0", "proxy.example", "10.0.0.0/", "10.0.0.0/x", "::/129", "10.0.0.0/-1"})
        EXPECT_THROW(Proxies({bad}), std::runtime_error) << bad;
}

TEST(HttpProxies, TakesTheRightMostHopThatIsNotAProxy) {
    const Proxies proxies({"10.0.0.0/8"});
    const auto client = [&](std::string_view hops) {
        return format_address(proxies.client(address("10.0.0.1"), hops));
    };
    EXPECT_EQ(client(""), "10.0.0.1");
    EXPECT_EQ(client("203.0.113.9"), "203.0.113.9");
    EXPECT_EQ(client("6.6.6.6, 203.0.113.9"), "203.0.113.9");
    EXPECT_EQ(client("6.6.6.6, 203.0.113.9 ,10.2.3.4"), "203.0.113.9");
    EXPECT_EQ(client("10.9.9.9, 10.2.3.4"), "10.9.9.9");
    EXPECT_EQ(client("203.0.113.9, nonsense"), "10.0.0.1");
    EXPECT_EQ(client("203.0.113.9,"), "10.0.0.1");
    EXPECT_EQ(client("2001:db8::1"), "2001:db8::1");
}

TEST(HttpProxies, LeavesOutWhatGatewaysWriteBesideAnAddress) {
    const Proxies proxies({"10.0.0.0/8"});
    const auto client = [&](std::string_view hops) {
        return format_address(proxies.client(address("10.0.0.1"), hops));
    };
    EXPECT_EQ(client("203.0.113.7:51234"), "203.0.113.7");
    EXPECT_EQ(client("[2001:db8::1]:443"), "2001:db8::1");
    EXPECT_EQ(client("[2001:db8::1]"), "2001:db8::1");
    EXPECT_EQ(client("\"[2001:db8::1]:443\""), "2001:db8::1");
    EXPECT_EQ(client("fe80::1%eth0"), "fe80::1");
    EXPECT_EQ(client("6.6.6.6, 203.0.113.7:51234, 10.2.3.4:80"), "203.0.113.7") << "a proxy with its port";
    EXPECT_EQ(client("::ffff:203.0.113.7"), "203.0.113.7");
    std::string_view unread;
    EXPECT_EQ(format_address(proxies.client(address("10.0.0.1"), "203.0.113.7:51234", &unread)),
              "203.0.113.7");
    EXPECT_EQ(unread, "");
    for (const char* bad :
         {"unknown", "_hidden", "203.0.113.7:port", "[2001:db8::1", "[2001:db8::1]x", "1:2"}) {
        EXPECT_EQ(format_address(proxies.client(address("10.0.0.1"), bad, &unread)), "10.0.0.1") << bad;
        EXPECT_EQ(unread, bad);
    }
}

TEST(HttpWire, LeavesOutHeadersThatCouldSplitAnAnswer) {
    Response response;
    response.set("Location", "/a\r\nSet-Cookie: x=1");
    response.set("Bad Name", "x");
    response.set("X-Good", "y");
    std::string out;
    write_head(response, {}, out);
    EXPECT_EQ(out.find("Set-Cookie"), out.npos);
    EXPECT_EQ(out.find("Bad Name"), out.npos);
    EXPECT_NE(out.find("X-Good: y\r\n"), out.npos);
}

TEST(HttpWire, GivesNoLengthToAnswersWithoutBody) {
    for (const int status : {204, 304}) {
        Response response;
        response.status = status;
        std::string out;
        write_head(response, {}, out);
        EXPECT_EQ(out.find("Content-Length"), out.npos) << status;
        EXPECT_EQ(out.find("Content-Type"), out.npos) << status;
    }
}

TEST(HttpWire, MakesRequestIdsOf128RandomBits) {
    std::string first;
    std::string second;
    for (int i = 0; i < 40; ++i) {
        make_request_id(first);
        make_request_id(second);
        EXPECT_EQ(first.size(), 32U);
        EXPECT_EQ(first.find_first_not_of("0123456789abcdef"), first.npos);
        EXPECT_NE(first, second);
    }
    EXPECT_TRUE(usable_request_id("abc-12345"));
    EXPECT_FALSE(usable_request_id("short"));
    EXPECT_FALSE(usable_request_id("with blank 123"));
    EXPECT_FALSE(usable_request_id(std::string(65, 'a')));
}
