#include "core/model/record.hpp"

#include <gmock/gmock.h>

#include "core/model/describe.hpp"
#include "core/model/input.hpp"
#include "core/model/tx.hpp"
#include "core/model/write.hpp"
#include "tests/core/toy/remarks_api.hpp"

/// Rows that hang on rows of other models, shown with remarks about the toy library.
namespace tamiti::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using toy_remarks::Remark;

class Records : public RemarksApi {};

TEST_F(Records, AreTwoMembersAndTwoFilters) {
    const Answer made = post("owner", "/remarks", about("library.book", book));
    ASSERT_EQ(made.status, 201);
    EXPECT_EQ(made.text("on_model") + " " + made.text("on_row"), "library.book " + book);
    const std::string other = make("owner", "/remarks", about("library.shelf", shelf, "Dusty"));
    EXPECT_THAT(get("owner", "/remarks?on_model=library.shelf").ids(), ElementsAre(other));
    EXPECT_THAT(get("owner", "/remarks?on_row=" + book).ids(), ElementsAre(made.text("id")));
    EXPECT_THAT(get("owner", "/remarks?on_model__in=library.book,library.shelf&on_row__in=" + shelf).ids(),
                ElementsAre(other));
    EXPECT_THAT(get("owner", "/remarks?on_model=library.nothing").ids(), IsEmpty());
    EXPECT_EQ(patch("owner", "/remarks/" + other, {{"on_row", shelf}}).status, 400) << "set once, for good";
}

TEST_F(Records, ThatAreHiddenAndThatAreAbsentAreRefusedAlike) {
    EXPECT_EQ(patch("owner", "/books/" + book, {{"hidden", true}}).status, 200);
    const Answer hidden = post("other", "/remarks", about("library.book", book));
    EXPECT_EQ(hidden.status, 422);
    EXPECT_EQ(hidden.text("errors.on_row.0"), "This is not the id of a book that you can see.");
    EXPECT_EQ(post("other", "/remarks", about("library.book", Uuid::make().text())).body, hidden.body);
    EXPECT_EQ(post("other", "/remarks", about("library.book", shelf)).body, hidden.body);
    EXPECT_EQ(sql("SELECT count(*) FROM remarks_remark WHERE on_row = ANY($1::uuid[])",
                  std::vector<std::string>{book, shelf}),
              "0");
}

TEST_F(Records, AreOfModelsThatCarryOthers) {
    const std::string remark = say("owner", "First");
    for (const std::string model : {"library.nothing", "remarks.remark", "library_book; DROP TABLE x"}) {
        const Answer refused = post("owner", "/remarks", about(model, remark));
        EXPECT_EQ(refused.status, 422) << model;
        EXPECT_FALSE(refused.text("errors.on_model.0").empty()) << model;
        EXPECT_TRUE(refused.text("errors.on_row.0").empty()) << model;
    }
    for (const char* missing : {"on_model", "on_row"}) {
        Object body = about("library.book", book);
        body.erase(missing);
        EXPECT_EQ(post("owner", "/remarks", body).text(std::string("errors.") + missing + ".0"),
                  "This field is required.");
    }
}

TEST_F(Records, RefuseThatWhatHangsOnThemChanges) {
    const std::string remark = make("owner", "/remarks", about("library.shelf", shelf));
    EXPECT_EQ(patch("owner", "/shelves/" + shelf, {{"name", "Sealed"}}).status, 200);
    const auto refused = [](const Answer& answer) {
        return answer.status == 409 && answer.text("code") == "library.closed";
    };
    EXPECT_TRUE(refused(post("owner", "/remarks", about("library.shelf", shelf, "More"))));
    EXPECT_TRUE(refused(patch("owner", "/remarks/" + remark, {{"text", "Longer"}})));
    EXPECT_TRUE(refused(remove("owner", "/remarks/" + remark)));
    EXPECT_EQ(get("owner", "/remarks/" + remark).text("text"), "Fine");
    EXPECT_EQ(sql("SELECT count(*) FROM remarks_remark WHERE on_row = $1", shelf), "1");
    EXPECT_EQ(post("client", "/remarks", about("library.shelf", shelf)).status, 422) << "who doesn't see it";
    EXPECT_EQ(post("owner", "/remarks", about("library.book", book)).status, 201);
    EXPECT_EQ(patch("owner", "/shelves/" + shelf, {{"name", "Open"}}).status, 200);
    EXPECT_EQ(remove("owner", "/remarks/" + remark).status, 204);
}

TEST_F(Records, AreRefusedTogetherWithReferencesThatLeadNowhere) {
    const Answer refused = post(
        "owner", "/remarks", joined(about("library.nothing", book), {{"shelf_mark", Uuid::make().text()}}));
    EXPECT_EQ(refused.status, 422);
    EXPECT_FALSE(refused.text("errors.on_model.0").empty());
    EXPECT_FALSE(refused.text("errors.shelf_mark.0").empty());
}

TEST_F(Records, CarryOutOfSightWhatHangsOnThem) {
    const std::string remark = say("owner", "Fine");
    EXPECT_THAT(seen("other"), ElementsAre("Fine"));
    EXPECT_THAT(seen("client"), IsEmpty());
    EXPECT_EQ(get("client", "/remarks/" + remark).status, 404);
    EXPECT_EQ(patch("owner", "/books/" + book, {{"hidden", true}}).status, 200);
    EXPECT_THAT(seen("other"), IsEmpty());
    EXPECT_EQ(get("other", "/remarks/" + remark).status, 404);
    EXPECT_THAT(seen("owner"), ElementsAre("Fine"));
    EXPECT_EQ(remove("owner", "/books/" + book).status, 204);
    for (const char* who : {"owner", "boss"}) EXPECT_THAT(seen(who), IsEmpty()) << who;
    EXPECT_EQ(post("owner", "/books/" + book + "/restore").status, 200);
    EXPECT_THAT(seen("owner"), ElementsAre("Fine"));
}

TEST_F(Records, ShowWhatHangsOnThemWithinItsOwnScope) {
    say("owner", "Aloud");
    say("boss", "Quiet", {{"quiet", true}});
    EXPECT_THAT(seen("owner"), ElementsAre("Aloud"));
    EXPECT_THAT(seen("boss"), ElementsAre("Aloud", "Quiet"));
}

TEST_F(Records, OfTheSameIdInTwoModelsAreTwo) {
    const std::string twin = make("boss", "/books", {{"shelf", shelf}, {"title", "Twin"}, {"id", shelf}});
    ASSERT_EQ(twin, shelf);
    make("boss", "/remarks", about("library.book", twin, "About the book"));
    EXPECT_EQ(patch("boss", "/books/" + twin, {{"hidden", true}}).status, 200);
    EXPECT_THAT(get("other", "/remarks?on_row=" + shelf).each("text"), IsEmpty());
    EXPECT_THAT(get("boss", "/remarks?on_row=" + shelf).each("text"), ElementsAre("About the book"));
}

TEST_F(Records, AreAskedOfByVerbs) {
    const Record good{"library.book", Uuid::parse(book).value()};
    transact(site(), actor("owner"), [&](Tx& tx) {
        EXPECT_TRUE(sees(tx, actor("owner"), good));
        EXPECT_FALSE(sees(tx, actor("client"), good));
        EXPECT_FALSE(sees(tx, actor("owner"), {"library.nothing", good.row}));
        EXPECT_NO_THROW(require_record(tx, actor("owner"), good, "on"));
        EXPECT_THROW(require_record(tx, actor("client"), good, "on"), Invalid);
        Remark made = tamiti::make(tx, actor("owner"), Remark{.on = good, .text = "Kept"});
        EXPECT_EQ(tx.get(made.id).on, good);
        made.on.row = Uuid::parse(shelf).value();
        made.on.model = "library.shelf";
        tx.save(made, &Remark::on);
        EXPECT_EQ(tx.get(made.id).on, made.on);
        EXPECT_THROW(tamiti::make(tx, actor("client"), Remark{.on = good, .text = "Unseen"}), Invalid);
    });
}

struct Request {
    Record about{};
    std::string text{};
};

TEST(RecordsOfInputs, AreTwoRequiredMembersOfOne) {
    const Shape shape =
        input<Request>({record<&Request::about>("about"), field<&Request::text>("text", {.max_length = 9})});
    ASSERT_EQ(shape.fields.size(), 3U);
    EXPECT_EQ(shape.fields[0].name + " " + shape.fields[1].name, "about_model about_row");
    EXPECT_TRUE(shape.fields[0].rules.required && shape.fields[1].rules.required);
    EXPECT_THROW(input<Request>({record<&Request::about>("about"), record<&Request::about>("on"),
                                 field<&Request::text>("text")}),
                 std::logic_error);
}

/// Why the resource stops the start; "nothing" where it doesn't.
std::string refusal(Access access, bool carries) {
    Model model = model_of(tag<Remark>{});
    model.carries = carries;
    Resource resource{.path = "/remarks", .model = &model, .access = access};
    Catalogue catalogue;
    try {
        catalogue.add("remarks", resource);
        return "nothing";
    } catch (const std::logic_error& error) {
        return error.what();
    }
}

TEST(ResourcesSeenWithARecord, NameOneOfTheirModel) {
    Access access{.view = toy_remarks::not_quiet, .seen_with = "on"};
    EXPECT_EQ(refusal(access, false), "nothing");
    EXPECT_THAT(refusal(access, true), HasSubstr("remarks.remark is seen with the record"));
    access.seen_with = "about";
    EXPECT_THAT(refusal(access, false), HasSubstr("/remarks is seen with about"));
}

}  // namespace
}  // namespace tamiti::test
