#include <thread>

#include "core/jobs/beat.hpp"
#include "tests/core/jobs_studio.hpp"

namespace tamiti::test {
namespace {

/// The engine without its own schedules, and an app with three.
class JobsBeat : public Jobs {
public:
    void SetUp() override {
        Jobs::SetUp();
        sql("DELETE FROM core_schedule");
        sql("DELETE FROM core_schedule_tick");
        use({every(std::chrono::seconds(60), Work{"once"}, CatchUp::once)});
    }
    void TearDown() override {
        registry->install(*site);
        beat.reset();
    }

    void use(std::vector<Schedule> schedules) {
        beat.reset();
        App scheduled = app();
        scheduled.schedules = std::move(schedules);
        own = std::make_unique<Registry>(std::vector<App>{scheduled});
        own->install(*site);
        beat = std::make_unique<jobs::Beat>(*site);
    }
    static void last_tick_was(const std::string& ago) {
        sql("UPDATE core_schedule SET last_tick = date_trunc('minute', now()) - $1::interval", ago);
    }

    std::unique_ptr<Registry> own;
    std::unique_ptr<jobs::Beat> beat;
};

TEST_F(JobsBeat, BeginsANewScheduleNow) {
    EXPECT_EQ(beat->tick(), 0);
    EXPECT_EQ(sql("SELECT name FROM core_schedule"), "test.work");
    EXPECT_EQ(sql("SELECT count(*) FROM core_job"), "0");
}

TEST_F(JobsBeat, MakesOneJobOfATickHoweverManyLook) {
    beat->tick();
    last_tick_was("1 minute");
    std::atomic<int> made{0};
    {
        std::vector<std::jthread> nodes;
        for (int i = 0; i < 4; ++i)
            nodes.emplace_back([&] {
                jobs::Beat other(*site);
                for (int round = 0; round < 20; ++round) made += other.tick();
            });
    }
    EXPECT_GE(made, 1);
    EXPECT_LE(made, 2) << "a minute may have passed meanwhile";
    EXPECT_EQ(sql("SELECT count(*) FROM core_job"), std::to_string(made));
    EXPECT_EQ(sql("SELECT count(*) FROM core_schedule_tick"), std::to_string(made));
    EXPECT_EQ(sql("SELECT arguments::text FROM core_job"), R"({"text": "once"})");
}

TEST_F(JobsBeat, MakesUpForMissedTicksAsTheScheduleSays) {
    const auto made_after = [&](CatchUp catch_up, const std::string& away) {
        use({every(std::chrono::seconds(3600), Work{"x"}, catch_up)});
        sql("DELETE FROM core_schedule");
        sql("DELETE FROM core_schedule_tick");
        beat->tick();
        sql("UPDATE core_schedule SET last_tick = date_trunc('hour', now()) - $1::interval", away);
        return beat->tick();
    };
    EXPECT_EQ(made_after(CatchUp::all, "5 hours"), 5);
    EXPECT_EQ(made_after(CatchUp::once, "5 hours"), 1);
    EXPECT_EQ(made_after(CatchUp::all, "30 days"), 100);
    EXPECT_EQ(beat->tick(), 0) << "what was made up for is not made up for again";
}

TEST_F(JobsBeat, HeedsAChangedDeclarationAtOnce) {
    beat->tick();
    last_tick_was("5 minutes");
    use({every(std::chrono::seconds(60), Work{"changed"}, CatchUp::once)});
    EXPECT_EQ(beat->tick(), 1);
    EXPECT_EQ(sql("SELECT arguments ->> 'text' FROM core_job"), "changed");
}

TEST_F(JobsBeat, RefusesSchedulesThatCantBe) {
    EXPECT_THROW(use({daily("25:00", Work{})}), std::logic_error);
    EXPECT_THROW(use({every(std::chrono::seconds(0), Work{})}), std::logic_error);
    EXPECT_THROW(use({every(std::chrono::seconds(5), Work{}), every(std::chrono::seconds(6), Work{})}),
                 std::logic_error);
}

}  // namespace
}  // namespace tamiti::test
