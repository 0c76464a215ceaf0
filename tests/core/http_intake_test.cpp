#include "core/http/intake.hpp"

#include <dirent.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "core/base/crypto.hpp"
#include "core/http/server.hpp"
#include "tests/core/http_client.hpp"

using namespace tamiti::http;
using namespace std::chrono_literals;
using tamiti::test::Client;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

namespace {

constexpr std::size_t megabyte = 1 << 20;

/// Bodies that go to a file: those that are sent to /file.
class HttpIntake : public testing::Test {
protected:
    Server& start(ServerSettings settings = {}) {
        settings.port = 0;
        settings.threads = 2;
        server_ = std::make_unique<Server>(
            settings, [this](const Request& request) { return answer(request); }, Server::Refused{},
            Screener{.takes_file = [](const Request& head) { return head.path == "/file"; },
                     .look = [this](const Request& head) { return screening(head); }});
        server_->start();
        return *server_;
    }

    Screening screening(const Request& head) {
        ++asked_;
        Screening screening{.asker = std::string(head.header("Authorization"))};
        if (head.path == "/file") screening.most_of_file = 3 * megabyte;
        if (screening.asker != "nobody") return screening;
        screening.refusal.emplace();
        screening.refusal->status = 403;
        screening.refusal->body = "{}";
        return screening;
    }

    Response answer(const Request& request) {
        ++served_;
        Response response;
        response.content_type = "text/plain";
        response.body = std::string(request.path) + " " + std::to_string(request.body.size()) + " ";
        if (request.file)
            response.body += std::to_string(request.file->size) + " " + request.file->sha256 + " " +
                             request.file->bytes.bytes(0, 3);
        return response;
    }

    static std::string head(const std::string& length, const std::string& more = {}) {
        return "POST /file HTTP/1.1\r\nHost: x\r\n" + length + more + "\r\n";
    }
    static std::string of_length(std::size_t bytes) {
        return "Content-Length: " + std::to_string(bytes) + "\r\n";
    }

    /// Descriptors of files without a name that this process has.
    static int open_files() {
        int count = 0;
        DIR* folder = opendir("/proc/self/fd");
        for (const dirent* each; (each = readdir(folder));) {
            char target[256];
            const auto size = readlinkat(dirfd(folder), each->d_name, target, sizeof target);
            if (size > 0 && std::string(target, static_cast<std::size_t>(size)).ends_with("(deleted)"))
                ++count;
        }
        closedir(folder);
        return count;
    }
    static void await_files(int count) {
        for (int i = 0; i < 1000 && open_files() != count; ++i) std::this_thread::sleep_for(5ms);
        EXPECT_EQ(open_files(), count);
    }

    std::atomic<int> asked_{0};
    std::atomic<int> served_{0};
    std::unique_ptr<Server> server_;
};

std::string bytes_of_length(std::size_t size) {
    std::string bytes;
    for (std::size_t i = 0; bytes.size() < size; ++i) bytes += static_cast<char>('a' + i * 7 % 26);
    return bytes;
}

TEST_F(HttpIntake, ABodyIsAFileWithItsSizeAndHashAndTheConnectionGoesOn) {
    Client client(start().port());
    const int before = open_files();
    for (const std::size_t size : {std::size_t{1}, std::size_t{5'000}, 2 * megabyte, 3 * megabyte}) {
        const std::string bytes = bytes_of_length(size);
        client.say(head(of_length(size)) + bytes);
        EXPECT_THAT(client.hear(), HasSubstr("/file 0 " + std::to_string(size) + " " +
                                             tamiti::sha256_hex(bytes) + " " + bytes.substr(0, 3)));
    }
    client.say("POST /other HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc");
    EXPECT_THAT(client.hear(), HasSubstr("/other 3 "));
    EXPECT_EQ(asked_, 4);
    await_files(before);
}

TEST_F(HttpIntake, WhatFollowsABodyIsTheNextRequest) {
    Client client(start().port());
    const std::string bytes = bytes_of_length(40'000);
    client.say(head(of_length(bytes.size())) + bytes + head(of_length(2)) +
               "xyGET /a HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_THAT(client.hear(), HasSubstr("/file 0 40000 "));
    EXPECT_THAT(client.hear(), HasSubstr("/file 0 2 "));
    EXPECT_THAT(client.hear(), HasSubstr("/a 0 "));
}

TEST_F(HttpIntake, AChunkedBodyIsTakenUpToThePermitAndNoFurther) {
    start();
    const std::string part = bytes_of_length(megabyte);
    const auto send = [&](int parts) {
        Client client(server_->port());
        client.say(head("Transfer-Encoding: chunked\r\n"));
        for (int i = 0; i < parts; ++i) client.say("100000\r\n" + part + "\r\n");
        client.say("0\r\n\r\n");
        return client.hear();
    };
    EXPECT_THAT(send(3), HasSubstr("/file 0 " + std::to_string(3 * megabyte) + " " +
                                   tamiti::sha256_hex(part + part + part)));
    EXPECT_THAT(send(4), HasSubstr("The file is larger than it may be: at most 3 MB."));
    EXPECT_EQ(served_, 1);
}

TEST_F(HttpIntake, WhoMayNotSendIsToldBeforeTheBodyIsRead) {
    Client client(start().port());
    client.say(head(of_length(2 * megabyte), "Authorization: nobody\r\nExpect: 100-continue\r\n"));
    EXPECT_THAT(client.hear(), StartsWith("HTTP/1.1 403"));
    EXPECT_TRUE(client.is_closed());
    EXPECT_EQ(served_, 0);
    Client other(server_->port());
    other.say(head(of_length(10), "Expect: 100-continue\r\n"));
    EXPECT_THAT(other.hear(true), StartsWith("HTTP/1.1 100 Continue"));
    EXPECT_EQ(served_, 0);
    other.say("0123456789");
    EXPECT_THAT(other.hear(), HasSubstr("/file 0 10 "));
}

TEST_F(HttpIntake, NobodyHasMoreThanAQuarterOfTheRoom) {
    ServerSettings settings;
    settings.intake_disk = 8 * megabyte;
    start(settings);
    const int before = open_files();
    Client slow(server_->port());
    slow.say(head(of_length(2 * megabyte), "Authorization: greedy\r\n") + "begun");
    await_files(before + 1);
    Client second(server_->port());
    second.say(head(of_length(1'000), "Authorization: greedy\r\n"));
    EXPECT_THAT(second.hear(), HasSubstr("http.uploads_busy"));
    Client other(server_->port());
    other.say(head(of_length(3), "Authorization: modest\r\n") + "abc");
    EXPECT_THAT(other.hear(), HasSubstr("/file 0 3 "));
    slow.say(bytes_of_length(2 * megabyte - 5));
    EXPECT_THAT(slow.hear(), HasSubstr("/file 0 " + std::to_string(2 * megabyte)));
    await_files(before);
    // The room comes back when the disk has it again, a moment after the file was closed.
    std::string answer;
    for (int i = 0; i < 100 && answer.find("/file 0 1 ") == answer.npos; ++i) {
        Client again(server_->port());
        again.say(head(of_length(1), "Authorization: greedy\r\n") + "a");
        answer = again.hear();
        if (i > 0) std::this_thread::sleep_for(20ms);
    }
    EXPECT_THAT(answer, HasSubstr("/file 0 1 "));
}

TEST_F(HttpIntake, AClientThatGoesOrStallsLeavesNoFile) {
    ServerSettings settings;
    settings.body_grace = 200ms;
    start(settings);
    const int before = open_files();
    {
        Client gone(server_->port());
        gone.say(head(of_length(megabyte)) + bytes_of_length(500'000));
        await_files(before + 1);
    }
    await_files(before);
    Client stalled(server_->port());
    stalled.say(head(of_length(megabyte)) + "begun");
    EXPECT_THAT(stalled.hear(), HasSubstr("http.timeout"));
    stalled.hear_all();
    await_files(before);
    EXPECT_EQ(served_, 0);
}

TEST_F(HttpIntake, AllOfABodyIsThereInItsTimeHoweverItComes) {
    ServerSettings settings;
    settings.intake_time = 300ms;
    start(settings);
    Client client(server_->port());
    client.say(head(of_length(megabyte)));
    const auto began = std::chrono::steady_clock::now();
    std::thread sender([&] {
        for (int i = 0; i < 40; ++i) {
            client.say(bytes_of_length(4'000));
            std::this_thread::sleep_for(20ms);
        }
    });
    EXPECT_THAT(client.hear(), HasSubstr("http.timeout"));
    EXPECT_LT(std::chrono::steady_clock::now() - began, 3s);
    sender.join();
    EXPECT_EQ(served_, 0);
}

TEST_F(HttpIntake, TheLimitOfOtherBodiesIsNamed) {
    Client client(start().port());
    client.say("POST /other HTTP/1.1\r\nHost: x\r\nContent-Length: 1048577\r\n\r\n");
    EXPECT_THAT(client.hear(), HasSubstr("A request's body has at most 1 MB here."));
    Client chunked(server_->port());
    chunked.say("POST /other HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n100001\r\n");
    EXPECT_THAT(chunked.hear(), HasSubstr("A request's body has at most 1 MB here."));
}

TEST(IntakeRoom, IsGivenBackWithWhatTookIt) {
    IntakeRoom room(100, 40);
    auto first = room.take("a", 40);
    EXPECT_TRUE(first);
    EXPECT_FALSE(room.take("a", 1));
    const auto second = room.take("b", 40);
    EXPECT_FALSE(room.take("c", 21));
    EXPECT_TRUE(room.take("c", 20));
    first.reset();
    EXPECT_TRUE(room.take("a", 40));
    EXPECT_FALSE(room.take("d", 41));
}

TEST(IntakeRoom, OfAFileIsTakenUntilItsRequestIsAnswered) {
    IntakeRoom room(100, 100);
    IncomingFile incoming(100, room.take("a", 100));
    EXPECT_TRUE(incoming.write("hello"));
    auto file = incoming.finish();
    EXPECT_FALSE(room.take("b", 1));
    EXPECT_EQ(file->sha256, tamiti::sha256_hex("hello"));
    file.reset();
    EXPECT_TRUE(room.take("b", 100));
}

TEST(IntakeWords, NameSizes) {
    EXPECT_EQ(words_of_bytes(25 * megabyte), "25 MB");
    EXPECT_EQ(words_of_bytes(1'000), "1,000 bytes");
}

}  // namespace
