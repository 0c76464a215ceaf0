#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <thread>
#include <vector>

#include "core/http/server.hpp"
#include "tests/core/http_client.hpp"

namespace tamiti::http {
namespace {

using namespace std::chrono_literals;
using test::Client;
using ::testing::HasSubstr;
using ::testing::StartsWith;

/// How many connections there may be, and which go where there are more.
class HttpConnections : public ::testing::Test {
public:
    void start(ServerSettings settings) {
        settings.threads = 2;
        settings.port = 0;
        server_ = std::make_unique<Server>(std::move(settings),
                                           [](const Request&) { return Response{.body = "{}"}; });
        server_->start();
    }
    unsigned short port() const { return server_->port(); }

    static std::string get(const std::string& path) { return "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n"; }

private:
    std::unique_ptr<Server> server_{};
};

TEST_F(HttpConnections, CapsTheConnectionsOfOneAddress) {
    ServerSettings settings;
    settings.max_connections_per_address = 2;
    start(settings);
    Client one(port());
    Client two(port());
    one.say(get("/"));
    two.say(get("/"));
    one.hear();
    two.hear();
    Client three(port());
    EXPECT_THAT(three.hear_all(), StartsWith("HTTP/1.1 503 "));
    Client other(port(), "127.0.0.2");
    other.say(get("/"));
    EXPECT_THAT(other.hear(), StartsWith("HTTP/1.1 200 "));
}

TEST_F(HttpConnections, CapsTheConnectionsOfAll) {
    ServerSettings settings;
    settings.max_connections = 1;
    start(settings);
    Client one(port());
    one.say("POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
    ASSERT_EQ(one.hear(), "HTTP/1.1 100 Continue\r\n\r\n");
    EXPECT_THAT(Client(port()).hear_all(), HasSubstr("/problems/http.too_many_connections"));
    one.say("abc");
    EXPECT_THAT(one.hear(), StartsWith("HTTP/1.1 200 ")) << "what is in the middle of a request goes on";
}

TEST_F(HttpConnections, LetsTheLongestIdleConnectionOfTheAddressThatHasMostGo) {
    ServerSettings settings;
    settings.max_connections = 4;
    start(settings);
    const auto asks = [](Client& client) {
        client.say(get("/"));
        return client.hear().substr(0, 12);
    };
    Client first(port()), second(port()), third(port()), other(port(), "127.0.0.2");
    for (Client* each : {&other, &second, &first, &third}) {
        EXPECT_EQ(asks(*each), "HTTP/1.1 200");
        std::this_thread::sleep_for(20ms);  // the clock of deadlines is a coarse one
    }
    Client newcomer(port(), "127.0.0.3");
    EXPECT_EQ(asks(newcomer), "HTTP/1.1 200");
    EXPECT_TRUE(second.is_closed());
    for (Client* each : {&other, &first, &third}) EXPECT_EQ(asks(*each), "HTTP/1.1 200");
}

TEST_F(HttpConnections, LetsSilentConnectionsGoForOthers) {
    ServerSettings settings;
    settings.max_connections = 20;
    start(settings);
    std::vector<std::unique_ptr<Client>> silent;
    for (int i = 0; i < 20; ++i) {
        silent.push_back(std::make_unique<Client>(port()));
        if (i % 2) silent.back()->say("GET / HTTP/1.1\r\nX-Slow: ");
    }
    for (int i = 0; i < 40; ++i) {
        Client one(port(), "127.0.0.2");
        one.say(get("/"));
        EXPECT_THAT(one.hear(), StartsWith("HTTP/1.1 200 ")) << i;
    }
}

}  // namespace
}  // namespace tamiti::http
