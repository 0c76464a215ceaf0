#include "core/base/time.hpp"

#include <date/tz.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstdlib>
#include <ctime>
#include <random>
#include <stdexcept>

using namespace tamiti;
using namespace std::chrono_literals;

namespace {

std::string normal(std::string_view text) {
    const auto time = parse_timestamp(text);
    return time ? format(*time) : "nothing";
}

TEST(TimeTest, InstantsAreReadAndWrittenInUtc) {
    EXPECT_EQ(normal("2026-02-03T10:00:00Z"), "2026-02-03T10:00:00Z");
    EXPECT_EQ(normal("2026-02-03t10:00:00z"), "2026-02-03T10:00:00Z");
    EXPECT_EQ(normal("2026-02-03T10:00:00+03:00"), "2026-02-03T07:00:00Z");
    EXPECT_EQ(normal("2026-02-03T20:30:00-05:30"), "2026-02-04T02:00:00Z");
    EXPECT_EQ(normal("2026-02-03T10:00:00.5Z"), "2026-02-03T10:00:00.5Z");
    EXPECT_EQ(normal("2026-02-03T10:00:00.000001Z"), "2026-02-03T10:00:00.000001Z");
    EXPECT_EQ(normal("2026-02-03T10:00:00.123456789Z"), "2026-02-03T10:00:00.123456Z");
    EXPECT_EQ(normal("0001-01-01T00:00:00Z"), "0001-01-01T00:00:00Z");
    EXPECT_EQ(normal("9999-12-31T23:59:59.999999Z"), "9999-12-31T23:59:59.999999Z");
    EXPECT_EQ(normal("1969-12-31T23:59:59.25Z"), "1969-12-31T23:59:59.25Z");
    EXPECT_EQ(normal("2024-02-29T00:00:00Z"), "2024-02-29T00:00:00Z");
}

TEST(TimeTest, OtherSpellingsAreNoInstants) {
    for (const char* text : {"",
                             "2026-02-03",
                             "2026-02-03T10:00:00",
                             "2026-02-03 10:00:00Z",
                             "2026-2-3T10:00:00Z",
                             "2026-02-30T10:00:00Z",
                             "2025-02-29T10:00:00Z",
                             "2026-13-01T10:00:00Z",
                             "2026-00-01T10:00:00Z",
                             "2026-02-00T10:00:00Z",
                             "2026-02-03T24:00:00Z",
                             "2026-02-03T10:60:00Z",
                             "2026-02-03T10:00:60Z",
                             "2026-02-03T10:00Z",
                             "2026-02-03T10:00:00.Z",
                             "2026-02-03T10:00:00.1234567890Z",
                             "2026-02-03T10:00:00,5Z",
                             "2026-02-03T10:00:00+3:00",
                             "2026-02-03T10:00:00+0300",
                             "2026-02-03T10:00:00+24:00",
                             "2026-02-03T10:00:00+03:60",
                             "2026-02-03T10:00:00Z ",
                             " 2026-02-03T10:00:00Z",
                             "0000-01-01T00:00:00Z",
                             "0001-01-01T00:00:00+01:00",
                             "9999-12-31T23:59:59-01:00",
                             "10000-01-01T00:00:00Z",
                             "-026-02-03T10:00:00Z",
                             "2026-02-03T10:00:00ZZ",
                             "+026-02-03T10:00:00Z"}) {
        EXPECT_EQ(normal(text), "nothing") << text;
    }
}

TEST(TimeTest, DaysAreReadOnlyWhereTheyExist) {
    EXPECT_EQ(format(*parse_date("2026-02-03")), "2026-02-03");
    EXPECT_EQ(format(*parse_date("2000-02-29")), "2000-02-29");
    for (const char* text : {"", "2026-2-3", "1900-02-29", "2026-02-30", "2026-04-31", "20260203",
                             "2026-02-03T", "0000-01-01", "2026/02/03"}) {
        EXPECT_FALSE(parse_date(text).has_value()) << text;
    }
}

TEST(TimeTest, PostgresTimestampsAreRewritten) {
    const auto rewritten = [](std::string_view text) {
        std::string out = "\"";
        append_timestamp(out, text);
        return out.substr(1);
    };
    EXPECT_EQ(rewritten("2026-02-03 10:00:00+00"), "2026-02-03T10:00:00Z");
    EXPECT_EQ(rewritten("2026-02-03 10:00:00.5+00"), "2026-02-03T10:00:00.5Z");
    for (const char* text : {"infinity", "-infinity", "10000-01-01 00:00:00+00", "0044-03-15 00:00:00+00 BC",
                             "", "2026-02-03"}) {
        EXPECT_EQ(rewritten(text), text);
    }
}

RC_GTEST_PROP(TimeProperty, EveryInstantSurvivesWritingAndReading, ()) {
    const auto first = parse_timestamp("0001-01-01T00:00:00Z")->time_since_epoch().count();
    const auto last = parse_timestamp("9999-12-31T23:59:59.999999Z")->time_since_epoch().count();
    const Timestamp time{std::chrono::microseconds{*rc::gen::inRange(first, last)}};
    RC_ASSERT(parse_timestamp(format(time)) == time);
}

TEST(ZoneTest, OnlyTheNamesOfTheDatabaseAreZones) {
    for (const char* name : {"Africa/Kampala", "UTC", "Europe/London", "US/Eastern",
                             "America/Argentina/Buenos_Aires", "Etc/GMT+3"}) {
        EXPECT_TRUE(is_time_zone(name)) << name;
    }
    for (const char* name : {"", "Kampala", "africa/kampala", "localtime", "../../etc/passwd", "posix/UTC",
                             "EAT", "Africa/", "UTC+3"}) {
        EXPECT_FALSE(is_time_zone(name)) << name;
    }
    EXPECT_THROW(day_in_zone(Timestamp{}, "Mars/Base"), std::invalid_argument);
    EXPECT_THROW(start_of_day(Date{}, "Mars/Base"), std::invalid_argument);
}

std::string start(std::string_view day, std::string_view zone) {
    return format(start_of_day(*parse_date(day), zone));
}

TEST(ZoneTest, ADayStartsAtMidnightOfItsZone) {
    EXPECT_EQ(start("2026-02-03", "Africa/Kampala"), "2026-02-02T21:00:00Z");
    EXPECT_EQ(start("2026-07-01", "Europe/London"), "2026-06-30T23:00:00Z");
    EXPECT_EQ(start("2026-02-03", "Antarctica/Troll"), "2026-02-03T00:00:00Z");
    EXPECT_EQ(format(day_in_zone(*parse_timestamp("2026-02-02T20:59:59.999999Z"), "Africa/Kampala")),
              "2026-02-02");
    EXPECT_EQ(format(day_in_zone(*parse_timestamp("2026-02-02T21:00:00Z"), "Africa/Kampala")), "2026-02-03");
    EXPECT_EQ(format_in_zone(*parse_timestamp("2026-02-02T21:00:59.5Z"), "Africa/Kampala"),
              "2026-02-03 00:00 (Africa/Kampala)");
    EXPECT_EQ(format_in_zone(*parse_timestamp("2026-07-02T21:00:00Z"), "America/New_York"),
              "2026-07-02 17:00 (America/New_York)");
    EXPECT_EQ(format(day_in_zone(*parse_timestamp("1969-12-31T20:59:59.999999Z"), "Africa/Kampala")),
              "1969-12-31");
}

TEST(ZoneTest, WhereAGapSkipsMidnightTheDayStartsAfterIt) {
    EXPECT_EQ(start("2018-11-04", "America/Sao_Paulo"),
              "2018-11-04T03:00:00Z");                                       // 00:00 is followed by 01:00
    EXPECT_EQ(start("2026-04-24", "Africa/Cairo"), "2026-04-23T22:00:00Z");  // likewise
    EXPECT_EQ(start("2011-12-30", "Pacific/Apia"),
              "2011-12-30T10:00:00Z");  // the day doesn't exist: the next one's start
    EXPECT_EQ(start("2011-12-31", "Pacific/Apia"), "2011-12-30T10:00:00Z");
}

TEST(ZoneTest, OfTwoMidnightsTheFirstCounts) {
    // In Havana the clock goes back from 01:00 to 00:00.
    EXPECT_EQ(start("2025-11-02", "America/Havana"), "2025-11-02T04:00:00Z");
}

/// The calendar day as the C library computes it: an independent judge with its own reader of the same files.
std::string libc_day(std::time_t second) {
    std::tm local{};
    localtime_r(&second, &local);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%d", &local);
    return text;
}

TEST(ZoneTest, EveryZoneAgreesWithTheCLibrary) {
    std::mt19937_64 random(2026);
    const char* const before = std::getenv("TZ");
    const std::string kept = before ? before : "";
    for (const auto& zone : date::get_tzdb().zones) {
        if (!is_time_zone(zone.name())) continue;
        setenv("TZ", zone.name().c_str(), 1);
        tzset();
        for (int i = 0; i < 300; ++i) {
            const auto second = static_cast<std::time_t>(random() % 2'145'000'000);  // 1970 to 2037
            const Timestamp time{std::chrono::seconds{second}};
            ASSERT_EQ(format(day_in_zone(time, zone.name())), libc_day(second))
                << zone.name() << ' ' << second;
        }
    }
    before ? setenv("TZ", kept.c_str(), 1) : unsetenv("TZ");
    tzset();
}

TEST(ZoneTest, TheStartOfADayIsItsFirstInstant) {
    for (const char* zone :
         {"Africa/Kampala", "Africa/Casablanca", "Europe/London", "America/New_York", "Australia/Lord_Howe",
          "Antarctica/Troll", "Asia/Gaza", "America/Sao_Paulo", "Africa/Cairo", "America/Havana"}) {
        for (Date day = *parse_date("1975-01-01"); day < *parse_date("2037-12-31");
             day += std::chrono::days{1}) {
            const Timestamp start = start_of_day(day, zone);
            ASSERT_EQ(day_in_zone(start, zone), day) << zone << ' ' << format(day);
            ASSERT_LT(day_in_zone(start - 1us, zone), day) << zone << ' ' << format(day);
        }
    }
}

}  // namespace
