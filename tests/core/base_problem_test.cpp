#include "core/base/problem.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "core/base/json.hpp"

using namespace tamiti;

namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;

TEST(ProblemTest, TheBodyHasTheMembersOfTheRfcInOrder) {
    const Conflict problem("tasks.checklist_open", "Two steps are \"open\".");
    EXPECT_EQ(problem.json("0123"),
              R"({"type":"/problems/tasks.checklist_open","title":"Conflict","status":409,)"
              R"("code":"tasks.checklist_open","detail":"Two steps are \"open\".","instance":"0123"})");
}

TEST(ProblemTest, SentencesOfOneFieldStandTogetherInOrder) {
    const Invalid problem({{"name", "is needed"}, {"items.2.amount", "too much"}, {"name", "too short"}});
    EXPECT_EQ(problem.status(), 422);
    const std::string body = problem.json("x");
    EXPECT_NE(body.find(R"("errors":{"name":["is needed","too short"],"items.2.amount":["too much"]}})"),
              body.npos)
        << body;
    EXPECT_NO_THROW(json::parse(body));
}

TEST(ProblemTest, TheCurrentRowIsGivenWhereThereIsOne) {
    const std::string body =
        Problem(412, "http.changed", "It changed.").with_current(R"({"id":1})").json("x");
    EXPECT_NE(body.find(R"("current":{"id":1}})"), body.npos) << body;
}

TEST(ProblemTest, HeadersThatBelongToAStatusAreThere) {
    EXPECT_EQ(Unauthorised("auth.no_token", "Sign in.").headers(), (Headers{{"WWW-Authenticate", "Bearer"}}));
    EXPECT_EQ(Unavailable("db.busy", "Try again.", 3).headers(), (Headers{{"Retry-After", "3"}}));
    EXPECT_EQ(Problem(405, "http.method", "No.").with_header("Allow", "GET").headers(),
              (Headers{{"Allow", "GET"}}));
    EXPECT_EQ(NotFound().code(), NotFound("No project has that id.").code());
}

TEST(ProblemTest, EveryStatusHasATitle) {
    for (int status = 400; status < 600; ++status) EXPECT_FALSE(title_of(status).empty());
    EXPECT_EQ(title_of(404), "Not found");
}

}  // namespace
