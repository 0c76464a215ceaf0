#include <gmock/gmock.h>

#include "tests/support/studio.hpp"

namespace tamiti::test {
namespace {

using ::testing::HasSubstr;

/// What people read who asked for something that can't be.
class Sentences : public Studio {
public:
    static void SetUpTestSuite() {
        Studio::SetUpTestSuite();
        user("boss", {Role::admin});
        user("sam");
        user("customer", {Role::client});
    }
    static inline const std::string nobody = "01890a5d-ac96-774b-bcce-b302099a8057";
};

TEST_F(Sentences, NameWhatIsMissingWithItsArticleAndInWords) {
    const std::string project = make("boss", "/projects", {{"code", "SAYS"}, {"name", "Says"}});
    EXPECT_EQ(post("boss", "/invitations",
                   {{"email", "x@studio.test"}, {"roles", {"staff"}}, {"department", nobody}})
                  .text("errors.department.0"),
              "This is not the id of a department that you can see.");
    EXPECT_EQ(
        post("boss", "/comments",
             {{"on_model", "projects.project"}, {"on_row", project}, {"body", "x"}, {"reply_to", nobody}})
            .text("errors.reply_to.0"),
        "This is not the id of a comment that you can see.");
    EXPECT_EQ(post("sam", "/invitations", {{"email", "x@studio.test"}, {"roles", {"staff"}}}).text("detail"),
              "You may not create an invitation.");
    EXPECT_EQ(post("customer", "/clients", {{"name", "Mine"}}).text("detail"),
              "You may not create a client.");
}

TEST_F(Sentences, CallParametersOfAnAddressParameters) {
    const Answer refused = get("boss", "/search?q=film&colour=red");
    EXPECT_EQ(refused.status, 400);
    EXPECT_EQ(refused.text("detail"), "Some parameters are not known here.");
    EXPECT_EQ(refused.text("errors.colour.0"), "There is no such parameter. These exist: q, models, limit.");
    const Answer body = post("boss", "/tags/merge", {{"colour", "red"}});
    EXPECT_EQ(body.text("detail"), "Some members are not known here.");
    EXPECT_THAT(body.text("errors.colour.0"), HasSubstr("There is no such field."));
}

TEST_F(Sentences, SayNoneWhereThereIsNothingToChooseFrom) {
    const Answer refused = get("boss", "/departments/summary?sum=name");
    EXPECT_EQ(refused.status, 400);
    EXPECT_THAT(refused.body, HasSubstr("These exist: none."));
    const Answer ordered = get("boss", "/departments?ordering=nosuch");
    EXPECT_THAT(ordered.body, HasSubstr("each also with a leading minus."));
}

}  // namespace
}  // namespace tamiti::test
