#include "core/program/command_line.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <mutex>
#include <set>
#include <thread>

#include "core/site/development_secret.hpp"
#include "tests/support/database.hpp"

namespace tamiti::test {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// The program as somebody calls it in an empty folder on a development machine.
class CommandLine : public ::testing::Test {
public:
    struct Said {
        int code = 0;
        std::string out{};
        std::string err{};
    };

    static void SetUpTestSuite() { database = std::make_unique<TestDatabase>(); }
    static void TearDownTestSuite() { database.reset(); }

    void SetUp() override {
        settings.database_url = database->app_url();
        before = fs::current_path();
        folder = fs::temp_directory_path() / ("tamiti-command-line-" + std::to_string(getpid()));
        fs::create_directories(folder);
        fs::current_path(folder);
    }
    void TearDown() override {
        fs::current_path(before);
        fs::remove_all(folder);
    }

    Said say(const std::vector<std::string>& words) {
        testing::internal::CaptureStdout();
        testing::internal::CaptureStderr();
        Said said;
        {
            Program program(settings);
            said.code = run_command(program, words);
        }
        said.out = testing::internal::GetCapturedStdout();
        said.err = testing::internal::GetCapturedStderr();
        return said;
    }

    static std::vector<std::string> files() {
        std::vector<std::string> names;
        for (const auto& entry : fs::recursive_directory_iterator(folder)) names.push_back(entry.path());
        return names;
    }

    static inline std::unique_ptr<TestDatabase> database;
    static inline fs::path before, folder;
    Settings settings;
};

TEST_F(CommandLine, SaysWhichVersionItIs) {
    const Said said = say({"--version"});
    EXPECT_EQ(said.code, 0);
    EXPECT_EQ(said.out, "tamiti " TAMITI_VERSION "\n");
    EXPECT_TRUE(asks_for_version({"--version"}));
    EXPECT_FALSE(asks_for_version({"users", "--version"}));
}

TEST_F(CommandLine, SaysThatThereIsNoSuchCommandAndWhichThereAre) {
    const Said said = say({"nosuch"});
    EXPECT_EQ(said.code, 1);
    EXPECT_THAT(said.err,
                HasSubstr(R"(There is no command "nosuch". These exist: run, web, migrate, health,)"));
    const Said within = say({"jobs", "nosuch"});
    EXPECT_EQ(within.code, 1);
    EXPECT_EQ(
        within.err,
        "There is no command \"jobs nosuch\". These exist: jobs list, jobs show, jobs retry, jobs cancel.\n");
    EXPECT_EQ(within.out, "");
    EXPECT_NE(say({}).code, 0);
    EXPECT_NE(say({"jobs"}).code, 0);
}

TEST_F(CommandLine, RefusesWordsOfFiltersThatNothingCanMatch) {
    EXPECT_EQ(
        say({"jobs", "list", "--state", "nosuch"}).err,
        "There is no state \"nosuch\". These exist: waiting, blocked, running, done, cancelled, dead.\n");
    EXPECT_THAT(say({"jobs", "list", "--kind", "nosuch"}).err,
                HasSubstr(R"(There is no kind of jobs "nosuch". These exist: core.remove_old, )"));
    EXPECT_THAT(say({"jobs", "list", "--queue", "nosuch"}).err, HasSubstr(R"(There is no queue "nosuch".)"));
    EXPECT_THAT(say({"users", "list", "--role", "nosuch"}).err, HasSubstr(R"(There is no role "nosuch".)"));
    for (const char* option : {"--state", "--kind", "--queue"})
        EXPECT_EQ(say({"jobs", "list", option, "nosuch"}).code, 1) << option;
    const Said none = say({"jobs", "list", "--state", "dead", "--kind", "core.listen"});
    EXPECT_EQ(none.code, 0) << none.err;
    EXPECT_THAT(none.out, HasSubstr("There are no such jobs."));
}

TEST_F(CommandLine, LeavesNothingInTheFolderItOnlyLooksFrom) {
    for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{{"doctor"},
                                                                                       {"--help"},
                                                                                       {"routes"},
                                                                                       {"describe"},
                                                                                       {"errors"},
                                                                                       {"settings"},
                                                                                       {"check"},
                                                                                       {"jobs", "list"},
                                                                                       {"mail", "list"},
                                                                                       {"users", "list"}}) {
        say(words);
        EXPECT_THAT(files(), IsEmpty()) << words.front();
    }
}

TEST_F(CommandLine, MakesTheSecretOfADevelopmentMachineOnceForAllProcesses) {
    std::set<std::string> secrets;
    std::mutex mutex;
    {
        std::vector<std::jthread> processes;
        for (int i = 0; i < 8; ++i)
            processes.emplace_back([&] {
                const DevelopmentSecret secret(".local");
                const std::string text = secret.text();
                const std::lock_guard lock(mutex);
                secrets.insert(text);
            });
    }
    EXPECT_EQ(secrets.size(), 1U);
    EXPECT_EQ(secrets.begin()->size(), 64U);
    EXPECT_THAT(files(), ::testing::UnorderedElementsAre((folder / ".local").string(),
                                                         (folder / ".local" / "secret_key").string()));
    EXPECT_EQ(fs::status(".local/secret_key").permissions(), fs::perms::owner_read | fs::perms::owner_write);
    Program one(settings), other(settings);
    EXPECT_EQ(one.sites.first().key("test"), other.sites.first().key("test"));
}

}  // namespace
}  // namespace tamiti::test
