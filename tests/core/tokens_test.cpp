#include "core/access/tokens.hpp"

#include <gtest/gtest.h>
#include <sodium.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <thread>
#include <vector>

#include "core/access/token_cache.hpp"
#include "core/base/text.hpp"
#include "core/site/site.hpp"

namespace tamiti {
namespace {

using std::chrono::seconds;

const std::string secret(32, 'k');
const std::string other_secret(32, 'o');
const Timestamp noon = Timestamp(seconds(1'790'000'000));

AccessTokens tokens() {
    return AccessTokens({{"now", secret}, {"before", other_secret}}, "tamiti", "studio.example");
}

AccessClaims claims() {
    return {.user = Uuid::make(),
            .session = Uuid::make(),
            .id = Uuid::make(),
            .issued_at = noon,
            .expires_at = noon + seconds(900)};
}

/// What another program would sign: the same construction, written independently of the code under test.
std::string signed_with(const std::string& key, const std::string& head, const std::string& body) {
    const std::string text = base64url(head) + "." + base64url(body);
    std::string signature(32, '\0');
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, reinterpret_cast<const unsigned char*>(key.data()), key.size());
    crypto_auth_hmacsha256_update(&state, reinterpret_cast<const unsigned char*>(text.data()), text.size());
    crypto_auth_hmacsha256_final(&state, reinterpret_cast<unsigned char*>(signature.data()));
    return text + "." + base64url(signature);
}

const std::string head = R"({"alg":"HS256","kid":"now","typ":"at+jwt"})";
const std::string body =
    R"({"iss":"tamiti","aud":"studio.example","sub":"01900000-0000-7000-8000-000000000001",)"
    R"("sid":"01900000-0000-7000-8000-000000000002","jti":"01900000-0000-7000-8000-000000000003",)"
    R"("iat":1790000000,"nbf":1790000000,"exp":1790000900})";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const std::size_t at = text.find(from);
    EXPECT_NE(at, text.npos) << from;
    return text.replace(at, from.size(), to);
}

/// Every refusal is the same, whatever the reason.
void expect_refused(const AccessTokens& tokens, const std::string& token, const std::string& why,
                    Timestamp now = noon) {
    try {
        tokens.verify(token, now);
        ADD_FAILURE() << "accepted: " << why;
    } catch (const Problem& problem) {
        const Problem uniform = invalid_token();
        EXPECT_EQ(problem.status(), 401) << why;
        EXPECT_EQ(problem.code(), uniform.code()) << why;
        EXPECT_EQ(problem.detail(), uniform.detail()) << why;
        EXPECT_EQ(problem.headers(), uniform.headers()) << why;
        EXPECT_TRUE(problem.errors().empty()) << why;
    }
}

TEST(AccessTokens, SayWhatWasPutIntoThem) {
    const AccessClaims in = claims();
    const AccessTokens all = tokens();
    const AccessClaims out = all.verify(all.issue(in), noon);
    EXPECT_EQ(out.user, in.user);
    EXPECT_EQ(out.session, in.session);
    EXPECT_EQ(out.id, in.id);
    EXPECT_EQ(out.issued_at, in.issued_at);
    EXPECT_EQ(out.expires_at, in.expires_at);
}

TEST(AccessTokens, AreTakenHoweverTheHeadIsWrittenAsLongAsItSaysTheSame) {
    EXPECT_NO_THROW(tokens().verify(signed_with(secret, head, body), noon));
    EXPECT_NO_THROW(tokens().verify(
        signed_with(secret, R"({ "typ":"at+jwt", "alg":"HS256", "kid":"now" })", body), noon));
}

TEST(AccessTokens, HoldUntilTheyExpireAndNotBeforeTheirTime) {
    const AccessTokens all = tokens();
    const std::string token = all.issue(claims());
    EXPECT_NO_THROW(all.verify(token, noon + seconds(899)));
    expect_refused(all, token, "expired", noon + seconds(900));
    EXPECT_NO_THROW(all.verify(token, noon - seconds(30)));
    expect_refused(all, token, "from the future", noon - seconds(31));
}

TEST(AccessTokens, OfAnOlderKeyHoldWhileThatKeyLives) {
    const AccessTokens older({{"before", other_secret}}, "tamiti", "studio.example");
    const std::string token = older.issue(claims());
    EXPECT_NO_THROW(tokens().verify(token, noon));
    const AccessTokens rotated({{"now", secret}}, "tamiti", "studio.example");
    expect_refused(rotated, token, "of a key that is gone");
}

TEST(AccessTokens, OfASiteWithTwoSecretsAreSignedWithTheFirst) {
    const Site before{.secret = std::string(32, '1')};
    const Site both{.secret = std::string(32, '2'), .previous_secret = std::string(32, '1')};
    const Site after{.secret = std::string(32, '2')};
    const std::string old_token = AccessTokens(before).issue(claims());
    const std::string new_token = AccessTokens(both).issue(claims());
    EXPECT_NO_THROW(AccessTokens(both).verify(old_token, noon));
    EXPECT_NO_THROW(AccessTokens(both).verify(new_token, noon));
    EXPECT_NO_THROW(AccessTokens(after).verify(new_token, noon));
    expect_refused(AccessTokens(after), old_token, "of a secret that is gone");
    expect_refused(AccessTokens(before), new_token, "of a secret that is yet to come");
}

TEST(AccessTokens, SayWhoLooksAsTheUser) {
    AccessClaims in = claims();
    in.viewed_by = Uuid::make();
    const AccessTokens all = tokens();
    EXPECT_EQ(all.verify(all.issue(in), noon).viewed_by, in.viewed_by);
    EXPECT_TRUE(all.verify(all.issue(claims()), noon).viewed_by.is_nil());
}

TEST(AccessTokens, NeedLongKeysWithIdsOfTheirOwn) {
    EXPECT_THROW(AccessTokens({}, "a", "b"), std::logic_error);
    EXPECT_THROW(AccessTokens({{"short", "secret"}}, "a", "b"), std::logic_error);
    EXPECT_THROW(AccessTokens({{"same", secret}, {"same", other_secret}}, "a", "b"), std::logic_error);
}

TEST(AccessTokens, OfOneSiteAreWorthlessAtAnother) {
    Site one{.name = "One", .secret = std::string(32, '1')};
    Site two{.name = "Two", .secret = std::string(32, '2')};
    Site renamed{.name = "Two", .secret = std::string(32, '1')};
    const std::string token = AccessTokens(one).issue(claims());
    EXPECT_NO_THROW(AccessTokens(one).verify(token, noon));
    expect_refused(AccessTokens(two), token, "another site's key");
    expect_refused(AccessTokens(renamed), token, "another audience");
}

TEST(AccessTokens, WithHostileHeadsAreAllRefusedAlike) {
    const AccessTokens all = tokens();
    const std::vector<std::string> heads = {
        R"({"alg":"none","kid":"now","typ":"at+jwt"})",
        R"({"alg":"None","kid":"now","typ":"at+jwt"})",
        R"({"alg":"hs256","kid":"now","typ":"at+jwt"})",
        R"({"alg":"HS512","kid":"now","typ":"at+jwt"})",
        R"({"alg":"RS256","kid":"now","typ":"at+jwt"})",
        R"({"alg":["HS256"],"kid":"now","typ":"at+jwt"})",
        R"({"alg":"HS256","alg":"none","kid":"now","typ":"at+jwt"})",
        R"({"kid":"now","typ":"at+jwt"})",
        R"({"alg":"HS256","typ":"at+jwt"})",
        R"({"alg":"HS256","kid":"../../../../dev/null","typ":"at+jwt"})",
        R"({"alg":"HS256","kid":"now' OR '1'='1","typ":"at+jwt"})",
        R"({"alg":"HS256","kid":"now\u0000","typ":"at+jwt"})",
        R"({"alg":"HS256","kid":"","typ":"at+jwt"})",
        R"({"alg":"HS256","kid":0,"typ":"at+jwt"})",
        R"({"alg":"HS256","kid":"before","typ":"at+jwt"})",  // signed with the other key
        R"({"alg":"HS256","kid":"now","typ":"JWT"})",
        R"({"alg":"HS256","kid":"now","typ":"at+JWT"})",
        R"({"alg":"HS256","kid":"now"})",
        R"({"alg":"HS256","kid":"now","typ":"at+jwt","crit":["exp"],"exp":1})",
        R"({"alg":"HS256","kid":"now","typ":"at+jwt","b64":false})",
        R"({"alg":"HS256","kid":"now","typ":"at+jwt","zip":"DEF"})",
        R"({"alg":"HS256","kid":"now","typ":"at+jwt","cty":"JWT"})",
        R"({"alg":"HS256","kid":"now","typ":"at+jwt","jku":"https://evil.example/keys"})",
        R"({"alg":"HS256","kid":"now","typ":"at+jwt","x5u":"https://evil.example/cert"})",
        R"({"alg":"HS256","kid":"now","typ":"at+jwt","jwk":{"kty":"oct","k":"a2s"}})",
        R"(["HS256"])",
        R"("HS256")",
        R"(null)",
        R"({"alg":"HS256","kid":"now","typ":"at+jwt"} {})",
        R"({"alg":"HS256","kid":"now","typ":"at+jwt")",
        "",
        "\xff\xfe",
    };
    for (const std::string& hostile : heads) expect_refused(all, signed_with(secret, hostile, body), hostile);
}

TEST(AccessTokens, WithHostileClaimsAreAllRefusedAlike) {
    const AccessTokens all = tokens();
    const auto refused = [&](const std::string& from, const std::string& to) {
        expect_refused(all, signed_with(secret, head, replaced(body, from, to)), to);
    };
    refused(R"("iss":"tamiti")", R"("iss":"somebody")");
    refused(R"("iss":"tamiti",)", "");
    refused(R"("aud":"studio.example")", R"("aud":"other.example")");
    refused(R"("aud":"studio.example")", R"("aud":["studio.example","other.example"])");
    refused(R"("sub":"01900000-0000-7000-8000-000000000001")", R"("sub":"admin")");
    refused(R"("sub":"01900000-0000-7000-8000-000000000001")",
            R"("sub":"00000000-0000-0000-0000-000000000000")");
    refused(R"("sid":"01900000-0000-7000-8000-000000000002",)", "");
    refused(R"("jti":"01900000-0000-7000-8000-000000000003",)", "");
    refused(R"("exp":1790000900)", R"("exp":"1790000900")");
    refused(R"("exp":1790000900)", R"("exp":1790000900.5)");
    refused(R"("exp":1790000900)", R"("exp":1e300)");
    refused(R"("exp":1790000900)", R"("exp":-1)");
    refused(R"("exp":1790000900)", R"("exp":99999999999999)");
    refused(R"("exp":1790000900)", R"("exp":null)");
    refused(R"(,"exp":1790000900)", "");
    refused(R"("nbf":1790000000)", R"("nbf":1790000031)");
    refused(R"("iat":1790000000)", R"("iat":1790000031)");
    refused(R"("sub":)", R"("sub":"01900000-0000-7000-8000-000000000009","sub":)");
    for (
        const std::string act :
        {R"("act":null)", R"("act":{})", R"("act":[])", R"("act":"01900000-0000-7000-8000-000000000004")",
         R"("act":{"sub":"admin"})", R"("act":{"sub":"00000000-0000-0000-0000-000000000000"})",
         R"("act":{"sub":"01900000-0000-7000-8000-000000000004","act":{}})",
         R"("act":{"sub":"01900000-0000-7000-8000-000000000004","sub":"01900000-0000-7000-8000-000000000005"})"})
        refused(R"("nbf":)", act + R"(,"nbf":)");
    expect_refused(all, signed_with(secret, head, "[]"), "an array");
    expect_refused(all, signed_with(secret, head, std::string(5000, '[')), "deep");
    expect_refused(all, signed_with(secret, head, ""), "nothing");
}

TEST(AccessTokens, InAnyOtherSpellingAreRefused) {
    const AccessTokens all = tokens();
    const std::string token = signed_with(secret, head, body);
    ASSERT_NO_THROW(all.verify(token, noon));
    expect_refused(all, "", "empty");
    expect_refused(all, ".", "one dot");
    expect_refused(all, "..", "two dots");
    expect_refused(all, token + ".", "three dots");
    expect_refused(all, token + "." + token, "two tokens");
    expect_refused(all, token + "=", "padded");
    expect_refused(all, token + " ", "a blank behind");
    expect_refused(all, " " + token, "a blank before");
    expect_refused(all, token + "\n", "a line feed behind");
    expect_refused(all, token.substr(0, token.rfind('.') + 1), "without signature");
    expect_refused(all, token.substr(0, token.size() - 1), "a short signature");
    expect_refused(all, std::string(token.size(), '.'), "dots");
    expect_refused(all, std::string(1'000'000, '.'), "a megabyte of dots");
    expect_refused(all, token + std::string(9000, 'A'), "too long");
    expect_refused(all, token + std::string(1, '\0'), "NUL");
    // The last of 43 characters has four bits that count: the others must be zero, or one token would have
    // four spellings.
    const std::string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const std::size_t last = alphabet.find(token.back());
    for (std::size_t i = 0; i < alphabet.size(); ++i)
        if (i != last)
            expect_refused(all, token.substr(0, token.size() - 1) + alphabet[i], "another last character");
}

TEST(AccessTokens, WithAnyOneCharacterChangedAreRefused) {
    const AccessTokens all = tokens();
    const std::string token = all.issue(claims());
    for (std::size_t i = 0; i < token.size(); ++i) {
        std::string changed = token;
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        expect_refused(all, changed, "character " + std::to_string(i));
    }
}

TEST(AccessTokens, ThatAreRefusedOnceAreRefusedAgain) {
    const AccessTokens all = tokens();
    const std::string forged = signed_with(std::string(32, 'x'), head, body);
    for (int i = 0; i < 3; ++i) expect_refused(all, forged, "forged");
}

TEST(AccessTokens, SeenBeforeAreKnownInLittleTime) {
    const AccessTokens all = tokens();
    std::vector<std::string> many;
    for (int i = 0; i < 2000; ++i) many.push_back(all.issue(claims()));
    const auto each = [&] {
        const auto began = std::chrono::steady_clock::now();
        for (const std::string& token : many) all.verify(token, noon);
        const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - began;
        return took.count() / static_cast<double>(many.size());
    };
    const double first = each();
    const double again = std::min({each(), each(), each()});
    RecordProperty("microseconds", std::to_string(again));
    EXPECT_LT(again, first / 2) << "microseconds; the look into the cache costs less than the signature";
}

TEST(AccessTokens, MayBeVerifiedFromSeveralThreads) {
    const AccessTokens all = tokens();
    std::vector<std::string> many;
    for (int i = 0; i < 500; ++i) many.push_back(all.issue(claims()));
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&] {
            for (const std::string& token : many) EXPECT_NO_THROW(all.verify(token, noon));
        });
    for (std::thread& thread : threads) thread.join();
}

TEST(TokenCache, ForgetsTheOldestAndKeepsWhatIsInUse) {
    TokenCache cache;
    const auto name = [](std::size_t i) { return "token " + std::to_string(i) + " AA"; };  // all in one shard
    const AccessClaims hot = claims();
    cache.add("hot AA", hot);
    for (std::size_t i = 0; i < 10 * TokenCache::generation; ++i) {
        cache.add(name(i), claims());
        ASSERT_TRUE(cache.find("hot AA").has_value()) << i;
    }
    EXPECT_EQ(cache.find("hot AA")->user, hot.user);
    EXPECT_FALSE(cache.find(name(0)).has_value());
    std::size_t kept = 0;
    for (std::size_t i = 0; i < 10 * TokenCache::generation; ++i) kept += cache.find(name(i)).has_value();
    EXPECT_LE(kept, 2 * TokenCache::generation);
}

}  // namespace
}  // namespace tamiti
