#include "core/model/steps.hpp"

#include <gtest/gtest.h>

#include <boost/describe/enum.hpp>

#include "core/model/describe.hpp"

namespace tamiti::workshop {

enum class State : unsigned char { draft, on_loan, sold };
BOOST_DESCRIBE_ENUM(State, draft, on_loan, sold)

struct Instrument;
const Model& model_of(tag<Instrument>);

struct Instrument {
    Id<Instrument> id{};
    std::string name{};
    State state = State::draft;
    Timestamp created_at{};
    Timestamp updated_at{};
    int version = 1;
};

Model described(std::vector<Step> steps, std::vector<Step> of_name = {}) {
    return describe<Instrument>(
        "workshop.instrument",
        {.table = "workshop_instrument",
         .doc = "",
         .fields = {uuid_model<Instrument>(), field<&Instrument::name>("name", {.steps = std::move(of_name)}),
                    field<&Instrument::state>("state", {.steps = std::move(steps)}),
                    time_stamped_model<Instrument>()}});
}

const Model& model_of(tag<Instrument>) {
    static const Model instrument = described({});
    return instrument;
}

}  // namespace tamiti::workshop

namespace tamiti {
namespace {

using workshop::described;

const std::vector<Step> good = {{"draft", {"on_loan", "sold"}}, {"on_loan", {"draft"}}, {"sold", {}}};

std::string fault_of(std::vector<Step> steps, std::vector<Step> of_name = {}) {
    try {
        described(std::move(steps), std::move(of_name));
    } catch (const std::logic_error& error) {
        return error.what();
    }
    return {};
}

std::string refusal(std::string_view from, std::string_view to) {
    const Model model = described(good);
    try {
        require_step(model, model.field("state"), from, to);
    } catch (const Conflict& conflict) {
        return conflict.code() + ": " + conflict.detail();
    }
    return {};
}

TEST(Steps, LetAChoiceMoveWhereTheySay) {
    EXPECT_EQ(refusal("draft", "on_loan"), "");
    EXPECT_EQ(refusal("on_loan", "draft"), "");
    EXPECT_EQ(refusal("sold", "sold"), "") << "to stay is no step";
}

TEST(Steps, NameTheOnesThatAreAllowed) {
    EXPECT_EQ(
        refusal("on_loan", "sold"),
        "workshop.transition: An instrument that is on_loan can't become sold. From here it can become: "
        "draft.");
    EXPECT_EQ(refusal("sold", "draft"),
              "workshop.transition: An instrument that is sold can't become draft. It stays as it is.");
}

TEST(Steps, ThatAreWrongStopTheStartAndNameTheField) {
    EXPECT_EQ(fault_of(good), "");
    EXPECT_EQ(fault_of({}), "") << "a choice without steps moves freely";
    EXPECT_EQ(fault_of({{"draft", {"lost"}}, {"on_loan", {}}, {"sold", {}}}),
              "workshop.instrument.state: its steps name the state lost, which it doesn't have");
    EXPECT_EQ(fault_of({{"gone", {}}, {"draft", {}}, {"on_loan", {}}, {"sold", {}}}),
              "workshop.instrument.state: its steps name the state gone, which it doesn't have");
    EXPECT_EQ(fault_of({{"draft", {}}, {"on_loan", {}}}),
              "workshop.instrument.state: its steps say nothing of the state sold");
    EXPECT_EQ(fault_of({{"draft", {}}, {"draft", {}}, {"on_loan", {}}, {"sold", {}}}),
              "workshop.instrument.state: the steps from draft are written twice");
    EXPECT_EQ(fault_of({}, {{"a", {}}}), "workshop.instrument.name: only a choice moves along steps");
}

}  // namespace
}  // namespace tamiti
