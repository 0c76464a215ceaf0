#include <gmock/gmock.h>

#include "apps/common/mentions.hpp"
#include "apps/projects/tests/factories.hpp"

namespace tamiti::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// Ada leads a project with Wanjiku and Wanjiku-two; Boss is an admin.
class Erasure : public Studio {
public:
    static void SetUpTestSuite() {
        Studio::SetUpTestSuite();
        user("boss", {Role::admin});
        project = make_project("ada");
        for (const char* name : {"wanjiku", "wanjiku-two", "kip"}) join("ada", project, name, "member");
    }

    static std::string say(const std::string& text) {
        return make("ada", "/comments",
                    {{"on_model", "projects.project"}, {"on_row", project}, {"body", text}});
    }
    static std::string column(const std::string& name, const std::string& comment) {
        return sql("SELECT " + name + "::text FROM common_comment WHERE id = $1", comment);
    }
    static std::string body(const std::string& comment) { return column("body", comment); }

    /// Closes that account, erases it and answers its new username.
    static std::string erase(const std::string& name) {
        const std::string path = "/users/" + user(name);
        EXPECT_EQ(post("boss", path + "/deactivate").status, 200);
        run_jobs();
        const Answer erased = post("boss", path + "/erase", {{"confirm", name}});
        EXPECT_EQ(erased.status, 200) << erased.body;
        return erased.text("username");
    }

    inline static std::string project{};
};

TEST(Mentions, AreReplacedWhereTheyNameThePersonAndNowhereElse) {
    const auto replaced = [](const char* text) {
        return common::with_name_replaced(text, "sam", "somebody-else");
    };
    EXPECT_EQ(replaced("@sam"), "@somebody-else");
    EXPECT_EQ(replaced("(@SAM, @sam. and @Sam-)"), "(@somebody-else, @somebody-else. and @somebody-else-)");
    EXPECT_EQ(replaced("@sam@sam"), "@somebody-else@sam") << "the second belongs to the first";
    for (const char* other : {"", "sam", "@samuel", "@sam.o", "mail@sam", "@", "@ sam", "é@sam", "@-sam"})
        EXPECT_EQ(replaced(other), other);
}

TEST_F(Erasure, TakesAPersonsNameOutOfWhatOthersSaid) {
    const std::string plain = say("@wanjiku and @Wanjiku, please look with @wanjiku-two.");
    const std::string edited = say("@wanjiku is late");
    ASSERT_EQ(patch("ada", "/comments/" + edited, {{"body", "@wanjiku was late"}}).status, 200);
    const std::string removed = say("Ask @wanjiku.");
    ASSERT_EQ(remove("ada", "/comments/" + removed).status, 204);
    const std::string others = say("@kip, mail wanjiku@wanjiku");
    const std::string untouched = sql("SELECT row(c.*)::text FROM common_comment c WHERE id = $1", others);
    const std::string version = column("version", plain);

    const std::string former = erase("wanjiku");
    EXPECT_THAT(former, HasSubstr("erased-"));
    EXPECT_EQ(body(plain), "@" + former + " and @" + former + ", please look with @wanjiku-two.");
    EXPECT_EQ(column("version", plain), std::to_string(std::stoi(version) + 1));
    EXPECT_EQ(body(edited), "@" + former + " was late");
    EXPECT_EQ(body(removed), "Ask @" + former + ".") << "in the trash, too";
    EXPECT_EQ(sql("SELECT row(c.*)::text FROM common_comment c WHERE id = $1", others), untouched);
    EXPECT_THAT(sql("SELECT string_agg(changes::text, ' ') FROM core_audit WHERE row_id IN ($1, $2, $3)",
                    plain, edited, removed),
                Not(HasSubstr("anjiku")))
        << "nor does the trail have it";
    EXPECT_THAT(get("ada", "/comments/" + plain).text("mentions"), HasSubstr(user("wanjiku")))
        << "whom it names is a former member now";
}

TEST_F(Erasure, FindsRoomInTextsThatAreFull) {
    const std::string filling(10'000 - 5, 'x');
    join("ada", project, "bob", "member");
    const std::string full = say("@bob " + filling);
    erase("bob");
    EXPECT_EQ(body(full), "@--- " + filling);
}

}  // namespace
}  // namespace tamiti::test
