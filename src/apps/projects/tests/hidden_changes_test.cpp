#include "apps/projects/tests/factories.hpp"
#include "core/api/bulk.hpp"

namespace tamiti::test {
namespace {

/// Who can't read a field doesn't notice either that it was changed: neither by tags and versions of the row,
/// nor by its time.
class HiddenChanges : public Studio {
public:
    static void SetUpTestSuite() {
        Studio::SetUpTestSuite();
        user("boss", {Role::admin});
        user("finn", {Role::finance});
        user("ada");
        user("cleo", {Role::client});
    }
    void SetUp() override {
        const std::string client =
            make("boss", "/clients",
                 {{"name", "Client of " + Uuid::make().text()}, {"people", Array{user("cleo")}}});
        project = make_project("boss", {{"client", client}, {"owner", user("ada")}});
        later();
    }

    static void later() {
        clock().advance(std::chrono::minutes(10));
        for (const char* who : {"boss", "finn", "ada", "cleo"}) sign_in_again(who);
    }

    std::string path() const { return "/projects/" + project; }
    /// What of the row could tell of a change.
    std::string trace(const std::string& who) const {
        const Answer row = get(who, path());
        EXPECT_EQ(row.status, 200);
        const Answer list = get(who, "/projects?id=" + project);
        return row.header("ETag") + " " + row.text("version") + " " + row.text("updated_at") + " " +
               list.header("ETag");
    }
    void change(const std::string& who, const Body& body) const {
        const Answer changed = patch(who, path(), body);
        ASSERT_EQ(changed.status, 200) << changed.body;
        EXPECT_EQ(get(who, path()).header("ETag"), changed.header("ETag")) << "the answer is what is read";
        later();
    }

    std::string project{};
};

TEST_F(HiddenChanges, LeaveNoTraceInTheRowOfWhoCannotReadThem) {
    const std::string client = trace("cleo"), staff = trace("ada");
    change("ada", {{"tags", Array{"harvest"}}});
    EXPECT_EQ(trace("cleo"), client);
    EXPECT_NE(trace("ada"), staff);
    const std::string between = trace("ada");
    change("boss", {{"budget", {{"amount", "1000"}, {"currency", "UGX"}}}});
    EXPECT_EQ(trace("cleo"), client);
    EXPECT_EQ(trace("ada"), between) << "the staff read tags, and no money";
    EXPECT_EQ(get("finn", path()).text("version"), "3") << "who reads everything counts everything";
}

TEST_F(HiddenChanges, AreNotCountedWhenAnotherIsSeen) {
    change("ada", {{"tags", Array{"harvest"}}});
    change("ada", {{"tags", Array{"film"}}});
    change("ada", {{"name", "Nile film"}, {"tags", Array{"nile"}}});
    EXPECT_EQ(get("cleo", path()).text("version"), "2") << "the first, and that of the name";
    EXPECT_EQ(get("cleo", path()).text("updated_at"), get("boss", path()).text("updated_at"));
    EXPECT_EQ(get("boss", path()).text("version"), "4");
}

TEST_F(HiddenChanges, LeaveNoTraceInFiltersOrdersAndGroups) {
    const std::string other =
        make_project("boss", {{"client", get("boss", path()).text("client")}, {"owner", user("ada")}});
    const std::string seen = get("cleo", path()).text("updated_at");
    const auto asked = [&](const std::string& who, const std::string& query) {
        return get(who, "/projects?" + query).ids();
    };
    later();
    change("ada", {{"tags", Array{"harvest"}}});
    EXPECT_EQ(asked("cleo", "updated_at__gt=" + seen + "&id=" + project), std::vector<std::string>{});
    EXPECT_EQ(asked("ada", "updated_at__gt=" + seen + "&id=" + project), std::vector<std::string>{project});
    const std::string both = "id__in=" + project + "," + other;
    EXPECT_EQ(asked("cleo", "ordering=-updated_at&" + both), (std::vector<std::string>{other, project}));
    EXPECT_EQ(asked("ada", "ordering=-updated_at&" + both), (std::vector<std::string>{project, other}));
    EXPECT_EQ(get("cleo", "/projects?ordering=-updated_at&page_size=1&" + both).ids(),
              std::vector<std::string>{other});
}

TEST_F(HiddenChanges, LetIfMatchHoldForWhoReadsLess) {
    const auto tag_of = [&](const std::string& who) { return get(who, path()).header("ETag"); };
    const auto write = [&](const std::string& tag, const Body& body) {
        return patch("ada", path(), body, {{"If-Match", tag}}).status;
    };
    const std::string before = tag_of("ada");
    change("boss", {{"budget", {{"amount", "1000"}, {"currency", "UGX"}}}});
    EXPECT_EQ(write(before, {{"description", "Seven films"}}), 200) << "ada knows all that she can read";
    EXPECT_EQ(write(before, {{"description", "Eight films"}}), 412);
    const std::string tagged = tag_of("ada");
    change("boss", {{"tags", Array{"harvest"}}});
    EXPECT_EQ(write(tagged, {{"description", "Eight films"}}), 412) << "tags are hers to read";
    const Answer current = patch("ada", path(), {{"description", "x"}}, {{"If-Match", before}});
    EXPECT_EQ(current.status, 412);
    EXPECT_EQ(write("\"" + get("boss", path()).text("version") + "\"", {{"description", "x"}}), 412)
        << "the row's own version is nothing that she was told";
    EXPECT_EQ(write(tag_of("ada"), {{"description", "Eight films"}}), 200);
}

TEST_F(HiddenChanges, LeaveNoTraceOfARowThatIsMadeAnewWithItsId) {
    const std::string id = make("boss", "/members", {{"project", project}, {"member", user("finn")}});
    ASSERT_EQ(patch("boss", "/members/" + id, {{"allocation", 10}}).status, 200);
    ASSERT_EQ(remove("boss", "/members/" + id).status, 204);
    EXPECT_EQ(sql("SELECT count(*) FROM core_hidden_change WHERE row_id = $1", id), "0");
}

}  // namespace
}  // namespace tamiti::test
