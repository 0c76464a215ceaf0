#include "apps/auth/tests/second_factor_studio.hpp"
#include "core/access/sealed_text.hpp"
#include "core/access/tokens.hpp"

namespace tamiti::test {
namespace {

/// A studio whose secret key is changed while people are signed in.
class KeyRotation : public FactorStudio {
public:
    void TearDown() override { use(first, ""); }

    /// Starts the program anew with these keys: what it remembers of the old ones is gone.
    static void use(const std::string& secret, const std::string& previous) {
        site().secret = secret;
        site().previous_secret = previous;
        AccessTokens& remembered = site().memory.get<AccessTokens>(site());
        std::destroy_at(&remembered);
        std::construct_at(&remembered, site());
    }

    static inline const std::string first = "a secret of the tests that is long enough";
    static inline const std::string second = "another secret, which comes after the first one";
    static inline const std::string third = "a third one for when the first one is long gone";
};

TEST_F(KeyRotation, KeepsPeopleSignedInWhileBothKeysLive) {
    account("ada");
    const Answer before = log_in("ada");
    use(second, first);
    EXPECT_EQ(me(before.text("access")), 200) << "signed with the key before";
    const Answer after = log_in("ada");
    EXPECT_EQ(me(after.text("access")), 200);
    EXPECT_EQ(refresh(before.text("refresh")).status, 200) << "no key is in a refresh token";
    use(third, second);
    EXPECT_EQ(me(before.text("access")), 401) << "its key is gone";
    EXPECT_EQ(me(after.text("access")), 200);
    use(second, third);
    EXPECT_EQ(me(after.text("access")), 200) << "a key may be known before it signs";
}

TEST_F(KeyRotation, SignsWithTheFirstKeyOnly) {
    const AccessTokens old_node(Site{.secret = first});
    Site site{.secret = second, .previous_secret = first};
    const AccessTokens new_node(site);
    const Timestamp now{std::chrono::seconds(1'790'000'000)};
    const AccessClaims claims{.user = Uuid::make(),
                              .session = Uuid::make(),
                              .id = Uuid::make(),
                              .issued_at = now,
                              .expires_at = now + std::chrono::minutes(15)};
    EXPECT_EQ(new_node.verify(old_node.issue(claims), now).id, claims.id);
    EXPECT_THROW(old_node.verify(new_node.issue(claims), now), Problem);
    site.previous_secret = second;
    EXPECT_NO_THROW(AccessTokens{site}) << "the same key twice is one key";
}

TEST_F(KeyRotation, LosesNoSecondFactor) {
    account("grace");
    const Factor factor = turn_on("grace");
    clock().advance(std::chrono::minutes(1));
    use(second, first);
    const auto stored = [] {
        return sql("SELECT secret FROM auth_second_factor WHERE account = $1", user("grace"));
    };
    const std::string sealed = stored();
    transact(site(), Actor::system(), [](Tx& tx) { auth::reseal_second_factors(tx, {}); });
    EXPECT_NE(stored(), sealed);
    use(third, second);
    EXPECT_EQ(log_in_with("grace", code_of(factor.secret)).status, 200);
    use(second, "");
    clock().advance(std::chrono::minutes(1));
    EXPECT_EQ(log_in_with("grace", code_of(factor.secret)).status, 503)
        << "sealed anew under the third key by the log in";
}

TEST_F(KeyRotation, LeavesCursorsWhereTheyWere) {
    user("boss", {Role::admin});
    for (const char* name : {"one", "two", "three"}) user(name);
    const Answer page = get("boss", "/users?cursor=&page_size=2");
    const std::string next = page.text("next");
    const std::string path = next.substr(next.find("/api/v1"));
    use(second, first);
    sign_in_again("boss");
    const Answer more = get("boss", path);
    EXPECT_EQ(more.status, 200) << more.body;
    EXPECT_EQ(more.ids().size(), 2U);
    use(third, second);
    sign_in_again("boss");
    EXPECT_EQ(get("boss", path).status, 400);
}

TEST_F(KeyRotation, GivesOneSuccessorToARepeatedRefresh) {
    account("mobile");
    const std::string token = log_in("mobile").text("refresh");
    const std::string successor = refresh(token).text("refresh");
    use(second, first);
    const Answer again = refresh(token);
    ASSERT_EQ(again.status, 200) << again.body;
    EXPECT_EQ(again.text("refresh"), successor) << "whatever key computes it";
    EXPECT_EQ(refresh(successor).status, 200);
}

TEST(SealedText, OpensForItsPurposeContextAndSiteOnly) {
    const Site one{.secret = std::string(32, '1')};
    const Site two{.secret = std::string(32, '2')};
    const std::string sealed = seal_text(one, "a purpose", "row 1", "the text");
    EXPECT_NE(sealed, seal_text(one, "a purpose", "row 1", "the text")) << "two never look alike";
    ASSERT_TRUE(open_text(one, "a purpose", "row 1", sealed));
    EXPECT_EQ(open_text(one, "a purpose", "row 1", sealed)->text, "the text");
    EXPECT_FALSE(open_text(one, "a purpose", "row 1", sealed)->is_stale);
    EXPECT_FALSE(open_text(one, "another", "row 1", sealed));
    EXPECT_FALSE(open_text(one, "a purpose", "row 2", sealed));
    EXPECT_FALSE(open_text(two, "a purpose", "row 1", sealed));
    EXPECT_FALSE(open_text(one, "a purpose", "row 1", ""));
    EXPECT_FALSE(open_text(one, "a purpose", "row 1", "!!"));
    for (std::size_t i = 0; i < sealed.size(); ++i) {
        std::string changed = sealed;
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        EXPECT_FALSE(open_text(one, "a purpose", "row 1", changed)) << i;
    }
    const Site rotated{.secret = std::string(32, '2'), .previous_secret = std::string(32, '1')};
    ASSERT_TRUE(open_text(rotated, "a purpose", "row 1", sealed));
    EXPECT_TRUE(open_text(rotated, "a purpose", "row 1", sealed)->is_stale);
}

}  // namespace
}  // namespace tamiti::test
