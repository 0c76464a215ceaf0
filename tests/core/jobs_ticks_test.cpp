#include <gtest/gtest.h>

#include "core/jobs/ticks.hpp"

namespace tamiti::jobs {
namespace {

using namespace std::chrono_literals;

Timestamp at(const char* text) {
    return parse_timestamp(text).value();
}

std::string text_of(const std::vector<Timestamp>& times) {
    std::string text;
    for (const Timestamp time : times) text += (text.empty() ? "" : " ") + format(time);
    return text;
}

Schedule each(std::chrono::seconds interval, CatchUp catch_up = CatchUp::all) {
    return {.name = "s", .job = "s", .interval = interval, .catch_up = catch_up};
}
Schedule day(const char* time, CatchUp catch_up = CatchUp::all) {
    return {.name = "s", .job = "s", .time_of_day = time, .catch_up = catch_up};
}

TEST(Ticks, OfAnIntervalAreItsMultiplesSinceTheEpoch) {
    EXPECT_EQ(text_of(ticks(each(15min), at("2026-02-03T10:07:00Z"), at("2026-02-03T10:45:00Z"), "UTC")),
              "2026-02-03T10:15:00Z 2026-02-03T10:30:00Z 2026-02-03T10:45:00Z");
    EXPECT_EQ(text_of(ticks(each(15min), at("2026-02-03T10:15:00Z"), at("2026-02-03T10:29:59Z"), "UTC")), "");
    EXPECT_EQ(text_of(ticks(each(1s), at("2026-02-03T10:00:00.5Z"), at("2026-02-03T10:00:02.2Z"), "UTC")),
              "2026-02-03T10:00:01Z 2026-02-03T10:00:02Z");
}

TEST(Ticks, AreTheLatestHundredAfterALongAbsence) {
    const auto missed = ticks(each(1min), at("2026-02-01T00:00:00Z"), at("2026-02-03T00:00:00Z"), "UTC");
    ASSERT_EQ(missed.size(), 100U);
    EXPECT_EQ(format(missed.front()), "2026-02-02T22:21:00Z");
    EXPECT_EQ(format(missed.back()), "2026-02-03T00:00:00Z");
}

TEST(Ticks, OfATimeOfDayAreInTheZone) {
    EXPECT_EQ(text_of(ticks(day("02:30"), at("2026-02-02T23:30:00Z"), at("2026-02-04T23:29:59Z"),
                            "Africa/Kampala")),
              "2026-02-03T23:30:00Z");
}

TEST(Ticks, OfATimeThatTheClockSkipsAreTheFirstMomentAfter) {
    EXPECT_EQ(
        text_of(ticks(day("02:30"), at("2026-03-28T12:00:00Z"), at("2026-03-30T12:00:00Z"), "Europe/Berlin")),
        "2026-03-29T01:00:00Z 2026-03-30T00:30:00Z");
}

TEST(Ticks, OfATimeThatTheClockRepeatsAreTheFirstOfTheTwo) {
    EXPECT_EQ(
        text_of(ticks(day("02:30"), at("2026-10-24T12:00:00Z"), at("2026-10-26T12:00:00Z"), "Europe/Berlin")),
        "2026-10-25T00:30:00Z 2026-10-26T01:30:00Z");
    EXPECT_EQ(text_of(ticks(day("01:45"), at("2026-04-04T00:00:00Z"), at("2026-04-05T20:00:00Z"),
                            "Australia/Lord_Howe")),
              "2026-04-04T14:45:00Z 2026-04-05T15:15:00Z");
}

TEST(Ticks, OfADayThatAZoneLeftOutAreTheFirstMomentAfter) {
    const auto found =
        ticks(day("12:00"), at("2011-12-29T00:00:00Z"), at("2012-01-01T12:00:00Z"), "Pacific/Apia");
    EXPECT_EQ(text_of(found),
              "2011-12-29T22:00:00Z 2011-12-30T10:00:00Z 2011-12-30T22:00:00Z 2011-12-31T22:00:00Z");
}

TEST(Ticks, ThatWereMissedAreSkippedMadeUpForOnceOrAllRun) {
    const Timestamp after = at("2026-02-03T10:00:00Z");
    for (const auto& [now, skip, once, all] : {std::tuple(at("2026-02-03T10:45:30Z"), 1U, 1U, 3U),
                                               std::tuple(at("2026-02-03T10:55:00Z"), 0U, 1U, 3U),
                                               std::tuple(at("2026-02-03T10:14:00Z"), 0U, 0U, 0U)}) {
        SCOPED_TRACE(format(now));
        const auto run = [&, now = now](CatchUp catch_up) {
            const auto schedule = each(15min, catch_up);
            return ticks_to_run(schedule, ticks(schedule, after, now, "UTC"), now).size();
        };
        EXPECT_EQ(run(CatchUp::skip), skip);
        EXPECT_EQ(run(CatchUp::once), once);
        EXPECT_EQ(run(CatchUp::all), all);
    }
}

TEST(Ticks, NeedAnIntervalOrATimeOfDayThatExists) {
    EXPECT_EQ(fault_of(each(1s)), "");
    EXPECT_EQ(fault_of(day("23:59")), "");
    EXPECT_NE(fault_of(each(0s)), "");
    for (const char* bad : {"24:00", "12:60", "2:30", "02:30:00", "ab:cd", "-1:30", "0230"})
        EXPECT_NE(fault_of(day(bad)), "") << bad;
}

}  // namespace
}  // namespace tamiti::jobs
