#include "core/base/uuid.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <thread>
#include <unordered_set>
#include <vector>

using tamiti::Uuid;

namespace {

std::uint64_t milliseconds_of(const Uuid& id) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < 6; ++i) value = value << 8 | id.bytes[i];
    return value;
}

TEST(UuidTest, AnIdHasVersionSevenAndTheVariantOfTheRfc) {
    for (int i = 0; i < 1000; ++i) {
        const Uuid id = Uuid::make();
        EXPECT_EQ(id.bytes[6] >> 4, 7);
        EXPECT_EQ(id.bytes[8] >> 6, 0b10);
    }
}

TEST(UuidTest, AnIdCarriesTheTimeItWasMade) {
    using namespace std::chrono;
    const auto now = duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
    EXPECT_NEAR(static_cast<double>(milliseconds_of(Uuid::make())), static_cast<double>(now), 5'000);
}

TEST(UuidTest, IdsOfOneThreadGrow) {
    Uuid last = Uuid::make();
    for (int i = 0; i < 200'000; ++i) {
        const Uuid next = Uuid::make();
        ASSERT_LT(last, next);
        last = next;
    }
}

TEST(UuidTest, IdsOfManyThreadsDiffer) {
    std::vector<std::vector<Uuid>> made(8);
    std::vector<std::thread> threads;
    for (auto& ids : made) {
        threads.emplace_back([&ids] {
            for (int i = 0; i < 20'000; ++i) ids.push_back(Uuid::make());
        });
    }
    for (auto& thread : threads) thread.join();
    std::unordered_set<Uuid> all;
    for (const auto& ids : made) all.insert(ids.begin(), ids.end());
    EXPECT_EQ(all.size(), 160'000U);
}

TEST(UuidTest, AChildProcessDoesntRepeatTheRandomBitsOfItsParent) {
    Uuid::make();
    int pipe_ends[2];
    ASSERT_EQ(pipe(pipe_ends), 0);
    const pid_t child = fork();
    if (child == 0) {
        const Uuid id = Uuid::make();
        _exit(write(pipe_ends[1], id.bytes.data(), 16) == 16 ? 0 : 1);
    }
    const Uuid ours = Uuid::make();
    Uuid theirs;
    ASSERT_EQ(read(pipe_ends[0], theirs.bytes.data(), 16), 16);
    waitpid(child, nullptr, 0);
    close(pipe_ends[0]);
    close(pipe_ends[1]);
    EXPECT_FALSE(std::equal(ours.bytes.begin() + 9, ours.bytes.end(), theirs.bytes.begin() + 9));
}

TEST(UuidTest, TheTextFormIsReadBack) {
    const Uuid id = Uuid::make();
    EXPECT_EQ(id.text().size(), 36U);
    EXPECT_EQ(Uuid::parse(id.text()), id);
    std::string out = "id=";
    id.append_to(out);
    EXPECT_EQ(out, "id=" + id.text());
}

TEST(UuidTest, EitherCaseIsReadAndLowerCaseIsWritten) {
    const auto id = Uuid::parse("018F3C2E-7A10-7C3A-9B1E-0123456789AB");
    ASSERT_TRUE(id.has_value());
    EXPECT_EQ(id->text(), "018f3c2e-7a10-7c3a-9b1e-0123456789ab");
}

TEST(UuidTest, OtherTextsAreNoIds) {
    for (const char* text :
         {"", "018f3c2e7a107c3a9b1e0123456789ab", "018f3c2e-7a10-7c3a-9b1e-0123456789a",
          "{018f3c2e-7a10-7c3a-9b1e-0123456789ab}", "018f3c2e-7a10-7c3a-9b1e-0123456789ag",
          "018f3c2e-7a10-7c3a-9b1e_0123456789ab", "018f3c2e-7a10-7c3a-9b1e-0123456789ab ",
          "018f3c2-e7a10-7c3a-9b1e-0123456789ab", "018f3c2e-7a10-7c3a-9b1e-012345678 ab"}) {
        EXPECT_FALSE(Uuid::parse(text).has_value()) << text;
    }
}

TEST(UuidTest, HashesSpreadOverBuckets) {
    std::vector<int> buckets(64);
    Uuid id;
    for (int i = 0; i < 6400; ++i) {
        id.bytes[8] = static_cast<std::uint8_t>(i & 1);
        id.bytes[15] = static_cast<std::uint8_t>(i);
        id.bytes[14] = static_cast<std::uint8_t>(i >> 8);
        ++buckets[std::hash<Uuid>{}(id) % 64];
    }
    EXPECT_LT(*std::max_element(buckets.begin(), buckets.end()), 200);
}

}  // namespace
