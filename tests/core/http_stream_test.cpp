#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <atomic>
#include <memory>
#include <stdexcept>
#include <thread>

#include "core/http/server.hpp"
#include "tests/core/http_client.hpp"

using namespace tamiti::http;
using namespace std::chrono_literals;
using tamiti::test::Client;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

namespace {

/// Answers whose body is made while it is sent.
class HttpStream : public testing::Test {
protected:
    Server& start(ServerSettings settings = {}) {
        settings.port = 0;
        settings.threads = 2;
        server_ =
            std::make_unique<Server>(settings, [this](const Request& request) { return answer(request); });
        server_->start();
        return *server_;
    }

    Response answer(const Request& request) {
        Response response;
        response.content_type = "text/csv";
        // Tells when the stream is let go.
        const auto alive = std::shared_ptr<void>(nullptr, [this](void*) { ++ended_; });
        const auto left = std::make_shared<int>(request.path == "/endless" ? 1'000'000 : 3);
        const bool fails = request.path == "/fails";
        response.produce = [this, alive, left, fails](std::string& part) {
            ++made_;
            if (fails && *left == 1) throw std::runtime_error("the database went");
            part += *left % 2 ? std::string(50'000, static_cast<char>('a' + *left % 26)) : std::string();
            return --*left > 0;
        };
        return response;
    }

    void await_end(int count) {
        for (int i = 0; i < 1000 && ended_ < count; ++i) std::this_thread::sleep_for(5ms);
        EXPECT_EQ(ended_, count);
    }

    static std::string whole() { return std::string(50'000, 'd') + std::string(50'000, 'b'); }

    std::atomic<int> made_{0};
    std::atomic<int> ended_{0};
    std::unique_ptr<Server> server_;
};

std::string body_of(const std::string& answer) {
    return answer.substr(answer.find("\r\n\r\n") + 4);
}

/// The body of a chunked answer; fails the test where it has no end.
std::string unchunked(const std::string& answer) {
    std::string rest = body_of(answer), body;
    while (true) {
        const std::size_t line = rest.find("\r\n");
        if (line == std::string::npos) {
            ADD_FAILURE() << "the last chunk is missing";
            return body;
        }
        const std::size_t size = std::stoul(rest.substr(0, line), nullptr, 16);
        if (size == 0) {
            EXPECT_EQ(rest, "0\r\n\r\n");
            return body;
        }
        body += rest.substr(line + 2, size);
        rest.erase(0, line + 2 + size + 2);
    }
}

std::string gunzipped(const std::string& packed) {
    z_stream stream{};
    inflateInit2(&stream, 15 + 16);
    std::string out(1'000'000, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    stream.avail_in = static_cast<uInt>(packed.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
    out.resize(stream.total_out);
    inflateEnd(&stream);
    return out;
}

TEST_F(HttpStream, IsChunkedAndTheConnectionGoesOn) {
    Client client(start().port());
    client.say("GET /a HTTP/1.1\r\nHost: x\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    const std::string answers = client.hear_all();
    const std::size_t second = answers.find("HTTP/1.1 200", 10);
    ASSERT_NE(second, std::string::npos);
    for (const auto& answer : {answers.substr(0, second), answers.substr(second)}) {
        EXPECT_THAT(answer, HasSubstr("\r\nTransfer-Encoding: chunked\r\n"));
        EXPECT_THAT(answer, Not(HasSubstr("Content-Length")));
        EXPECT_EQ(unchunked(answer), whole());
    }
    await_end(2);
}

TEST_F(HttpStream, EndsWithTheConnectionForOldClients) {
    Client client(start().port());
    client.say("GET /a HTTP/1.0\r\nHost: x\r\nConnection: keep-alive\r\n\r\n");
    const std::string answer = client.hear_all();
    EXPECT_THAT(answer, HasSubstr("\r\nConnection: close\r\n"));
    EXPECT_THAT(answer, Not(HasSubstr("Transfer-Encoding")));
    EXPECT_EQ(body_of(answer), whole());
}

TEST_F(HttpStream, IsCompressedForWhoeverTakesIt) {
    Client client(start().port());
    client.say("GET /a HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n");
    const std::string answer = client.hear_all();
    EXPECT_THAT(answer, HasSubstr("\r\nContent-Encoding: gzip\r\n"));
    EXPECT_LT(answer.size(), 5'000U);
    EXPECT_EQ(gunzipped(unchunked(answer)), whole());
}

TEST_F(HttpStream, IsNotMadeForHead) {
    Client client(start().port());
    client.say("HEAD /a HTTP/1.1\r\nHost: x\r\n\r\nHEAD /b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    EXPECT_THAT(client.hear(true), HasSubstr("Transfer-Encoding: chunked"));
    EXPECT_THAT(client.hear_all(), EndsWith("\r\n\r\n"));
    EXPECT_EQ(made_, 0);
    await_end(2);
}

TEST_F(HttpStream, ThatFailsLacksItsEnd) {
    Client client(start().port());
    client.say("GET /fails HTTP/1.1\r\nHost: x\r\n\r\n");
    const std::string answer = client.hear_all();
    EXPECT_THAT(answer, Not(EndsWith("0\r\n\r\n")));
    await_end(1);
}

TEST_F(HttpStream, IsMadeNoFasterThanItIsRead) {
    ServerSettings settings;
    settings.write_timeout = 10s;
    Client client(start(settings).port());
    client.say("GET /endless HTTP/1.1\r\nHost: x\r\n\r\n");
    int made = 0;
    for (int same = 0; same < 20; made = made_) {
        std::this_thread::sleep_for(10ms);
        same = made == made_ && made > 0 ? same + 1 : 0;
    }
    EXPECT_LT(made, 1000) << "50 KB each; what the kernel holds for a reader that doesn't read";
}

TEST_F(HttpStream, OfAReaderThatStopsIsCut) {
    ServerSettings settings;
    settings.write_timeout = 200ms;
    Client client(start(settings).port());
    client.say("GET /endless HTTP/1.1\r\nHost: x\r\n\r\n");
    await_end(1);
    EXPECT_THAT(client.hear_all(), Not(EndsWith("0\r\n\r\n")));
}

TEST_F(HttpStream, OfAReaderThatOnlySipsIsCut) {
    ServerSettings settings;
    settings.write_timeout = 300ms;
    settings.write_rate = 50'000'000;
    Client client(start(settings).port());
    client.say("GET /endless HTTP/1.1\r\nHost: x\r\n\r\n");
    for (int i = 0; i < 2000 && ended_ == 0; ++i) {  // a megabyte in a second, without a long pause
        client.sip(5000);
        std::this_thread::sleep_for(5ms);
    }
    await_end(1);
}

TEST_F(HttpStream, OfAClientThatWentIsLetGo) {
    start();
    {
        Client client(server_->port());
        client.say("GET /endless HTTP/1.1\r\nHost: x\r\n\r\n");
        client.hear();
    }
    await_end(1);
}

}  // namespace
