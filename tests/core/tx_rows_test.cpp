#include <atomic>
#include <thread>

#include "tests/core/toy_notes.hpp"
#include "tests/support/waiting.hpp"

namespace tamiti::toy {
namespace {

/// What happens to rows: locking, asking where they lie, changing many.
class TxRows : public Notes {
protected:
    static Scope of(const std::string& owner) { return where("owner = {}", owner); }
};

TEST_F(TxRows, LockAnswersTheRowThatMayBeChanged) {
    const Id<Note> id = add("Cut");
    in([&](Tx& tx) {
        const Note note = tx.lock(id, Scope::all(), of("ada"));
        EXPECT_EQ(note.title, "Cut");
        EXPECT_EQ(tx.transaction().statements(), 1U);
    });
}

TEST_F(TxRows, LockTellsHiddenFromForbidden) {
    const Id<Note> id = add("Cut");
    in([&](Tx& tx) {
        EXPECT_THROW(tx.lock(id, of("ben"), Scope::all()), NotFound);
        EXPECT_THROW(tx.lock(id, Scope::none(), Scope::all()), NotFound);
        EXPECT_THROW(tx.lock(Id<Note>{Uuid::make()}, Scope::all(), Scope::all()), NotFound);
        EXPECT_THROW(tx.lock(id, of("ada"), of("ben")), Forbidden);
        EXPECT_THROW(tx.lock(id, of("ada"), Scope::none()), Forbidden);
        tx.remove(id);
        EXPECT_THROW(tx.lock(id, Scope::all(), Scope::all()), NotFound) << "the row is in the trash";
    });
}

TEST_F(TxRows, LockAsksOfTheRowAsItsLastWriterLeftIt) {
    const Id<Note> id = add("Cut");
    std::thread other;
    std::atomic<bool> is_done{false};
    std::string outcome = "none";
    in([&](Tx& tx) {
        Note note = tx.lock(id);
        other = std::thread([&] {
            try {
                in([&](Tx& late) { late.lock(id, Scope::all(), of("ada")); });
                outcome = "locked";
            } catch (const Forbidden&) {
                outcome = "forbidden";
            }
            is_done = true;
        });
        EXPECT_TRUE(test::until_somebody_waits(*site_->pool, is_done));
        note.owner = "ben";
        tx.save(note, &Note::owner);
    });
    other.join();
    EXPECT_EQ(outcome, "forbidden");
}

TEST_F(TxRows, LieInAScopeOrNot) {
    const Id<Note> id = add("Cut");
    in([&](Tx& tx) {
        EXPECT_TRUE(tx.lies_in(id, of("ada")));
        EXPECT_TRUE(tx.lies_in(id, Scope::all()));
        EXPECT_FALSE(tx.lies_in(id, of("ben")));
        EXPECT_FALSE(tx.lies_in(id, Scope::none()));
        EXPECT_FALSE(tx.lies_in(Id<Note>{Uuid::make()}, Scope::all()));
        EXPECT_TRUE(tx.lies_in(tx.get(id), of("ada")));
        tx.remove(id);
        EXPECT_FALSE(tx.lies_in(id, Scope::all())) << "the row is in the trash";
    });
}

TEST_F(TxRows, UpdateChangesWhatIsInTheScopeWithItsTimeAndVersion) {
    const Id<Note> first = add("Cut"), second = add("Mix"), of_ben = add("Draft", "ben");
    site_->pool->acquire()->run_script("UPDATE toy_note SET updated_at = 'epoch'");
    in([&](Tx& tx) { EXPECT_EQ(tx.update<Note>({"owner = {}", "eve"}, of("ada")), 2); });
    for (const Id<Note> id : {first, second}) {
        const Note note = read(id);
        EXPECT_EQ(note.owner, "eve");
        EXPECT_EQ(note.version, 2);
        EXPECT_EQ(note.updated_at, FixedClock().now());
    }
    EXPECT_EQ(read(of_ben).version, 1);
    EXPECT_EQ(read(of_ben).updated_at, Timestamp());
    in([&](Tx& tx) { EXPECT_EQ(tx.update<Note>({"owner = {}", "eve"}, Scope::none()), 0); });
}

TEST_F(TxRows, UpdateLeavesTheTrashAloneUnlessItIsIncluded) {
    const Id<Note> id = add("Cut");
    in([&](Tx& tx) {
        tx.remove(id);
        EXPECT_EQ(tx.update<Note>({"owner = {}", "eve"}, Scope::all()), 0);
        EXPECT_EQ(tx.update<Note>({"owner = {}", "eve"}, Scope::all(), Trash::included), 1);
    });
    EXPECT_EQ(read(id).owner, "eve");
}

TEST_F(TxRows, ExecuteAnswersHowManyRowsItTouchedAndSendWaitsForTheNext) {
    const Id<Note> id = add("Cut");
    in([&](Tx& tx) {
        EXPECT_EQ(tx.execute(Sql{"UPDATE toy_note SET title = {} WHERE id = {}", "Mix", id}), 1);
        EXPECT_EQ(tx.execute(Sql{"DELETE FROM toy_note WHERE title = {}", "none"}), 0);
        tx.send(Sql{"UPDATE toy_note SET title = {} WHERE id = {}", "Last", id});
        EXPECT_EQ(tx.value<std::string>({"SELECT title FROM toy_note WHERE id = {}", id}), "Last");
    });
}

}  // namespace
}  // namespace tamiti::toy
