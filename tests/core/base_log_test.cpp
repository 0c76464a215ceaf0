#include "core/base/log.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cmath>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>
#include <vector>

#include "core/base/complaint.hpp"
#include "core/base/json.hpp"
#include "core/base/text.hpp"
#include "core/base/time.hpp"

using namespace tamiti;
using namespace std::string_view_literals;

namespace {

/// What a piece of work writes to standard output, line by line.
template <class Work>
std::vector<std::string> lines_of(const Work& work) {
    const std::string path = testing::TempDir() + "log_test_" + std::to_string(getpid());
    log::flush();
    const int kept = dup(STDOUT_FILENO);
    std::FILE* const file = std::freopen(path.c_str(), "w", stdout);
    EXPECT_NE(file, nullptr);
    work();
    log::flush();
    std::fflush(stdout);
    dup2(kept, STDOUT_FILENO);
    close(kept);
    std::vector<std::string> lines;
    std::ifstream in(path, std::ios::binary);
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    unlink(path.c_str());
    return lines;
}

TEST(LogTest, AnEventIsOneLineOfJson) {
    const auto lines = lines_of([] {
        log::info("request", {{"path", "/api"},
                              {"status", 200},
                              {"seconds", 0.25},
                              {"cached", false},
                              {"size", std::int64_t{1} << 40}});
    });
    ASSERT_EQ(lines.size(), 1U);
    const auto line = json::parse(lines[0]).as_object();
    EXPECT_TRUE(parse_timestamp(std::string_view(line.at("at").as_string())).has_value());
    EXPECT_EQ(line.at("level"), "info");
    EXPECT_EQ(line.at("event"), "request");
    EXPECT_EQ(line.at("path"), "/api");
    EXPECT_EQ(line.at("status"), 200);
    EXPECT_EQ(line.at("seconds"), 0.25);
    EXPECT_EQ(line.at("cached"), false);
    EXPECT_EQ(line.at("size"), std::int64_t{1} << 40);
}

TEST(LogTest, AValueCanNeitherForgeALineNorMoveTheCursor) {
    const std::vector<std::string> hostile = {"x\n{\"level\":\"error\"}",
                                              "\r\x1b[2J",
                                              "\xC2\x9B"
                                              "31m",
                                              "\xE2\x80\xAEtxt.exe",
                                              "\",\"level\":\"error",
                                              "\xFF\xC0\x80é",
                                              std::string("\0", 1),
                                              "\x7F"};
    const auto lines = lines_of([&] {
        for (const auto& value : hostile) log::info("e", {{"value", value}, {value, 1}});
    });
    ASSERT_EQ(lines.size(), hostile.size());
    for (const auto& line : lines) {
        EXPECT_TRUE(is_utf8(line));
        EXPECT_FALSE(has_control_characters(line)) << line;
        EXPECT_EQ(line.find("\xC2\x9B"), line.npos);
        EXPECT_EQ(boost::json::parse(line).at("level"), "info");
    }
    EXPECT_EQ(boost::json::parse(lines[5]).at("value"), "\uFFFD\uFFFD\uFFFDé");
    EXPECT_EQ(boost::json::parse(lines[1]).at("value"), "\r\x1b[2J");
}

TEST(LogTest, ValuesThatJsonLacksAndLongOnesAreTamed) {
    const auto lines = lines_of([] {
        log::info("e", {{"number", std::nan("")},
                        {"text", std::string(100'000, 'x')},
                        {"wide", std::string(100'000, '\xE2')}});
    });
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_LT(lines[0].size(), 70'000U);
    EXPECT_TRUE(boost::json::parse(lines[0]).at("number").is_null());
}

TEST(LogTest, EventsBelowTheLevelAreLeftOut) {
    const auto lines = lines_of([] {
        log::start("warning");
        log::info("quiet");
        log::warning("loud");
        log::start("info");
    });
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_NE(lines[0].find("loud"), std::string::npos);
    EXPECT_ANY_THROW(log::start("loudest"));
}

TEST(LogTest, ItsThreadLeavesSignalsToTheOthers) {
    log::start("info");
    std::string blocked;
    for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
        std::string name;
        std::getline(std::ifstream(task.path() / "comm"), name);
        std::ifstream status(task.path() / "status");
        for (std::string line; name == "log" && std::getline(status, line);)
            if (line.starts_with("SigBlk:")) blocked = line.substr(line.find_last_of("\t ") + 1);
    }
    const auto mask = std::stoull(blocked, nullptr, 16);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) EXPECT_TRUE(mask >> (signal - 1) & 1U) << signal;
}

TEST(LogTest, LinesOfManyThreadsStayWhole) {
    const auto lines = lines_of([] {
        std::vector<std::thread> threads;
        for (int t = 0; t < 4; ++t) {
            threads.emplace_back([] {
                for (int i = 0; i < 1000; ++i)
                    log::info("event", {{"text", std::string(100, 'x')}, {"number", i}});
            });
        }
        for (auto& thread : threads) thread.join();
    });
    ASSERT_EQ(lines.size(), 4000U);
    for (const auto& line : lines) ASSERT_NO_THROW(json::parse(line)) << line;
}

TEST(ComplaintTest, SaysItOnceHoweverManyThreadsComplainAndThatItIsOver) {
    Complaint complaint("outage", std::chrono::minutes(10));
    const auto lines = lines_of([&] {
        std::vector<std::thread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&] {
                for (int i = 0; i < 100; ++i) complaint.make("no answer");
            });
        for (auto& thread : threads) thread.join();
        complaint.withdraw();
        complaint.withdraw();
        complaint.make("again, within the second");
    });
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_NE(lines[0].find("no answer"), std::string::npos) << lines[0];
    EXPECT_NE(lines[1].find("over"), std::string::npos) << lines[1];
}

TEST(ComplaintTest, SaysHowManyItHeldBack) {
    Complaint complaint("outage", std::chrono::milliseconds(20));
    const auto lines = lines_of([&] {
        const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(50);
        while (std::chrono::steady_clock::now() < end) complaint.make("no answer");
    });
    ASSERT_GE(lines.size(), 2U);
    EXPECT_LE(lines.size(), 3U);
    const auto held_back = [](const std::string& line) {
        return json::parse(line).at("held_back").as_int64();
    };
    EXPECT_EQ(held_back(lines[0]), 0) << lines[0];
    EXPECT_GT(held_back(lines[1]), 0) << lines[1];
}

}  // namespace
