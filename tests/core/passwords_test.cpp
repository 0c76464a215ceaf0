#include "core/access/passwords.hpp"

#include <gtest/gtest.h>

#include <sodium.h>
#include <algorithm>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <thread>
#include <vector>

#include "core/access/common_passwords.hpp"
#include "core/base/problem.hpp"

namespace tamiti {
namespace {

// From the tests of Argon2's reference implementation (phc-winner-argon2, src/test.c).
TEST(Passwords, AreReadAsTheReferenceImplementationWritesThem) {
    const std::string hash =
        "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
    EXPECT_TRUE(verify_password("password", hash));
    EXPECT_FALSE(verify_password("passwore", hash));
}

TEST(Passwords, AreHashedAsArgon2idWithTheParametersThatOwaspNames) {
    EXPECT_TRUE(hash_password("mango-lorry-84").starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
}

TEST(Passwords, AreOneWhicheverKeyboardTheyComeFrom) {
    const std::string hash = hash_password("café noir 84");
    EXPECT_TRUE(verify_password("cafe\u0301\u00a0noir\u300084", hash));
    EXPECT_FALSE(verify_password("cafe noir 84", hash));
    EXPECT_FALSE(verify_password(" café noir 84", hash)) << "blanks around count";
    EXPECT_NE(password_fault("zoe\u0308 namutebi", {"ZOË NAMUTEBI"}), "");
    EXPECT_NE(password_fault("mango\x01-lorry-84"), "");
}

TEST(Passwords, FitHashesThatWereMadeOfWhatWasTyped) {
    const std::string typed = "cafe\u0301-noir-84";
    std::string older(crypto_pwhash_STRBYTES, '\0');
    ASSERT_EQ(crypto_pwhash_str_alg(older.data(), typed.data(), typed.size(), 2, 19UL * 1024 * 1024,
                                    crypto_pwhash_ALG_ARGON2ID13),
              0);
    older.resize(older.find('\0'));
    EXPECT_TRUE(verify_password(typed, older));
    EXPECT_FALSE(verify_password("café-noir-84", older)) << "until the person sets it anew";
}

TEST(Passwords, FitTheirOwnHashOnly) {
    const std::string hash = hash_password("mango-lorry-84");
    EXPECT_TRUE(verify_password("mango-lorry-84", hash));
    EXPECT_FALSE(verify_password("mango-lorry-85", hash));
    EXPECT_FALSE(verify_password("Mango-lorry-84", hash));
    EXPECT_FALSE(verify_password("", hash));
}

TEST(Passwords, OfTheSameTextHaveDifferentHashes) {
    EXPECT_NE(hash_password("mango-lorry-84"), hash_password("mango-lorry-84"));
}

TEST(Passwords, AreNeitherCutOffNorChanged) {
    const std::string longest(1024, 'a');
    const std::string hash = hash_password(longest);
    EXPECT_TRUE(verify_password(longest, hash));
    EXPECT_FALSE(verify_password(std::string(1023, 'a') + "b", hash));
    EXPECT_FALSE(verify_password(longest + "a", hash));
    EXPECT_FALSE(verify_password(" mango-lorry-84", hash_password("mango-lorry-84")));
}

TEST(Passwords, MayBeNothingAtAll) {
    const std::string hash = hash_password({});
    EXPECT_TRUE(verify_password({}, hash));
    EXPECT_TRUE(verify_password("", hash));
    EXPECT_FALSE(verify_password({}, hash_password("mango-lorry-84")));
}

TEST(Passwords, LongerThan1024BytesAreRefusedBeforeHashing) {
    EXPECT_THROW(hash_password(std::string(1025, 'a')), Invalid);
}

TEST(Passwords, OfAnAccountWithoutOneNeverFit) {
    EXPECT_FALSE(verify_password("mango-lorry-84", ""));
    EXPECT_FALSE(verify_password("", ""));
    EXPECT_FALSE(verify_password("mango-lorry-84", "not a hash"));
}

TEST(Passwords, AreCheckedInTheSameTimeWhetherOrNotTheAccountExists) {
    using Clock = std::chrono::steady_clock;
    const std::string hash = hash_password("mango-lorry-84");
    const auto median = [](const std::string& against) {
        std::vector<Clock::duration> times;
        for (int i = 0; i < 9; ++i) {
            const auto began = Clock::now();
            EXPECT_FALSE(verify_password("another-password", against));
            times.push_back(Clock::now() - began);
        }
        std::ranges::nth_element(times, times.begin() + 4);
        return std::chrono::duration<double>(times[4]).count();
    };
    median("");  // the first call makes the hash that is nobody's
    const double known = median(hash);
    const double unknown = median("");
    EXPECT_GT(unknown, known / 3) << "the machine is noisy, but not checking at all would be a thousandth";
    EXPECT_LT(unknown, known * 3);
}

TEST(Passwords, WithOlderParametersAreToBeHashedAgain) {
    EXPECT_FALSE(needs_rehash(hash_password("mango-lorry-84")));
    std::string older(crypto_pwhash_STRBYTES, '\0');
    const std::string password = "mango-lorry-84";
    ASSERT_EQ(crypto_pwhash_str(older.data(), password.data(), password.size(), 1, 8 * 1024 * 1024), 0);
    older.resize(older.find('\0'));
    EXPECT_TRUE(needs_rehash(older));
    EXPECT_TRUE(verify_password(password, older));
}

TEST(Passwords, MustBeLongEnoughAndTheirOwn) {
    EXPECT_EQ(password_fault("mango-lorry-84"), "");
    EXPECT_EQ(password_fault("ŋŋŋŋŋŋabcd"), "") << "characters count, not bytes";
    EXPECT_NE(password_fault("mango-84"), "");
    EXPECT_NE(password_fault(std::string(1025, 'x')), "");
    EXPECT_NE(password_fault("a\xffmango-lorry-84"), "");
    EXPECT_NE(password_fault("namutebi.sandra", {"sandra", "Namutebi.Sandra"}), "");
    EXPECT_EQ(password_fault("namutebi-lorry-84", {"namutebi"}), "");
}

TEST(CommonPasswords, AreFoundHoweverTheyAreDressedUp) {
    for (const char* password :
         {"password123",  "Password2024!", "P4ssw0rd123",  "p@$$w0rd!!",        "iloveyou2024",
          "I love you!",  "1234567890",    "0987654321",   "qwertyuiop",        "qwerty12345",
          "1q2w3e4r5t",   "aaaaaaaaaaaa",  "abcabcabcabc", "passwordpassword",  "welcome123!",
          "letmein123",   "!!jesus777!!",  "arsenal2025",  "kampala2026",       "abcdefghij",
          "1qaz2wsx3edc", "uganda1234",    "tamiti2026",   "Manchesterunited1", "admin12345",
          "changeme!!"})
        EXPECT_TRUE(is_common_password(password)) << password;
}

TEST(CommonPasswords, AreNotWhatNobodyGuessesFirst) {
    for (const char* password :
         {"mango-lorry-84", "correct horse battery staple", "studio-demo-2026", "kanjokya verandah",
          "x7Gd_92mQpl", "dragon8273946105", "owino-market-tuesdays", "Nalongo weaves baskets"})
        EXPECT_FALSE(is_common_password(password)) << password;
}

TEST(HashingGate, LetsAFewInMakesAFewWaitAndSendsTheRestAway) {
    HashingGate gate(1, 1);
    auto inside = std::make_unique<HashingGate::Place>(gate);
    std::atomic<int> entered{0};
    std::atomic<int> refused{0};
    const auto knock = [&] {
        try {
            const HashingGate::Place place(gate);
            ++entered;
        } catch (const Unavailable& problem) {
            EXPECT_EQ(problem.code(), "auth.busy");
            EXPECT_EQ(problem.status(), 503);
            ++refused;
        }
    };
    std::thread first(knock);
    std::thread second(knock);
    while (refused == 0) std::this_thread::yield();  // whoever knocked last
    EXPECT_EQ(entered, 0);
    inside.reset();
    first.join();
    second.join();
    EXPECT_EQ(entered, 1);
    EXPECT_EQ(refused, 1);
}

}  // namespace
}  // namespace tamiti
