#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
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

/// What slow clients may take, and that they can't send a long body before somebody has said that it is
/// wanted: only those who are called Ada are wanted here.
class HttpSlowClients : public ::testing::Test {
public:
    void start(std::size_t memory = 64 << 20) {
        ServerSettings settings;
        settings.threads = 2;
        settings.port = 0;
        settings.memory = memory;
        server_ = std::make_unique<Server>(
            std::move(settings), [this](const Request& request) { return answer(request); }, nullptr,
            Screener{.look = [this](const Request& request) { return screen(request); }});
        server_->start();
    }

    Response answer(const Request& request) {
        ++served_;
        Response response{.body = std::to_string(request.body.size())};
        if (request.path == "/long") response.body.assign(8'000'000, 'x');
        response.asker = request.header("Authorization");
        return response;
    }

    Screening screen(const Request& request) {
        ++screened_;
        Screening screening{.asker = std::string(request.header("Authorization"))};
        if (!screening.asker.starts_with("Ada"))
            screening.refusal = Response{.status = 401, .body = "Who are you?"};
        return screening;
    }

    static std::string head(std::size_t length, const std::string& fields) {
        return "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(length) + "\r\n" + fields +
               "\r\n";
    }
    std::string ask(const std::string& bytes) {
        Client client(port());
        client.say(bytes);
        return client.hear();
    }
    unsigned short port() const { return server_->port(); }

    std::atomic<int> served_{0};
    std::atomic<int> screened_{0};

private:
    std::unique_ptr<Server> server_{};
};

const std::string ada = "Authorization: Ada\r\n";

TEST_F(HttpSlowClients, AStrangerIsRefusedBeforeTheirLongBodyIsRead) {
    start();
    Client client(port());
    client.say(head(100'000, ""));
    EXPECT_THAT(client.hear(), StartsWith("HTTP/1.1 401 ")) << "not a byte of the body was sent";
    EXPECT_EQ(served_, 0);
    EXPECT_THAT(ask(head(100'000, "Expect: 100-continue\r\n")), StartsWith("HTTP/1.1 401 "))
        << "and none is invited";
    const std::string chunk = "4000\r\n" + std::string(0x4000, 'x') + "\r\n";
    EXPECT_THAT(ask("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk + chunk),
                StartsWith("HTTP/1.1 401 "));
    EXPECT_EQ(served_, 0);
}

TEST_F(HttpSlowClients, WhoIsKnownSendsTheirLongBody) {
    start();
    EXPECT_THAT(ask(head(100'000, ada) + std::string(100'000, 'x')), HasSubstr("\r\n\r\n100000"));
    Client client(port());
    client.say(head(100'000, ada + "Expect: 100-continue\r\n"));
    ASSERT_EQ(client.hear(), "HTTP/1.1 100 Continue\r\n\r\n");
    client.say(std::string(100'000, 'x'));
    EXPECT_THAT(client.hear(), HasSubstr("\r\n\r\n100000"));
    const std::string chunk = "4000\r\n" + std::string(0x4000, 'x') + "\r\n";
    EXPECT_THAT(ask("POST / HTTP/1.1\r\nHost: a\r\n" + ada + "Transfer-Encoding: chunked\r\n\r\n" + chunk +
                    chunk + "0\r\n\r\n"),
                HasSubstr("\r\n\r\n32768"));
    EXPECT_EQ(screened_, 3) << "each once";
}

TEST_F(HttpSlowClients, AShortBodyIsNotLookedAtBefore) {
    start();
    EXPECT_THAT(ask(head(10'000, "") + std::string(10'000, 'x')), HasSubstr("\r\n\r\n10000"));
    EXPECT_EQ(screened_, 0);
}

TEST_F(HttpSlowClients, SlowUploadsOfOnePersonAreRefusedWhenTheyHoldTheirShare) {
    start(4 << 20);  // of which a quarter is a megabyte
    std::vector<std::unique_ptr<Client>> uploads;
    int refused = 0;
    // One after the other, since of many that grow at once some give way to each other.
    for (int i = 0; i < 8; ++i) {
        uploads.push_back(std::make_unique<Client>(port()));
        uploads.back()->say(head(900'000, ada) + std::string(200'000, 'x'));
        uploads.back()->patience(200ms);
        if (uploads.back()->hear().starts_with("HTTP/1.1 503 ")) ++refused;
    }
    EXPECT_GE(refused, 3);
    EXPECT_LE(refused, 6);
    const std::string other = "Authorization: Ada Another\r\n";
    EXPECT_THAT(ask(head(300'000, other) + std::string(300'000, 'x')), HasSubstr("\r\n\r\n300000"));
}

TEST_F(HttpSlowClients, SlowReadersOfOneAddressLeaveHalfToEverybodyElse) {
    start(32 << 20);
    const std::string ends = "\r\nConnection: close\r\n\r\n";
    std::vector<std::unique_ptr<Client>> readers;
    for (int i = 0; i < 8; ++i) {
        readers.push_back(std::make_unique<Client>(port(), "127.0.0.9"));
        readers.back()->say("GET /long HTTP/1.1\r\nHost: a\r\nAuthorization: Ada" + std::to_string(i) + ends);
    }
    for (int i = 0; i < 5000 && served_ < 8; ++i) std::this_thread::sleep_for(1ms);
    ASSERT_EQ(served_, 8);
    for (int i = 0; i < 3; ++i) {
        Client one(port(), "127.0.0.2");
        one.say("GET /long HTTP/1.1\r\nHost: a" + ends);
        EXPECT_GT(one.hear_all().size(), 8'000'000U) << i;
    }
    int whole = 0;
    for (const auto& reader : readers) whole += reader->hear_all().size() > 8'000'000 ? 1 : 0;
    EXPECT_EQ(whole, 2) << "two times eight megabytes are half of it";
}

}  // namespace
}  // namespace tamiti::http
