#include "core/telemetry/sentry.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <chrono>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "core/base/json.hpp"
#include "core/base/text.hpp"

using namespace tamiti;

namespace {

/// Takes requests over loopback, one connection at a time, and answers each with a fixed head.
class FakeSentry {
public:
    explicit FakeSentry(
        std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        : answer_(std::move(answer)), socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t length = sizeof address;
        EXPECT_EQ(::bind(socket_, reinterpret_cast<sockaddr*>(&address), length), 0);
        EXPECT_EQ(::listen(socket_, 16), 0);
        EXPECT_EQ(::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &length), 0);
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this] { serve(); });
    }

    ~FakeSentry() {
        ::shutdown(socket_, SHUT_RDWR);
        thread_.join();
        ::close(socket_);
    }

    std::string dsn() const { return "http://abc123@127.0.0.1:" + std::to_string(port_) + "/42"; }

    std::vector<std::string> requests() const {
        const std::lock_guard lock(mutex_);
        return requests_;
    }

private:
    void serve() {
        for (int peer = 0; (peer = ::accept(socket_, nullptr, nullptr)) >= 0; ::close(peer)) {
            std::string text;
            char bytes[4096];
            while (!is_complete(text)) {
                const ssize_t count = ::recv(peer, bytes, sizeof bytes, 0);
                if (count <= 0) break;
                text.append(bytes, static_cast<std::size_t>(count));
            }
            {
                const std::lock_guard lock(mutex_);
                requests_.push_back(text);
            }
            if (!answer_.empty()) {
                EXPECT_GT(::send(peer, answer_.data(), answer_.size(), MSG_NOSIGNAL), 0);
            } else {
                pollfd silent{peer, POLLIN, 0};
                ::poll(&silent, 1, 20'000);  // until the client gives up
            }
        }
    }

    static bool is_complete(const std::string& text) {
        const std::size_t head = text.find("\r\n\r\n");
        const std::size_t length = lower(text.substr(0, head)).find("content-length: ");
        if (head == text.npos || length == std::string::npos) return false;
        return text.size() >= head + 4 + std::stoul(text.substr(length + 16));
    }

    std::string answer_;
    int socket_;
    int port_ = 0;
    mutable std::mutex mutex_{};
    std::vector<std::string> requests_{};
    std::thread thread_{};
};

TEST(SentryTest, ADsnSaysWhereReportsGo) {
    const auto target = telemetry::parse_dsn("https://key1@o1.ingest.example/17");
    EXPECT_EQ(target.envelope_url, "https://o1.ingest.example/api/17/envelope/");
    EXPECT_EQ(target.public_key, "key1");
    EXPECT_EQ(telemetry::parse_dsn("http://key:secret@host:9000/base/17").envelope_url,
              "http://host:9000/base/api/17/envelope/");
    EXPECT_EQ(telemetry::parse_dsn("http://key:secret@host:9000/base/17").public_key, "key");
    for (const char* dsn : {"", "host/17", "ftp://k@h/1", "https://h/1", "https://@h/1", "https://k@h",
                            "https://k@h/", "https://k@/1", "https://k@h/1?x", "https://k k@h/1",
                            "https://k@h:99999/1", "https://k\r\nX: y@h/1"}) {
        EXPECT_THROW(telemetry::parse_dsn(dsn), std::invalid_argument) << dsn;
    }
}

TEST(SentryTest, AReportArrivesAsAnEnvelope) {
    FakeSentry sentry;
    telemetry::start(sentry.dsn(), "tamiti@1", "prod");
    telemetry::report("std::logic_error in projects.create", "0123abcd",
                      {{"route", "POST /api/v1/projects"}});
    telemetry::stop();
    const auto requests = sentry.requests();
    ASSERT_EQ(requests.size(), 1U);
    EXPECT_TRUE(requests[0].starts_with("POST /api/42/envelope/ HTTP/1.1\r\n")) << requests[0];
    EXPECT_NE(requests[0].find("sentry_key=abc123"), std::string::npos);
    const std::string body = requests[0].substr(requests[0].find("\r\n\r\n") + 4);
    const auto lines = split(body, '\n');
    ASSERT_EQ(lines.size(), 4U);
    const auto header = json::parse(lines[0]).as_object();
    const auto item = json::parse(lines[1]).as_object();
    const auto event = json::parse(lines[2]).as_object();
    EXPECT_EQ(item.at("type"), "event");
    EXPECT_EQ(item.at("length"), lines[2].size());
    EXPECT_EQ(header.at("event_id"), event.at("event_id"));
    EXPECT_EQ(event.at("event_id").as_string().size(), 32U);
    EXPECT_EQ(event.at("release"), "tamiti@1");
    EXPECT_EQ(event.at("environment"), "prod");
    EXPECT_EQ(event.at("message").at("formatted"), "std::logic_error in projects.create");
    EXPECT_EQ(event.at("tags").at("request_id"), "0123abcd");
    EXPECT_EQ(event.at("tags").at("route"), "POST /api/v1/projects");
}

TEST(SentryTest, ReportingNeverWaitsAndKeepsABoundedQueue) {
    FakeSentry silent("");
    telemetry::start(silent.dsn(), "r", "test");
    const auto before = std::chrono::steady_clock::now();
    for (int i = 0; i < 10'000; ++i) telemetry::report("again", "x");
    EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds{5})
        << "the first report alone takes 10 s to fail";
    telemetry::stop();
    EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds{9});
    EXPECT_LE(silent.requests().size(), 101U);
}

TEST(SentryTest, ARequestToWaitIsHonoured) {
    FakeSentry busy("HTTP/1.1 429 Slow\r\nRetry-After: 60\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    telemetry::start(busy.dsn(), "r", "test");
    for (int i = 0; i < 5; ++i) telemetry::report("again", "x");
    telemetry::stop();
    EXPECT_EQ(busy.requests().size(), 1U);
}

TEST(SentryTest, AnUnreachableSentryDisturbsNobody) {
    telemetry::start("http://k@127.0.0.1:18349/1", "r", "test");
    telemetry::report("lost", "x");
    telemetry::stop();
    telemetry::report("nobody listens", "x");
    telemetry::stop();
    telemetry::start("", "r", "test");
}

}  // namespace
