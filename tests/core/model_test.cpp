#include "core/model/model.hpp"

#include <gtest/gtest.h>

#include "core/model/describe.hpp"
#include "core/program/registry.hpp"

namespace tamiti::sample {

struct Thing;
const Model& model_of(tag<Thing>);

struct Thing {
    Id<Thing> id{};
    std::string name{};
    std::optional<Date> due_on{};
    Timestamp created_at{};
    Timestamp updated_at{};
    int version = 1;
};

const Model& model_of(tag<Thing>) {
    static const Model thing = describe<Thing>(
        "sample.thing", {.table = "sample_thing",
                         .doc = "",
                         .fields = {uuid_model<Thing>(), field<&Thing::name>("name"),
                                    field<&Thing::due_on>("due_on"), time_stamped_model<Thing>()}});
    return thing;
}

}  // namespace tamiti::sample

namespace tamiti {
namespace {

using sample::Thing;

Model described(std::vector<FieldGroup> extra) {
    std::vector<FieldGroup> fields = {uuid_model<Thing>(), time_stamped_model<Thing>()};
    for (auto& group : extra) fields.push_back(group);
    return describe<Thing>("sample.thing", {.table = "sample_thing", .doc = "", .fields = fields});
}

TEST(Description, KnowsItsFieldsByName) {
    const Model model =
        described({field<&Thing::name>("name", {.required = true}), field<&Thing::due_on>("due_on")});
    EXPECT_EQ(model.app, "sample");
    EXPECT_EQ(model.noun, "thing");
    EXPECT_EQ(model.find("nothing"), nullptr);
    EXPECT_EQ(model.position_of("nothing"), -1);
    EXPECT_EQ(model.find("name"), &model.field("name"));
    EXPECT_TRUE(model.field("due_on").nullable);
    EXPECT_FALSE(model.field("name").nullable);
    EXPECT_THROW(model.field("nothing"), std::logic_error);
}

TEST(Description, AForgottenMemberIsAnError) {
    EXPECT_THROW(described({field<&Thing::name>("name")}), std::logic_error);
}

TEST(Description, TwoFieldsOfOneNameAreAnError) {
    EXPECT_THROW(described({field<&Thing::name>("name"), field<&Thing::due_on>("name")}), std::logic_error);
}

TEST(Description, ASearchedFieldThatNeedsAPermissionIsAnError) {
    EXPECT_THROW(described({field<&Thing::name>("name", {.search = 'A', .read = "sample.see"}),
                            field<&Thing::due_on>("due_on")}),
                 std::logic_error);
}

TEST(Description, AFilterThatTheTypeDoesNotHaveIsAnError) {
    EXPECT_THROW(described({field<&Thing::name>("name"),
                            field<&Thing::due_on>("due_on", {.filter = Match::contains})}),
                 std::logic_error);
}

TEST(Description, PersonalFieldsSayWhoseTheyAre) {
    const auto whose = [](bool personal, const std::string& person) {
        return describe<Thing>(
            "sample.thing",
            {.table = "sample_thing",
             .doc = "",
             .fields = {uuid_model<Thing>(), field<&Thing::name>("name", {.personal = personal}),
                        field<&Thing::due_on>("due_on"), time_stamped_model<Thing>()},
             .person = person});
    };
    EXPECT_EQ(whose(true, "id").person, 0);
    EXPECT_EQ(whose(false, "").person, -1);
    EXPECT_THROW(whose(true, ""), std::logic_error) << "nobody could find the rows of a person";
    EXPECT_THROW(whose(true, "owner"), std::logic_error) << "there is no such field";
    EXPECT_THROW(whose(false, "id"), std::logic_error) << "nothing is personal";
    EXPECT_THROW(whose(true, "name"), std::logic_error) << "it would be erased with the rest";
}

TEST(Description, RowsGoThroughTheirFields) {
    const Field name = field<&Thing::name>("name");
    Thing thing;
    name.load(&thing, "Camera");
    EXPECT_EQ(thing.name, "Camera");
    EXPECT_EQ(name.store(&thing), "Camera");
    const Field due_on = field<&Thing::due_on>("due_on");
    EXPECT_EQ(due_on.store(&thing), std::nullopt);
    due_on.load(&thing, "2026-02-03");
    EXPECT_EQ(due_on.store(&thing), "2026-02-03");
}

Scope everything(const Actor&) {
    return Scope::all();
}

TEST(Registry, RefusesARouteThatDoesNotSayWhoMayCallIt) {
    std::vector<App> apps(1);
    apps[0].name = "sample";
    apps[0].routes.push_back({.method = http::Method::get, .path = "/things", .summary = "See things."});
    EXPECT_THROW(Registry{apps}, std::logic_error);
    apps[0].routes[0].access = signed_in();
    EXPECT_NO_THROW(Registry{apps});
    apps[0].routes[0].access = needs("sample.nobody_declared");
    EXPECT_THROW(Registry{apps}, std::logic_error);
}

TEST(Registry, RefusesAResourceThatDoesNotSayWhoSeesIt) {
    const Model model =
        described({field<&Thing::name>("name", {.read = "sample.see"}), field<&Thing::due_on>("due_on")});
    std::vector<App> apps(1);
    apps[0].name = "sample";
    apps[0].resources.push_back({.path = "/things", .model = &model, .access = {}});
    EXPECT_THROW(Registry{apps}, std::logic_error);
    apps[0].resources[0].access.view = everything;
    EXPECT_THROW(Registry{apps}, std::logic_error) << "its field needs a permission that nobody declared";
    apps[0].permissions.push_back({"sample.see", "See names", {Role::admin}});
    EXPECT_NO_THROW(Registry{apps});
}

}  // namespace
}  // namespace tamiti
