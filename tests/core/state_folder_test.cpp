#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "core/base/settings.hpp"
#include "core/base/uuid.hpp"
#include "core/site/site.hpp"

namespace tamiti {
namespace {

mode_t mode_of(const std::filesystem::path& path) {
    struct stat found {};
    EXPECT_EQ(::stat(path.c_str(), &found), 0) << path;
    return found.st_mode & 0777;
}

TEST(StateFolder, AndTheKeyInItAreForTheirOwnerAlone) {
    const auto folder = std::filesystem::path(testing::TempDir()) / Uuid::make().text();
    Settings settings;
    settings.state_dir = folder.string();
    const mode_t usual = ::umask(0);
    const std::string key = default_site(settings)->key("a test");
    ::umask(usual);
    EXPECT_EQ(mode_of(folder), 0700U);
    EXPECT_EQ(mode_of(folder / "secret_key"), 0600U);
    EXPECT_EQ(default_site(settings)->key("a test"), key) << "and it is kept";
    std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace tamiti
