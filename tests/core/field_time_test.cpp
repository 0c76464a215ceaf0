#include "core/model/fields/moments.hpp"
#include "tests/core/field_tables.hpp"

namespace tamiti {
namespace {

constexpr const char* day_sentence = "Must be a day of the calendar such as 2026-02-03.";
constexpr const char* time_sentence = "Must be a time of RFC 3339 such as 2026-02-03T10:00:00Z.";

/// A clock that stands still.
struct StoppedClock : Clock {
    explicit StoppedClock(std::string_view time) : time_(parse_timestamp(time).value()) {}
    Timestamp now() const override { return time_; }
    Timestamp time_;
};

/// Puts in a stopped clock until the end of the test.
class AtThatTime {
public:
    explicit AtThatTime(std::string_view time) : clock_(time), before_(use_clock_of_filters(clock_)) {}
    ~AtThatTime() { use_clock_of_filters(before_); }
    AtThatTime(const AtThatTime&) = delete;
    AtThatTime& operator=(const AtThatTime&) = delete;

private:
    StoppedClock clock_;
    const Clock& before_;
};

Actor in_kampala() {
    Actor who;
    who.time_zone = "Africa/Kampala";  // three hours ahead of UTC, all year
    return who;
}

TEST(FieldDate, TakesDaysOfTheCalendar) {
    const Field field = field_of(date_type());
    expect_accepted(field, {
                               {R"("2026-02-03")", "2026-02-03", R"("2026-02-03")"},
                               {R"("2028-02-29")", "2028-02-29", R"("2028-02-29")"},
                           });
    expect_refused(field, {
                              {R"("2026-02-29")", day_sentence},
                              {R"("2026-2-3")", day_sentence},
                              {R"("today")", day_sentence},
                              {R"("2026-02-03T00:00:00Z")", day_sentence},
                              {R"("")", day_sentence},
                              {"20260203", "Must be a string, not a number."},
                          });
    EXPECT_EQ(schema_of(field), R"({"type":"string","format":"date"})");
}

TEST(FieldDate, CountsDaysFromTodayWhereTheActorIs) {
    const AtThatTime late("2026-01-30T22:30:00Z");  // the 31st in Kampala
    const Field field = field_of(date_type());
    EXPECT_EQ(from_text(field, "2026-02-03", in_kampala()), "2026-02-03");
    EXPECT_EQ(from_text(field, "today", in_kampala()), "2026-01-31");
    EXPECT_EQ(from_text(field, "today"), "2026-01-30");
    EXPECT_EQ(from_text(field, "today+7d", in_kampala()), "2026-02-07");
    EXPECT_EQ(from_text(field, "today 7d", in_kampala()), "2026-02-07");
    EXPECT_EQ(from_text(field, "today-1w", in_kampala()), "2026-01-24");
    EXPECT_EQ(from_text(field, "today+1m", in_kampala()), "2026-02-28");
    EXPECT_EQ(from_text(field, "today-11m", in_kampala()), "2025-02-28");
    EXPECT_EQ(from_text(field, "today+2y", in_kampala()), "2028-01-31");
}

TEST(FieldDate, RefusesOtherWordsForDays) {
    const AtThatTime noon("2026-02-03T12:00:00Z");
    const std::string sentence = "!Must be a day such as 2026-02-03, today, today+7d, today-1w or today+1m.";
    for (const char* text : {"", "tomorrow", "today+", "today+d", "today+7", "today7d", "today+7h",
                             "today--7d", "today+-7d", "today+7d ", "now"})
        EXPECT_EQ(from_text(field_of(date_type()), text), sentence) << text;
    EXPECT_EQ(from_text(field_of(date_type()), "today+99999d"),
              "!Must be at most 9999 days, weeks, months or years from today.");
    for (const char* text : {"today+9999y", "today-9999y"})
        EXPECT_EQ(from_text(field_of(date_type()), text), "!Must be in the years 1 to 9999.") << text;
}

TEST(FieldTimestamp, KeepsUtc) {
    const Field field = field_of(timestamp_type());
    expect_accepted(
        field, {
                   {R"("2026-02-03T10:00:00Z")", "2026-02-03T10:00:00Z", R"("2026-02-03T10:00:00Z")"},
                   {R"("2026-02-03T10:00:00+03:00")", "2026-02-03T07:00:00Z", R"("2026-02-03T07:00:00Z")"},
                   {R"("2026-02-03T10:00:00.123456789Z")", "2026-02-03T10:00:00.123456Z",
                    R"("2026-02-03T10:00:00.123456Z")"},
               });
    expect_refused(field, {
                              {R"("2026-02-03")", time_sentence},
                              {R"("2026-02-03 10:00:00Z")", time_sentence},
                              {R"("2026-02-03T10:00:00")", time_sentence},
                              {R"("now")", time_sentence},
                              {"1770112800", "Must be a string, not a number."},
                          });
    EXPECT_EQ(printed(field, "2026-02-03 10:00:00.5+00"), R"("2026-02-03T10:00:00.5Z")");
    EXPECT_EQ(schema_of(field), R"({"type":"string","format":"date-time"})");
}

TEST(FieldTimestamp, NamesWholeDaysInFilters) {
    const AtThatTime noon("2026-02-03T12:00:00Z");
    EXPECT_EQ(timestamp_type().end_of_span("2026-02-03", in_kampala()), "2026-02-03T21:00:00Z");
    EXPECT_EQ(timestamp_type().end_of_span("today", in_kampala()), "2026-02-03T21:00:00Z");
    for (const char* text : {"now", "2026-02-03T10:00:00Z", "", "9999-12-31"})
        EXPECT_EQ(timestamp_type().end_of_span(text, in_kampala()), std::nullopt) << text;
    EXPECT_EQ(date_type().end_of_span("2026-02-03", in_kampala()), std::nullopt);
}

TEST(FieldTimestamp, CountsFromNowAndFromDaysInFilters) {
    const AtThatTime noon("2026-02-03T12:00:00Z");
    const Field field = field_of(timestamp_type());
    EXPECT_EQ(from_text(field, "now"), "2026-02-03T12:00:00Z");
    EXPECT_EQ(from_text(field, "now-2h"), "2026-02-03T10:00:00Z");
    EXPECT_EQ(from_text(field, "now+1d"), "2026-02-04T12:00:00Z");
    EXPECT_EQ(from_text(field, "now-1w"), "2026-01-27T12:00:00Z");
    EXPECT_EQ(from_text(field, "today", in_kampala()), "2026-02-02T21:00:00Z");
    EXPECT_EQ(from_text(field, "today+1d", in_kampala()), "2026-02-03T21:00:00Z");
    EXPECT_EQ(from_text(field, "2026-03-01", in_kampala()), "2026-02-28T21:00:00Z");
    EXPECT_EQ(from_text(field, "2026-02-03T10:00:00+03:00"), "2026-02-03T07:00:00Z");
    EXPECT_EQ(from_text(field, "2026-02-03T10:00:00 03:00"), "2026-02-03T07:00:00Z");
    for (const char* text : {"", "now-2m", "now-", "yesterday", "2026-02-30", "2026-02-03T10:00"})
        EXPECT_EQ(from_text(field, text).substr(0, 20), "!Must be a time such") << text;
    EXPECT_EQ(from_text(field, "now-99999h"), "!Must be at most 9999 hours, days or weeks from now.");
    EXPECT_EQ(from_text(field, "0001-01-01"), "0001-01-01T00:00:00Z");
    EXPECT_EQ(from_text(field, "0001-01-01", in_kampala()).substr(0, 20), "!Must be a time such");
}

}  // namespace
}  // namespace tamiti
