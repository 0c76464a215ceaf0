#include "core/http/server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

#include "tests/core/http_client.hpp"

using namespace tamiti::http;
using namespace std::chrono_literals;
using tamiti::test::Client;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

namespace {

/// Answers with what the request said, and does what some paths ask for.
class HttpServer : public testing::Test {
protected:
    Server& start(ServerSettings settings = {}) {
        settings.port = 0;
        if (settings.threads == 0) settings.threads = 2;
        server_ = std::make_unique<Server>(
            settings, [this](const Request& request) { return answer(request); },
            [this](const Refusal& refusal) {
                const std::lock_guard lock(mutex_);
                refusals_.emplace_back(refusal.code);
                refused_.emplace_back(std::string(refusal.method) + " " + std::string(refusal.target));
            });
        server_->start();
        return *server_;
    }

    Response answer(const Request& request) {
        ++served_;
        Response response;
        response.content_type = "text/plain";
        if (request.path == "/wait") released_.wait();
        if (request.path == "/throw") throw std::runtime_error("a bug");
        if (request.path == "/large") response.body.assign(16'000'000, 'x');
        if (request.path == "/text") response.body.assign(5000, 'x');
        if (request.path == "/who")
            response.body = request.client_address + (request.secure ? " secure " : " plain ") + request.id;
        if (!response.body.empty()) return response;
        response.body.append(name_of(request.method))
            .append(" ")
            .append(request.path)
            .append(" ")
            .append(request.body);
        response.body.append(request.header("X-Echo"));
        return response;
    }

    unsigned short port() const { return server_->port(); }

    /// One request on a connection of its own, and everything that comes back.
    std::string ask(std::string_view bytes) {
        Client client(port());
        client.say(bytes);
        return client.hear_all();
    }

    /// Waits until so many requests are with the app.
    void await_served(int count) {
        while (served_ < count) std::this_thread::yield();
    }

    std::vector<std::string> refusals() {
        const std::lock_guard lock(mutex_);
        return refusals_;
    }

    std::promise<void> release_{};
    std::shared_future<void> released_{release_.get_future()};
    std::atomic<int> served_{0};
    std::mutex mutex_{};
    std::vector<std::string> refusals_{};
    std::vector<std::string> refused_{};  // method and target, as far as the server understood them
    std::unique_ptr<Server> server_{};
};

std::string get(std::string_view path, std::string_view fields = "") {
    return "GET " + std::string(path) + " HTTP/1.1\r\nHost: a\r\n" + std::string(fields) + "\r\n";
}

std::string post(std::string_view path, std::string_view body, std::string_view fields = "") {
    return "POST " + std::string(path) +
           " HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
           std::string(fields) + "\r\n" + std::string(body);
}

const std::string close_line = "Connection: close\r\n";

}  // namespace

TEST_F(HttpServer, AnswersPipelinedRequestsInOrder) {
    start();
    const std::string answers =
        ask(get("/1") + post("/2", "two") +
            "POST /3 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nthree\r\n0\r\n\r\n" +
            get("/4", close_line));
    const auto first = answers.find("GET /1 ");
    const auto second = answers.find("POST /2 two");
    const auto third = answers.find("POST /3 three");
    const auto fourth = answers.find("GET /4 ");
    EXPECT_LT(first, second);
    EXPECT_LT(second, third);
    EXPECT_LT(third, fourth);
    EXPECT_NE(fourth, answers.npos);
}

TEST_F(HttpServer, ServesNothingAfterAFramingError) {
    start();
    const std::string answers =
        ask(get("/1") + "POST /2 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n" +
            get("/3"));
    EXPECT_THAT(answers, HasSubstr("GET /1 "));
    EXPECT_THAT(answers, HasSubstr("HTTP/1.1 400 Bad Request"));
    EXPECT_EQ(answers.find("HTTP/1.1", answers.find("HTTP/1.1 400") + 1), answers.npos);
    EXPECT_EQ(served_, 1);
}

TEST_F(HttpServer, ServesNothingAfterABrokenChunk) {
    start();
    const std::string answers =
        ask("POST /1 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-Evil: 1\r\n\r\n" +
            get("/2"));
    EXPECT_THAT(answers, StartsWith("HTTP/1.1 400 "));
    EXPECT_EQ(served_, 0);
}

TEST_F(HttpServer, SaysWhyAsAProblem) {
    start();
    const std::string answer = ask("GET / HTTP/1.1\r\n\r\n");
    EXPECT_THAT(answer, HasSubstr("Content-Type: application/problem+json\r\n"));
    EXPECT_THAT(answer, HasSubstr("Connection: close\r\n"));
    EXPECT_THAT(answer, HasSubstr("\"type\":\"/problems/http.malformed_host\""));
    EXPECT_THAT(answer, HasSubstr("\"status\":400"));
    const auto id = answer.substr(answer.find("X-Request-Id: ") + 14, 32);
    EXPECT_THAT(answer, HasSubstr("\"instance\":\"" + id + "\""));
    EXPECT_EQ(refusals(), std::vector<std::string>{"http.malformed_host"});
}

TEST_F(HttpServer, InvitesABodyOnlyWhenItWillTakeIt) {
    start();
    Client client(port());
    client.say("POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_EQ(client.hear(), "HTTP/1.1 100 Continue\r\n\r\n");
    client.say("abc");
    EXPECT_THAT(client.hear(), EndsWith("POST /1 abc"));
    client.say("POST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_THAT(client.hear(), StartsWith("HTTP/1.1 413 "));
    EXPECT_TRUE(client.is_closed());
}

TEST_F(HttpServer, RefusesAnyOtherExpectation) {
    start();
    EXPECT_THAT(ask(get("/", "Expect: miracles\r\n")), StartsWith("HTTP/1.1 417 "));
    EXPECT_EQ(served_, 0);
}

TEST_F(HttpServer, AnswersHeadWithTheLengthAndNoBody) {
    start();
    Client client(port());
    client.say("HEAD /text HTTP/1.1\r\nHost: a\r\n\r\n");
    const std::string answer = client.hear(true);
    EXPECT_THAT(answer, HasSubstr("Content-Length: 5000\r\n"));
    client.say(get("/next"));
    EXPECT_THAT(client.hear(), StartsWith("HTTP/1.1 200 "));
}

TEST_F(HttpServer, LetsASlowHeadGoAfterItsTime) {
    ServerSettings settings;
    settings.head_timeout = 80ms;
    start(settings);
    const auto begin = std::chrono::steady_clock::now();
    const std::string answer = ask("GET / HTTP/1.1\r\nHo");
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 408 "));
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 2s);
    EXPECT_EQ(refusals(), std::vector<std::string>{"http.timeout"});
}

TEST_F(HttpServer, KnowsWhatWasAskedByAHeadThatGrewAndThenStalled) {
    ServerSettings settings;
    settings.head_timeout = 80ms;
    start(settings);
    const std::string answer = ask("GET /slow HTTP/1.1\r\nHost: a\r\nX-Filler: " + std::string(3500, 'f'));
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 408 "));
    const std::lock_guard lock(mutex_);
    EXPECT_EQ(refused_, std::vector<std::string>{"GET /slow"});
}

TEST_F(HttpServer, AnswersARefusedHeadWithoutWhatTheOneBeforeItSaid) {
    ServerSettings settings;
    settings.compress_from = 1;
    start(settings);
    Client client(port());
    client.say(get("/text", "Accept-Encoding: gzip\r\n"));
    EXPECT_THAT(client.hear(), HasSubstr("Content-Encoding: gzip\r\n"));
    client.say("GET /next HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\nNo header\r\n\r\n");
    const std::string refusal = client.hear();
    EXPECT_THAT(refusal, StartsWith("HTTP/1.1 400 "));
    EXPECT_THAT(refusal, Not(HasSubstr("gzip")));
}

TEST_F(HttpServer, LetsASlowBodyGo) {
    ServerSettings settings;
    settings.body_grace = 80ms;
    start(settings);
    const std::string answer = ask("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc");
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 408 "));
    EXPECT_EQ(served_, 0);
}

TEST_F(HttpServer, ClosesAnIdleConnectionWithoutAWord) {
    ServerSettings settings;
    settings.keep_alive = 80ms;
    start(settings);
    Client client(port());
    client.say(get("/1"));
    EXPECT_THAT(client.hear(), StartsWith("HTTP/1.1 200 "));
    EXPECT_TRUE(client.is_closed());
    EXPECT_TRUE(refusals().empty());
}

TEST_F(HttpServer, TakesABodyOfExactlyTheCap) {
    ServerSettings settings;
    settings.max_body = 10'000;
    start(settings);
    const std::string most(10'000, 'a');
    EXPECT_THAT(ask(post("/", most, close_line)), EndsWith("POST / " + most));
    EXPECT_THAT(ask(post("/", most + "a")), StartsWith("HTTP/1.1 413 "));
    const std::string chunked =
        "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n2710\r\n" +
        most + "\r\n";
    EXPECT_THAT(ask(chunked + "0\r\n\r\n"), EndsWith("POST / " + most));
    EXPECT_THAT(ask(chunked + "1\r\na\r\n0\r\n\r\n"), StartsWith("HTTP/1.1 413 "));
}

TEST_F(HttpServer, KeepsTheHeadIntactWhileALongBodyArrives) {
    start();
    for (const bool chunked : {false, true}) {
        const std::string part(37'000, 'b');
        Client client(port());
        client.say(get("/before"));
        client.hear();
        client.say("POST /path HTTP/1.1\r\nHost: a\r\nX-Filler: " + std::string(2900, 'f') +
                   "\r\nX-Echo: the end\r\n" +
                   (chunked ? "Transfer-Encoding: chunked\r\n\r\n" : "Content-Length: 740000\r\n\r\n"));
        for (int i = 0; i < 20; ++i) client.say(chunked ? "9088\r\n" + part + "\r\n" : part);
        if (chunked) client.say("0\r\n\r\n");
        client.say(get("/after"));
        const std::string answer = client.hear();
        EXPECT_THAT(answer, HasSubstr("POST /path bbb"));
        EXPECT_THAT(answer, EndsWith("bbbthe end"));
        EXPECT_THAT(client.hear(), EndsWith("GET /after "));
    }
}

TEST_F(HttpServer, RefusesWhatIsBeyondTheInFlightBoundAtOnce) {
    ServerSettings settings;
    settings.threads = 4;
    settings.max_in_flight = 1;
    start(settings);
    Client served(port());
    served.say(get("/wait"));
    await_served(1);
    Client refused(port());
    refused.say(get("/second"));
    const std::string answer = refused.hear();
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 503 "));
    EXPECT_THAT(answer, HasSubstr("Retry-After: 1\r\n"));
    EXPECT_THAT(answer, HasSubstr("/problems/http.overloaded"));
    release_.set_value();
    EXPECT_THAT(served.hear(), HasSubstr("GET /wait"));
    refused.say(get("/again"));
    EXPECT_THAT(refused.hear(), HasSubstr("GET /again"));
}

TEST_F(HttpServer, ServesThoseInLineWhenAThreadIsFree) {
    ServerSettings settings;
    settings.threads = 1;
    start(settings);
    Client served(port());
    served.say(get("/wait"));
    await_served(1);
    std::vector<std::unique_ptr<Client>> waiting;
    for (int i = 0; i < 10; ++i) {
        waiting.push_back(std::make_unique<Client>(port(), ("127.0.0." + std::to_string(2 + i)).c_str()));
        waiting.back()->say(get("/" + std::to_string(i)));
    }
    release_.set_value();
    EXPECT_THAT(served.hear(), HasSubstr("GET /wait"));
    for (std::size_t i = 0; i < 10; ++i)
        EXPECT_THAT(waiting[i]->hear(), EndsWith("GET /" + std::to_string(i) + " "));
}

TEST_F(HttpServer, GivesAnAddressNoMorePlacesForOtherCredentials) {
    ServerSettings settings;
    settings.threads = 4;
    start(settings);
    std::vector<std::unique_ptr<Client>> waiting;
    for (int i = 0; i < 6; ++i) {
        waiting.push_back(std::make_unique<Client>(port()));
        waiting.back()->say(
            get("/wait", "Authorization: Bearer made-up\r\nCookie: n=" + std::to_string(i) + "\r\n"));
    }
    await_served(2);
    Client other(port(), "127.0.0.2");
    other.say(get("/"));
    EXPECT_THAT(other.hear(), StartsWith("HTTP/1.1 200 "));
    EXPECT_EQ(served_, 3) << "two of four places, and the one of another address";
    release_.set_value();
    for (const auto& each : waiting) EXPECT_THAT(each->hear(), HasSubstr("GET /wait"));
}

TEST_F(HttpServer, DoesNotLetARequestWaitForEver) {
    ServerSettings settings;
    settings.threads = 1;
    settings.queue_timeout = 60ms;
    start(settings);
    Client served(port());
    served.say(get("/wait"));
    await_served(1);
    Client waiting(port());
    waiting.say(get("/second"));
    EXPECT_THAT(waiting.hear(), StartsWith("HTTP/1.1 503 "));
    release_.set_value();
    EXPECT_THAT(served.hear(), StartsWith("HTTP/1.1 200 "));
    EXPECT_EQ(served_, 1);
}

TEST_F(HttpServer, FinishesWhatIsInFlightWhenStopped) {
    Server& server = start();
    Client busy(port());
    busy.say(get("/wait"));
    await_served(1);
    Client idle(port());
    idle.say(get("/1"));
    idle.hear();
    std::thread stopper([&] { server.stop(); });
    EXPECT_TRUE(idle.is_closed());
    release_.set_value();
    const std::string answer = busy.hear();
    EXPECT_THAT(answer, HasSubstr("GET /wait"));
    EXPECT_THAT(answer, HasSubstr("Connection: close\r\n"));
    EXPECT_TRUE(busy.is_closed());
    stopper.join();
    server.wait();
    EXPECT_FALSE(Client(server.port()).connected());
}

TEST_F(HttpServer, CutsWhatDoesNotEndWithinTheDrain) {
    ServerSettings settings;
    settings.drain = 50ms;
    Server& server = start(settings);
    Client half(port());
    half.say("GET / HTTP/1.1\r\n");
    Client(port()).say(get("/"));
    await_served(1);
    const auto begin = std::chrono::steady_clock::now();
    server.stop();
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
    EXPECT_TRUE(half.is_closed());
}

TEST_F(HttpServer, BelievesOnlyConfiguredProxies) {
    ServerSettings settings;
    settings.trusted_proxies = {"127.0.0.2"};
    start(settings);
    const std::string request = get("/who",
                                    "X-Forwarded-For: 6.6.6.6, 203.0.113.9\r\nX-Forwarded-Proto: https\r\n"
                                    "X-Request-Id: from-the-proxy-1\r\n");
    Client stranger(port());
    stranger.say(request);
    EXPECT_THAT(stranger.hear(), HasSubstr("\r\n\r\n127.0.0.1 plain "));
    Client proxy(port(), "127.0.0.2");
    proxy.say(request);
    const std::string answer = proxy.hear();
    EXPECT_THAT(answer, EndsWith("203.0.113.9 secure from-the-proxy-1"));
    EXPECT_THAT(answer, HasSubstr("X-Request-Id: from-the-proxy-1\r\n"));
    proxy.say(get("/who", "X-Request-Id: bad id\r\n"));
    EXPECT_THAT(proxy.hear(), HasSubstr("\r\n\r\n127.0.0.2 plain "));
}

TEST_F(HttpServer, SurvivesAServeThatThrows) {
    start();
    Client client(port());
    client.say(get("/throw"));
    const std::string answer = client.hear();
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 500 "));
    EXPECT_THAT(answer, Not(HasSubstr("a bug")));
    client.say(get("/next"));
    EXPECT_THAT(client.hear(), StartsWith("HTTP/1.1 200 "));
}

TEST_F(HttpServer, CompressesLongTextForThoseWhoTakeIt) {
    start();
    Client client(port());
    client.say(get("/text", "Accept-Encoding: gzip\r\n"));
    const std::string packed = client.hear();
    EXPECT_THAT(packed, HasSubstr("Content-Encoding: gzip\r\n"));
    EXPECT_THAT(packed, HasSubstr("Vary: Accept-Encoding\r\n"));
    EXPECT_LT(packed.size(), 600U);
    client.say(get("/text"));
    const std::string plain = client.hear();
    EXPECT_THAT(plain, HasSubstr("Vary: Accept-Encoding\r\n"));
    EXPECT_THAT(plain, HasSubstr("Content-Length: 5000\r\n"));
    client.say(get("/short", "Accept-Encoding: gzip\r\n"));
    EXPECT_THAT(client.hear(), Not(HasSubstr("Vary")));
}

TEST_F(HttpServer, SendsALargeAnswerToASlowReader) {
    start();
    Client client(port());
    client.say(get("/large", close_line));
    await_served(1);
    const std::string answer = client.hear_all();
    EXPECT_EQ(answer.size() - answer.find("\r\n\r\n") - 4, 16'000'000U);
}

TEST_F(HttpServer, GivesUpOnAReaderThatDoesNotRead) {
    ServerSettings settings;
    settings.write_timeout = 60ms;
    Server& server = start(settings);
    Client client(port());
    client.say(get("/large"));
    await_served(1);
    const auto begin = std::chrono::steady_clock::now();
    server.stop();  // returns when the last connection is gone, long before the drain would cut it
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 15s);
    EXPECT_LT(client.hear_all().size(), 16'000'000U);
}

TEST_F(HttpServer, EndsAConnectionAfterItsLastRequest) {
    ServerSettings settings;
    settings.keep_alive_requests = 2;
    start(settings);
    Client client(port());
    client.say(get("/1") + get("/2") + get("/3"));
    EXPECT_THAT(client.hear(), Not(HasSubstr("Connection: close")));
    EXPECT_THAT(client.hear(), HasSubstr("Connection: close"));
    EXPECT_TRUE(client.is_closed());
    EXPECT_EQ(served_, 2);
}

TEST_F(HttpServer, SpeaksToHttp10) {
    start();
    EXPECT_THAT(ask("GET / HTTP/1.0\r\nHost: a\r\n\r\n"), HasSubstr("Connection: close\r\n"));
    Client client(port());
    client.say("GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_THAT(client.hear(), HasSubstr("Connection: keep-alive\r\n"));
}

TEST_F(HttpServer, SaysWhichPortIsTaken) {
    start();
    ServerSettings settings;
    settings.port = port();
    Server second(settings, [](const Request&) { return Response{}; });
    try {
        second.start();
        FAIL();
    } catch (const std::runtime_error& error) {
        EXPECT_THAT(error.what(), HasSubstr("port " + std::to_string(port())));
    }
}
