#include "core/model/label.hpp"

#include <gmock/gmock.h>

#include "core/model/describe.hpp"

namespace tamiti::gallery {

struct Painting;
const Model& model_of(tag<Painting>);

struct Painting {
    Id<Painting> id{};
    std::string code{};
    std::string title{};
    std::string price{};
    std::optional<Date> painted_on{};
    std::optional<Id<Painting>> copy_of{};
    Tags colours{};
    Timestamp created_at{};
    Timestamp updated_at{};
    int version = 1;
};

Model described(std::string label, std::vector<std::string> search = {},
                std::vector<std::string> brief = {"painted_on", "title", "code"}) {
    return describe<Painting>(
        "gallery.oil_painting",
        {.table = "gallery_painting",
         .doc = "",
         .fields = {uuid_model<Painting>(), field<&Painting::code>("code"), field<&Painting::title>("title"),
                    field<&Painting::price>("price", {.read = "gallery.see_prices"}),
                    field<&Painting::painted_on>("painted_on"), field<&Painting::copy_of>("copy_of"),
                    field<&Painting::colours>("colours"), time_stamped_model<Painting>()},
         .brief = std::move(brief),
         .label = std::move(label),
         .label_search = std::move(search)});
}

const Model& model_of(tag<Painting>) {
    static const Model painting = described("title");
    return painting;
}

}  // namespace tamiti::gallery

namespace tamiti {
namespace {

using gallery::described;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string fault_of(const std::string& label, std::vector<std::string> search = {}) {
    try {
        described(label, std::move(search));
        return {};
    } catch (const std::logic_error& error) {
        return error.what();
    }
}

std::vector<std::string> found_by(const Model& model) {
    std::vector<std::string> names;
    for (const int position : model.label_search)
        names.push_back(model.fields[static_cast<std::size_t>(position)].name);
    return names;
}

TEST(Labels, AreAFieldOrATextWithFields) {
    EXPECT_EQ(label_text(described("title")), "{title}");
    EXPECT_EQ(label_text(described("No. {code}: {title}")), "No. {code}: {title}");
    EXPECT_THAT(label_sql(described("No. {code}"), "t").text(),
                AllOf(HasSubstr("concat('No. ', t.code)"), HasSubstr("'oil painting'")));
}

TEST(Labels, AreTheFirstTextOfTheBriefFormWhereNothingIsSaid) {
    EXPECT_EQ(label_text(described("")), "{title}");
    EXPECT_EQ(label_text(described("", {}, {"price", "painted_on"})), "oil painting") << "none to be read";
    EXPECT_THAT(found_by(described("", {}, {"painted_on"})), IsEmpty());
}

TEST(Labels, AreFoundByTheirTexts) {
    EXPECT_THAT(found_by(described("{code} {title} of {painted_on}")), ElementsAre("code", "title"));
    EXPECT_THAT(found_by(described("code", {"title"})), ElementsAre("title"));
}

TEST(Labels, OfNoSuchFieldStopTheStart) {
    EXPECT_THAT(fault_of("name"),
                AllOf(HasSubstr("gallery.oil_painting"), HasSubstr("the label names name")));
    EXPECT_THAT(fault_of("{code} {name}"), HasSubstr("the label names name"));
    EXPECT_THAT(fault_of("code", {"name"}), HasSubstr("the label names name"));
    EXPECT_THAT(fault_of("{code"), HasSubstr("{ without its }"));
    EXPECT_THAT(fault_of("code}"), HasSubstr("} without its {"));
}

TEST(Labels, TellNothingThatNeedsAPermission) {
    EXPECT_THAT(fault_of("{code} {price}"), HasSubstr("price needs a permission"));
    EXPECT_THAT(fault_of("code", {"price"}), HasSubstr("price needs a permission"));
}

TEST(Labels, AreMadeOfWhatReadsAsText) {
    EXPECT_THAT(fault_of("copy_of"), HasSubstr("copy_of is a reference"));
    EXPECT_THAT(fault_of("colours"), HasSubstr("colours is a tags"));
    EXPECT_THAT(fault_of("code", {"painted_on"}), HasSubstr("painted_on is no text"));
}

}  // namespace
}  // namespace tamiti
