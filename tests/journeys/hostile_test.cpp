#include <chrono>

#include "core/base/uuid.hpp"
#include "tests/support/studio.hpp"

namespace tamiti::test {
namespace {

/// What somebody tries who means no good: to learn of rows they can't see, and to make little requests cost
/// much.
class Hostile : public Studio {
public:
    static void SetUpTestSuite() {
        Studio::SetUpTestSuite();
        user("boss", {Role::admin});
        user("ada");
        user("guest_client", {Role::client});
        hidden = make("boss", "/projects", {{"code", "HIDDEN"}, {"name", "Hidden"}});
        mine = make("boss", "/projects", {{"code", "MINE"}, {"name", "Mine"}, {"owner", user("ada")}});
        for (int i = 1; i <= 3; ++i)
            make("boss", "/milestones", {{"project", mine}, {"name", "Step " + std::to_string(i)}});
    }

    static std::string times(const std::string& text, int count) {
        std::string all;
        for (int i = 0; i < count; ++i) all += text;
        return all;
    }

    static inline std::string hidden;
    static inline std::string mine;
};

TEST_F(Hostile, AHiddenProjectAnswersTheSameWhetherItIsArchivedOrThereAtAll) {
    ASSERT_EQ(post("boss", "/projects/" + hidden + "/archive").status, 200);
    for (const auto& [path, rest] : std::map<std::string, Object>{{"/milestones", {{"name", "Probe"}}},
                                                                  {"/members", {{"member", user("ada")}}}}) {
        const Answer archived = post("ada", path, joined({{"project", hidden}}, rest));
        const Answer nothing = post("ada", path, joined({{"project", Uuid::make().text()}}, rest));
        EXPECT_EQ(archived.status, 422) << archived.body;
        EXPECT_EQ(archived.body, nothing.body);
    }
    ASSERT_EQ(post("boss", "/projects/" + hidden + "/unarchive").status, 200);
}

TEST_F(Hostile, AReferenceThatStaysAsItIsNeedsNotBeSeen) {
    const std::string client = make("boss", "/clients", {{"name", "Seen through work"}, {"currency", "UGX"}});
    const std::string project =
        make("boss", "/projects",
             {{"code", "STAYS"}, {"name", "Stays"}, {"client", client}, {"owner", user("ada")}});
    const std::string secret = make("boss", "/clients", {{"name", "Unseen"}, {"currency", "UGX"}});
    EXPECT_EQ(patch("ada", "/projects/" + project, {{"client", client}, {"name", "Same"}}).status, 200);
    const Answer moved = patch("ada", "/projects/" + project, {{"client", secret}});
    EXPECT_EQ(moved.status, 422);
    EXPECT_FALSE(moved.text("errors.client.0").empty());
}

TEST_F(Hostile, AnOrderingThatRepeatsItselfIsTheOrderingOnce) {
    const std::string once = "/milestones?page_size=2&cursor=&ordering=-name,due_on";
    const std::string often = once + times(",-name,name,due_on", 150);
    EXPECT_EQ(get("boss", often).ids(), get("boss", once).ids());
    const std::string next = get("boss", often).text("next");
    EXPECT_EQ(get("boss", next).status, 200);
    EXPECT_EQ(get("boss", next).ids(), get("boss", get("boss", once).text("next")).ids());
}

TEST_F(Hostile, TwentyFiltersThroughAReferenceCostLittleMoreThanOne) {
    using Clock = std::chrono::steady_clock;
    const auto time_of = [](int count) {
        const auto began = Clock::now();
        EXPECT_EQ(
            get("ada", "/milestones?project__code=MINE" + times("&project__tags__any=a,b", count)).count(),
            0);
        return Clock::now() - began;
    };
    const auto one = time_of(1);
    EXPECT_LT(time_of(19), 20 * one + std::chrono::milliseconds(100));
    EXPECT_EQ(
        get("ada", "/milestones?project__code=MINE" + times("&project__status__in=planning", 19)).count(), 3);
    EXPECT_EQ(get("ada", "/milestones?project__code=MINE&owner__username=ada").count(), 0);
    EXPECT_EQ(get("ada", "/milestones?project__code=MINE&project__nothing=1").status, 400);
}

TEST_F(Hostile, AnEstimatedCountOfAShortListIsItsLength) {
    const Answer all = get("ada", "/milestones?count=estimated");
    EXPECT_EQ(all.count(), 3);
    EXPECT_EQ(all.text("count_exact"), "");
    EXPECT_EQ(get("ada", "/milestones?count=estimated&page_size=2&page=2").count(), 3);
    EXPECT_EQ(get("ada", "/milestones?count=estimated&search=nothing").count(), 0);
    const Answer part = get("ada", "/milestones?count=estimated&page_size=1");
    EXPECT_EQ(part.text("count_exact"), "") << "it is counted, and no guess of the database's is told";
    EXPECT_EQ(part.count(), 3);
}

TEST_F(Hostile, ADayWithoutABeginningInTheCalendarIsABadFilter) {
    for (const char* filter :
         {"created_at__gte=0001-01-01", "created_at__lt=0001-01-01T00:00:00%2B03:00",
          "created_at__lt=9999-12-31T23:59:59-03:00", "created_at__lt=infinity", "created_at__lt=-infinity",
          "due_on__lt=10000-01-01", "due_on__lt=0000-12-31"}) {
        const Answer answer = get("boss", "/milestones?" + std::string(filter));
        EXPECT_EQ(answer.status, 400) << filter << answer.body;
        EXPECT_EQ(answer.text("code"), "http.bad_filter") << filter;
    }
    EXPECT_EQ(get("boss", "/milestones?created_at__lt=9999-12-31").count(), 3);
}

TEST_F(Hostile, NobodyLivesInATimeZoneWithoutAName) {
    for (const Value& zone : {Value(""), Value(" "), Value(), Value("localtime"), Value("Africa/Nosuch")})
        EXPECT_EQ(patch("guest_client", "/users/me", {{"time_zone", zone}}).status, 422) << zone;
    EXPECT_EQ(get("guest_client", "/projects?created_at__gte=today").status, 200);
    EXPECT_EQ(get("guest_client", "/projects/summary?group=created_at:day").status, 200);
}

TEST_F(Hostile, OnesOwnAccountIsNotChangedOverAnotherChange) {
    const Answer read = get("guest_client", "/users/me");
    ASSERT_FALSE(read.header("ETag").empty());
    EXPECT_EQ(get("guest_client", "/users/me", {{"If-None-Match", read.header("ETag")}}).status, 304);
    const std::map<std::string, std::string> seen{{"If-Match", read.header("ETag")}};
    EXPECT_EQ(patch("guest_client", "/users/me", {{"first_name", "Ann"}}, seen).status, 200);
    const Answer late = patch("guest_client", "/users/me", {{"first_name", "Bob"}}, seen);
    EXPECT_EQ(late.status, 412);
    EXPECT_EQ(late.text("current.first_name"), "Ann");
    EXPECT_EQ(late.body.find("@"), std::string::npos) << "what the person may not read stays out of it";
}

TEST_F(Hostile, AVerbThatAnswersARowAnswersItsEntityTag) {
    const std::string id = get("boss", "/milestones?page_size=1").ids().at(0);
    const Answer done = post("boss", "/milestones/" + id + "/complete");
    ASSERT_EQ(done.status, 200);
    EXPECT_EQ(done.body, get("boss", "/milestones/" + id).body);
    EXPECT_EQ(done.header("ETag"), get("boss", "/milestones/" + id).header("ETag"));
    EXPECT_EQ(
        patch("boss", "/milestones/" + id, {{"acceptance", "Seen"}}, {{"If-Match", done.header("ETag")}})
            .status,
        200);
}

}  // namespace
}  // namespace tamiti::test
