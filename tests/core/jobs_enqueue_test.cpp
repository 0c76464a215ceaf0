#include <barrier>
#include <set>
#include <thread>

#include "tests/core/jobs_studio.hpp"

namespace tamiti::test {
namespace {

class JobsMade : public Jobs {};

TEST_F(JobsMade, ExistOnlyWhereTheirTransactionCommits) {
    EXPECT_THROW(transact(*site, Actor::system(),
                          [](Tx& tx) -> int {
                              tx.enqueue(Work{"never"});
                              throw Conflict("test.no", "No.");
                          }),
                 Conflict);
    EXPECT_EQ(sql("SELECT count(*) FROM core_job"), "0");
    const Uuid id = enqueue(Work{"made"});
    EXPECT_EQ(state(id), "waiting");
    EXPECT_EQ(sql("SELECT arguments::text FROM core_job"), R"({"text": "made"})");
}

TEST_F(JobsMade, TakeQueuePriorityAndAttemptsFromTheirKindUnlessToldOtherwise) {
    const Uuid usual = enqueue(Letter{1});
    const Uuid urgent = enqueue(Letter{2}, {.priority = 7});
    EXPECT_EQ(
        sql("SELECT queue || ' ' || priority || ' ' || max_attempts FROM core_job WHERE id = $1", usual),
        "mail 0 20");
    EXPECT_EQ(sql("SELECT priority FROM core_job WHERE id = $1", urgent), "7");
}

TEST_F(JobsMade, OfOneUniqueKeyAreOneAsLongAsItIsUnfinished) {
    const Uuid first = enqueue(Work{"a"}, {.unique_key = "k"});
    EXPECT_EQ(enqueue(Work{"b"}, {.unique_key = "k"}), first);
    EXPECT_NE(enqueue(Work{"c"}, {.unique_key = "other"}), first);
    EXPECT_NE(enqueue(Letter{1}, {.unique_key = "k"}), first) << "keys are of one kind";
    EXPECT_EQ(run(), 3);
    EXPECT_NE(enqueue(Work{"d"}, {.unique_key = "k"}), first);
    EXPECT_EQ(effects(), "a c");
}

TEST_F(JobsMade, OfOneUniqueKeyStayOneUnderARace) {
    constexpr int threads = 8, rounds = 40;
    std::barrier start(threads);
    std::vector<std::vector<Uuid>> made(threads);
    std::vector<std::jthread> all;
    for (int i = 0; i < threads; ++i)
        all.emplace_back([&, i] {
            for (int round = 0; round < rounds; ++round) {
                start.arrive_and_wait();
                made[static_cast<std::size_t>(i)].push_back(
                    enqueue(Work{"race"}, {.unique_key = "round " + std::to_string(round)}));
            }
        });
    all.clear();
    for (std::size_t round = 0; round < rounds; ++round) {
        std::set<Uuid> ids;
        for (const auto& of_thread : made) ids.insert(of_thread[round]);
        EXPECT_EQ(ids.size(), 1U) << "round " << round;
    }
    EXPECT_EQ(sql("SELECT count(*) FROM core_job"), std::to_string(rounds));
}

TEST_F(JobsMade, ForLaterAreNotRunBefore) {
    const Uuid id = enqueue(Work{"later"}, {.run_at = Clock().now() + std::chrono::hours(1)});
    EXPECT_EQ(run(), 0);
    EXPECT_EQ(state(id), "waiting");
    make_due();
    EXPECT_EQ(run(), 1);
    EXPECT_EQ(state(id), "done");
}

TEST_F(JobsMade, OfAKindThatNobodyDeclaredAreTheProgrammersFault) {
    EXPECT_THROW(transact(*site, Actor::system(),
                          [](Tx& tx) { return job_parts::insert(tx, "test.unknown", "{}", {}); }),
                 std::logic_error);
}

}  // namespace
}  // namespace tamiti::test
