#include <gtest/gtest.h>

#include <filesystem>

#include "core/program/app.hpp"

namespace tamiti::test {
namespace {

/// An app that is installed and whose folder lacks its table would be asked by nobody.
TEST(AuthorizationMatrices, AreThereForEveryInstalledApp) {
    for (const App& app : installed_apps()) {
        const std::string folder = app.name == "core" ? "/tests/matrix" : "/src/apps/" + app.name + "/tests";
        EXPECT_TRUE(std::filesystem::exists(TAMITI_SOURCE_DIR + folder + "/authorization_matrix.txt"))
            << folder;
    }
}

}  // namespace
}  // namespace tamiti::test
