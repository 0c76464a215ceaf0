#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "core/model/input.hpp"
#include "core/model/shape_of.hpp"

namespace tamiti {
namespace {

using testing::ElementsAre;

struct Booking {
    std::string film{};
    int seats = 1;
    std::optional<std::string> note{};
    bool is_gift = false;
};

const Shape& shape_of(tag<Booking>) {
    static const Shape shape =
        input<Booking>({field<&Booking::film>("film", {.max_length = 40}),
                        field<&Booking::seats>("seats", {.minimum = "1", .maximum = "9"}),
                        field<&Booking::note>("note", {.help = "For the box office."}),
                        field<&Booking::is_gift>("is_gift")});
    return shape;
}

struct Ticket {
    std::string seat{};
};

/// What the description is refused with; "nothing" where it is taken.
std::string refusal(std::vector<FieldGroup> fields) {
    try {
        input<Booking>(std::move(fields));
        return "nothing";
    } catch (const std::logic_error& error) {
        return error.what();
    }
}

/// Decodes the text; answers what is wrong with it, field by field.
std::vector<std::string> faults(const char* text, Booking& booking) {
    std::vector<std::string> all;
    try {
        read_shape(shape_of(tag<Booking>{}), boost::json::parse(text), Actor{}, &booking);
    } catch (const Problem& problem) {
        for (const FieldError& error : problem.errors()) all.push_back(error.field + ": " + error.message);
    }
    return all;
}

TEST(Input, IsFilledFromWhatIsSentAndKeepsItsOwnValuesOtherwise) {
    Booking booking;
    EXPECT_THAT(faults(R"({"film": "Nairobi Half Life", "seats": 2})", booking), ElementsAre());
    EXPECT_EQ(booking.film, "Nairobi Half Life");
    EXPECT_EQ(booking.seats, 2);
    EXPECT_EQ(booking.note, std::nullopt);
    EXPECT_FALSE(booking.is_gift);
}

TEST(Input, RequiresWhatHasNoValueOfItsOwn) {
    Booking booking;
    EXPECT_THAT(faults("{}", booking), ElementsAre("film: This field is required."));
}

TEST(Input, TellsEveryFaultByItsField) {
    Booking booking;
    EXPECT_THAT(faults(R"({"film": "", "seats": 10})", booking),
                ElementsAre("film: This field can't be empty.", "seats: Must be between 1 and 9, not 10."));
}

TEST(Input, RefusesUnknownMembersByName) {
    Booking booking;
    EXPECT_THAT(faults(R"({"film": "Supa Modo", "row": 4})", booking),
                ElementsAre("row: There is no such field. These exist: film, seats, note, is_gift."));
}

TEST(Input, NamesTheMemberThatIsForgotten) {
    EXPECT_EQ(refusal({field<&Booking::seats>("seats"), field<&Booking::note>("note"),
                       field<&Booking::is_gift>("is_gift")}),
              "Booking: a member has no field, the first one");
    EXPECT_EQ(refusal({field<&Booking::film>("film"), field<&Booking::note>("note"),
                       field<&Booking::is_gift>("is_gift")}),
              "Booking: a member has no field, the one after film");
    EXPECT_EQ(refusal({field<&Booking::film>("film"), field<&Booking::seats>("seats"),
                       field<&Booking::note>("note")}),
              "Booking: a member has no field, the one after note");
}

TEST(Input, NamesWhatIsDescribedTwice) {
    EXPECT_EQ(refusal({field<&Booking::film>("film"), field<&Booking::seats>("seats"),
                       field<&Booking::note>("note"), field<&Booking::is_gift>("is_gift"),
                       field<&Booking::note>("remark")}),
              "Booking: two fields are of the member note");
    EXPECT_EQ(refusal({field<&Booking::film>("film"), field<&Booking::seats>("seats"),
                       field<&Booking::note>("film"), field<&Booking::is_gift>("is_gift")}),
              "Booking: two fields are named film");
}

TEST(Input, RequiresNothingOfAnAnswer) {
    const Shape shape = answer<Ticket>({field<&Ticket::seat>("seat", {.help = "Row and number."})});
    EXPECT_FALSE(shape.fields.front().rules.required);
    EXPECT_EQ(shape.name, "Ticket");
}

}  // namespace
}  // namespace tamiti
