#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <set>

#include "core/base/text.hpp"
#include "tests/support/studio.hpp"

namespace tamiti::test {
namespace {

/// What a client is told of the studio before it shows anything.
class Meta : public Studio {
public:
    static void SetUpTestSuite() {
        Studio::SetUpTestSuite();
        user("boss", {Role::admin});
        user("ada");
        user("customer", {Role::client});
    }

    /// What the index says may be done with a model, "list,read" and so on; nothing where it isn't there.
    static std::string allowed(const std::string& who, const std::string& name) {
        const Answer answer = get(who, "/meta");
        EXPECT_EQ(answer.status, 200) << answer.body;
        const auto index = answer.json();
        for (const auto& model : index.at("models").as_array()) {
            if (std::string_view(model.at("name").as_string()) != name) continue;
            std::vector<std::string> verbs;
            for (const auto& verb : model.at("allow").as_array()) verbs.emplace_back(verb.as_string());
            return join(verbs, ",");
        }
        return {};
    }

    /// The paths of the verbs on a row that the actor is told of.
    static std::vector<std::string> actions(const std::string& who, const std::string& model) {
        const auto meta = get(who, "/meta/" + model).json();
        std::vector<std::string> paths;
        for (const auto& action : meta.at("actions").as_array())
            paths.emplace_back(action.at("path").as_string());
        return paths;
    }

    static boost::json::object field(const std::string& who, const std::string& model,
                                     const std::string& name) {
        const Answer answer = get(who, "/meta/" + model);
        EXPECT_EQ(answer.status, 200) << answer.body;
        const auto meta = answer.json();
        for (const auto& each : meta.at("fields").as_array())
            if (std::string_view(each.at("name").as_string()) == name) return each.as_object();
        return {};
    }
};

TEST_F(Meta, TellsEverybodyWhatTheyMayDo) {
    EXPECT_EQ(allowed("boss", "projects.project"),
              "list,summary,create,read,change,delete,restore,history,uses,bulk");
    EXPECT_EQ(allowed("ada", "projects.project"), "list,summary,create,read,change,history,uses,bulk")
        << "only managers delete";
    EXPECT_EQ(allowed("customer", "projects.project"), "list,summary,read,history,uses");
    EXPECT_EQ(allowed("customer", "users.invitation"), "") << "there are none for clients";
}

TEST_F(Meta, NamesTheStudio) {
    const Answer answer = get("ada", "/meta");
    EXPECT_EQ(answer.text("brand.name"), site().name);
    EXPECT_EQ(answer.text("brand.currency"), site().currency);
    EXPECT_EQ(get("guest", "/meta").status, 401);
}

TEST_F(Meta, CostsNothingWhereItIsKnown) {
    for (const char* path : {"/meta", "/meta/projects.project"}) {
        const Answer first = get("ada", path);
        EXPECT_EQ(get("ada", path, {{"If-None-Match", first.header("ETag")}}).status, 304) << path;
        EXPECT_NE(get("boss", path).header("ETag"), first.header("ETag")) << "others may do other things";
    }
}

TEST_F(Meta, DescribesAFieldWithItsRules) {
    const auto code = field("ada", "projects.project", "code");
    EXPECT_EQ(code.at("type"), "text");
    EXPECT_EQ(code.at("required"), true);
    EXPECT_EQ(code.at("max_length"), 12);
    EXPECT_EQ(code.at("label"), "Code");
    EXPECT_FALSE(code.contains("write")) << "it can be set at any time";
    const auto client = field("ada", "projects.project", "client");
    EXPECT_EQ(client.at("to"), "projects.client");
    EXPECT_EQ(client.at("nullable"), true);
    EXPECT_EQ(field("ada", "projects.project", "created_at").at("write"), "never");
    EXPECT_EQ(field("ada", "projects.contact", "client").at("write"), "create");
}

TEST_F(Meta, ShowsWhereAStatusMayGo) {
    const auto status = field("ada", "projects.project", "status");
    EXPECT_EQ(status.at("default"), "planning");
    EXPECT_EQ(status.at("steps").at("complete"), (boost::json::array{"active"}));
    EXPECT_EQ(status.at("choices").as_array().at(2),
              (boost::json::object{{"value", "on_hold"}, {"label", "On hold"}}));
}

TEST_F(Meta, LeavesOutWhatTheActorCantRead) {
    EXPECT_TRUE(field("customer", "projects.project", "health").empty());
    EXPECT_FALSE(field("ada", "projects.project", "health").empty());
    const auto meta = get("customer", "/meta/projects.project").json();
    for (const auto& filter : meta.at("filters").as_array())
        EXPECT_FALSE(std::string_view(filter.as_string()).starts_with("health")) << filter;
}

TEST_F(Meta, ListsTheVerbsOnARowAndWhatRefersToIt) {
    const auto meta = get("boss", "/meta/projects.project").json();
    std::vector<std::string> related;
    for (const auto& one : meta.at("related").as_array())
        related.push_back(std::string(one.at("model").as_string()) + "." +
                          std::string(one.at("field").as_string()));
    EXPECT_EQ(actions("boss", "projects.project"),
              (std::vector<std::string>{"/projects/{id}/archive", "/projects/{id}/unarchive"}));
    EXPECT_EQ(related, (std::vector<std::string>{"projects.member.project", "projects.milestone.project"}));
}

TEST_F(Meta, SaysWhatRowsAreCalledAndFoundBy) {
    const auto meta = get("boss", "/meta/projects.project").json();
    EXPECT_EQ(meta.at("row_label"), "{code} {name}");
    EXPECT_EQ(meta.at("label_search"), (boost::json::array{"code", "name"}));
    EXPECT_EQ(meta.at("carries"), true);
    EXPECT_EQ(get("boss", "/meta/common.comment").json().at("carries"), false);
    EXPECT_EQ(field("boss", "common.comment", "on_row").at("record"), "on");
}

TEST_F(Meta, ListsNoVerbThatTheActorMayDoToNoRow) {
    EXPECT_EQ(actions("boss", "projects.milestone"),
              (std::vector<std::string>{"/milestones/{id}/complete", "/milestones/{id}/reopen"}));
    EXPECT_EQ(actions("customer", "projects.milestone"),
              (std::vector<std::string>{"/milestones/{id}/sign-off"}));
    EXPECT_EQ(actions("customer", "projects.project"), std::vector<std::string>{});
}

TEST_F(Meta, KnowsNoModelThatIsNotThereForTheActor) {
    EXPECT_EQ(get("customer", "/meta/users.invitation").status, 404);
    EXPECT_EQ(get("boss", "/meta/users.invitation").status, 200);
    EXPECT_EQ(get("boss", "/meta/projects.nothing").status, 404);
    EXPECT_EQ(get("boss", "/meta/projects.project/fields").status, 404);
    EXPECT_EQ(get("boss", "/meta/%00").status, 400);
}

}  // namespace
}  // namespace tamiti::test
