#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <set>

#include "core/base/text.hpp"
#include "core/model/captions.hpp"
#include "core/program/registry.hpp"
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
              "list,export,summary,create,read,change,delete,restore,history,uses,bulk");
    EXPECT_EQ(allowed("ada", "projects.project"),
              "list,export,summary,create,read,change,delete,restore,history,uses,bulk")
        << "her own";
    EXPECT_EQ(allowed("customer", "projects.project"), "list,export,summary,read,history,uses");
    EXPECT_EQ(allowed("customer", "users.invitation"), "") << "there are none for clients";
}

TEST_F(Meta, NamesTheStudio) {
    const Answer answer = get("ada", "/meta");
    EXPECT_EQ(answer.text("brand.name"), site().name);
    EXPECT_EQ(answer.text("brand.currency"), site().currency);
    EXPECT_EQ(get("guest", "/meta").status, 401);
}

TEST_F(Meta, SaysHowLargeAFileMayBe) {
    EXPECT_EQ(get("customer", "/meta").json().at("limits"),
              (boost::json::object{{"/attachments/file", 25 << 20}}));
}

TEST_F(Meta, NamesTheColumnsOfASpreadsheet) {
    const auto import = get("boss", "/meta/users.user").json().at("import").as_object();
    EXPECT_EQ(import.at("most_rows"), 1000);
    EXPECT_EQ(import.at("batch"), "users.import") << "where it is taken back";
    std::vector<std::string> names;
    for (const auto& field : import.at("fields").as_array()) names.emplace_back(field.at("name").as_string());
    EXPECT_EQ(join(names, ","),
              "email,first_name,last_name,job_title,roles,department,branch,designation,account_expires_at");
    EXPECT_EQ(import.at("fields").as_array().at(0).at("required"), true) << "nobody is invited without";
    EXPECT_FALSE(get("ada", "/meta/users.user").json().as_object().contains("import")) << "she may send none";
    EXPECT_FALSE(get("boss", "/meta/projects.project").json().as_object().contains("import"));
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
    EXPECT_EQ(code.at("filter"), (boost::json::array{"equal", "any"}));
    EXPECT_EQ(code.at("label"), "Code");
    EXPECT_EQ(field("ada", "projects.project", "name").at("max_length"), 200);
    EXPECT_EQ(field("ada", "users.branch", "time_zone").at("max_length").is_int64(), true)
        << "as its type says";
    EXPECT_FALSE(code.contains("write")) << "it can be set at any time";
    const auto client = field("ada", "projects.project", "client");
    EXPECT_EQ(client.at("to"), "projects.client");
    EXPECT_EQ(client.at("nullable"), true);
    EXPECT_EQ(field("ada", "projects.project", "created_at").at("write"), "never");
    EXPECT_EQ(field("ada", "projects.contact", "client").at("write"), "create");
}

TEST_F(Meta, CallsLanguagesByTheirNames) {
    const auto language = field("ada", "users.user", "language");
    boost::json::array labels;
    for (const auto& choice : language.at("choices").as_array()) labels.push_back(choice.at("label"));
    EXPECT_EQ(labels, (boost::json::array{"English", "French", "Luganda", "Swahili"}));
    EXPECT_EQ(language.at("choices").as_array().at(3).at("value"), "sw");
}

TEST_F(Meta, ShowsWhereAStatusMayGo) {
    const auto status = field("ada", "projects.project", "status");
    EXPECT_EQ(status.at("default"), "planning");
    EXPECT_EQ(status.at("steps").at("complete"), (boost::json::array{"active"}));
    EXPECT_EQ(status.at("choices").as_array().at(2),
              (boost::json::object{{"value", "on_hold"}, {"label", "On hold"}, {"tone", "warn"}}));
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

/// The entry of the index, as that person gets it.
boost::json::object entry(const std::string& who, const std::string& name) {
    const auto index = Studio::get(who, "/meta").json();
    for (const auto& model : index.at("models").as_array())
        if (std::string_view(model.at("name").as_string()) == name) return model.as_object();
    return {};
}

/// An action as that person gets it.
boost::json::object action(const std::string& who, const std::string& model, const std::string& name) {
    const auto meta = Studio::get(who, "/meta/" + model).json();
    for (const auto& each : meta.at("actions").as_array())
        if (std::string_view(each.at("name").as_string()) == name) return each.as_object();
    return {};
}

TEST_F(Meta, SaysHowAModelIsShown) {
    const auto project = entry("boss", "projects.project");
    EXPECT_EQ(project.at("icon"), "folder-kanban");
    EXPECT_EQ(project.at("placed"), true);
    EXPECT_EQ(entry("boss", "projects.member").at("placed"), false) << "members are in their project";
    EXPECT_EQ(project.at("title"), "name");
    EXPECT_EQ(project.at("group"), "Work");
    const auto meta = get("boss", "/meta/projects.project").json();
    EXPECT_EQ(meta.at("board"), "status");
    EXPECT_EQ(meta.at("calendar"), "due_on");
    EXPECT_EQ(meta.at("first_filters"), (boost::json::array{"status", "client", "owner", "health"}));
    EXPECT_EQ(
        meta.at("sections").as_array().at(1),
        (boost::json::object{
            {"name", "Dates"}, {"label", "Dates"}, {"fields", {"start_on", "due_on", "estimated_hours"}}}));
    const auto contact = get("boss", "/meta/projects.contact").json().as_object();
    EXPECT_FALSE(contact.contains("board")) << "nothing of it moves along steps";
    EXPECT_FALSE(contact.contains("calendar"));
}

TEST_F(Meta, ShowsNowhereAFieldThatTheActorCantRead) {
    const auto meta = get("customer", "/meta/projects.project").json();
    EXPECT_EQ(meta.at("first_filters"), (boost::json::array{"status", "client", "owner"}));
    const std::string text = boost::json::serialize(meta);
    for (const char* name : {"health", "budget", "tags", "estimated_hours"})
        EXPECT_EQ(text.find('"' + std::string(name) + '"'), text.npos) << name;
}

TEST_F(Meta, SaysForWhichRowsAVerbMakesSenseAndWhatToAskBefore) {
    const auto complete = action("boss", "projects.milestone", "complete");
    EXPECT_EQ(complete.at("when"), (boost::json::object{{"completed_at__isnull", "true"}}));
    EXPECT_EQ(complete.at("bulk"), true);
    EXPECT_FALSE(complete.contains("confirm")) << "it can be opened again";
    const auto erase = action("boss", "users.user", "erase");
    EXPECT_EQ(erase.at("confirm"), "Make this person unrecognisable? This can't be undone.");
    EXPECT_FALSE(erase.contains("bulk"));
    const auto deactivate = action("boss", "users.user", "deactivate");
    EXPECT_EQ(deactivate.at("input").as_array().at(0).at("name"), "reassign_to");
    EXPECT_EQ(deactivate.at("input").as_array().at(0).at("to"), "users.user");
    // What is offered is what lists filter by, so that a client may ask for such rows.
    EXPECT_EQ(get("boss", "/milestones?completed_at__isnull=true").status, 200);
    EXPECT_EQ(get("boss", "/projects?archived=true").status, 200);
}

TEST_F(Meta, SpeaksTheLanguageOfWhoeverLooks) {
    user("amina");
    ASSERT_EQ(patch("amina", "/users/me", {{"language", "sw"}}).status, 200);
    sign_in_again("amina");
    EXPECT_EQ(get("amina", "/meta").text("language"), "sw");
    EXPECT_EQ(entry("amina", "projects.project").at("label"), "Mradi");
    EXPECT_EQ(entry("amina", "projects.project").at("plural"), "Miradi");
    EXPECT_EQ(field("amina", "projects.project", "due_on").at("label"), "Tarehe ya mwisho")
        << "what many models have is said once";
    EXPECT_EQ(field("amina", "projects.project", "status").at("choices").as_array().at(1).at("label"),
              "Unaendelea");
    EXPECT_EQ(get("amina", "/meta/projects.project").json().at("sections").as_array().at(1).at("label"),
              "Tarehe");
    EXPECT_EQ(entry("ada", "projects.project").at("label"), "Project");
    EXPECT_EQ(entry("ada", "projects.project").at("plural"), "Projects");
}

TEST_F(Meta, SpeaksEnglishWhereALanguageHasNoCatalogue) {
    user("nakato");
    ASSERT_EQ(patch("nakato", "/users/me", {{"language", "lg"}}).status, 200);
    sign_in_again("nakato");
    EXPECT_EQ(entry("nakato", "projects.project").at("label"), "Project");
    EXPECT_EQ(get("nakato", "/meta/projects.project").status, 200);
}

TEST_F(Meta, NamesThePartsOfTheMenuInTheirOrder) {
    const auto groups = get("ada", "/meta").json().at("groups").as_array();
    std::vector<std::string> names;
    for (const auto& group : groups) names.emplace_back(group.at("name").as_string());
    EXPECT_EQ(names, (std::vector<std::string>{"People", "Common", "Clients", "Work"}));
}

/// Every caption of a model that screens may show.
std::vector<Caption> captions_of(const Resource& resource) {
    const Model& model = *resource.model;
    std::vector<Caption> all{caption_of(model), plural_caption(resource), group_caption(model)};
    for (const Section& section : model.console.sections) all.push_back(section_caption(model, section));
    for (const Field& field : model.fields) {
        all.push_back(caption_of(model, field));
        for (const std::string& choice : field.choices) all.push_back(choice_caption(model, field, choice));
    }
    for (const Operation& operation : Studio::registry().operations()) {
        const Route* route = operation.route;
        const std::string prefix = resource.path + "/{id}/";
        if (!route || route->method != http::Method::post || !route->path.starts_with(prefix)) continue;
        const std::string verb = route->path.substr(prefix.size());
        all.push_back(verb_caption(model, verb));
        if (!route->options.offer.confirm.empty())
            all.push_back(question_caption(model, verb, route->options.offer.confirm));
        if (!route->input) continue;
        for (const Field& field : route->input->members()) all.push_back(input_caption(model, verb, field));
    }
    return all;
}

TEST_F(Meta, HasEveryCaptionInEachLanguageThatAnAppSpeaks) {
    std::set<std::string> spoken;  // "projects fr"
    for (const EmbeddedCaptions& one : embedded_captions())
        spoken.insert(std::string(one.app) + " " + std::string(one.language));
    EXPECT_TRUE(spoken.contains("projects fr") && spoken.contains("projects sw"));
    std::string missing;
    for (const Resource* resource : registry().catalogue().resources())
        for (const std::string language : {"fr", "sw"}) {
            if (!spoken.contains(resource->model->app + " " + language)) continue;
            for (const Caption& caption : captions_of(*resource))
                if (!translation(language, caption))
                    missing += language + " " + caption.app + ": " + caption.key + "\n";
        }
    EXPECT_EQ(missing, "");
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
