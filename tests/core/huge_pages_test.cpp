#include "core/access/huge_pages.hpp"

#include <gtest/gtest.h>

#include <sodium.h>
#include <cstdint>
#include <fstream>
#include <string>

namespace tamiti {
namespace {

constexpr std::size_t size = 19 * 1024 * 1024 + 63;

/// What /proc/self/smaps says of the memory that begins there: "rd wr … hg" where it is of huge pages.
std::string flags_of(const void* memory) {
    std::ifstream maps("/proc/self/smaps");
    bool found = false;
    for (std::string line; std::getline(maps, line);) {
        if (line.find('-') < 17 && line.find('-') != std::string::npos && line.find(':') > 17) {
            const auto dash = line.find('-');
            const auto from = std::stoull(line.substr(0, dash), nullptr, 16);
            const auto to = std::stoull(line.substr(dash + 1), nullptr, 16);
            const auto wanted = reinterpret_cast<std::uintptr_t>(memory);
            found = from <= wanted && wanted < to;
        }
        if (found && line.starts_with("VmFlags:")) return line;
    }
    return "";
}

TEST(HugePages, AreWhatLibsodiumGetsForMuchMemoryWhileTheyAreWanted) {
    ASSERT_GE(sodium_init(), 0);
    void* memory = nullptr;
    {
        const HugePages wanted;
        memory = sodium_malloc(size);
    }
    ASSERT_NE(memory, nullptr);
    EXPECT_NE(flags_of(memory).find(" hg"), std::string::npos) << flags_of(memory);
    static_cast<char*>(memory)[size - 1] = 'x';
    sodium_free(memory);
    EXPECT_EQ(flags_of(memory), "") << "something stayed mapped";
}

TEST(HugePages, AreNotWantedForLittleMemoryNorLater) {
    ASSERT_GE(sodium_init(), 0);
    void* little = nullptr;
    {
        const HugePages wanted;
        little = sodium_malloc(4096);
    }
    void* later = sodium_malloc(size);
    EXPECT_EQ(flags_of(little).find(" hg"), std::string::npos);
    EXPECT_EQ(flags_of(later).find(" hg"), std::string::npos);
    sodium_free(little);
    sodium_free(later);
}

}  // namespace
}  // namespace tamiti
