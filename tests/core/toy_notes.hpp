#pragma once

#include <gtest/gtest.h>

#include "core/model/describe.hpp"
#include "core/model/tx.hpp"
#include "tests/support/database.hpp"

/// A toy table and transactions on it, for tests of what statements can be written.
namespace tamiti::toy {

enum class State : unsigned char { open, closed };
BOOST_DESCRIBE_ENUM(State, open, closed)

struct Note {
    Id<Note> id{};
    std::string title{};
    std::string owner{};
    State state = State::open;
    std::optional<Money> price{};
    std::optional<Date> due_on{};
    Timestamp created_at{};
    Timestamp updated_at{};
    int version = 1;
    std::optional<Timestamp> deleted_at{};
};

inline const Model& model_of(tag<Note>) {
    static const Model note = describe<Note>(
        "toy.note",
        {.table = "toy_note",
         .doc = "",
         .fields = {uuid_model<Note>(), field<&Note::title>("title"), field<&Note::owner>("owner"),
                    field<&Note::state>("state"), field<&Note::price>("price"),
                    field<&Note::due_on>("due_on"), time_stamped_model<Note>(), soft_delete_model<Note>()}});
    return note;
}

inline constexpr const char* note_table =
    R"(CREATE TABLE toy_note (id uuid PRIMARY KEY, title text NOT NULL, owner text NOT NULL, state text NOT NULL,
       price bigint, price_currency text, due_on date, created_at timestamptz NOT NULL,
       updated_at timestamptz NOT NULL, version int NOT NULL, deleted_at timestamptz))";

class FixedClock : public Clock {
public:
    Timestamp now() const override {
        return Timestamp(Date{std::chrono::year{2026} / 2 / 3}.time_since_epoch());
    }
};

/// A suite with an empty table of notes for each test.
class Notes : public ::testing::Test {
protected:
    static void SetUpTestSuite() {
        database_ = std::make_unique<test::TestDatabase>(test::TestDatabase::Kind::empty);
        site_ = std::make_unique<Site>();
        site_->pool = std::make_shared<db::Pool>(database_->as_owner(), 4, std::chrono::milliseconds(5000));
        site_->clock = std::make_shared<FixedClock>();
        site_->pool->acquire()->run_script(note_table);
    }
    static void TearDownTestSuite() {
        site_.reset();
        database_.reset();
    }
    void SetUp() override { site_->pool->acquire()->run_script("TRUNCATE toy_note"); }

    template <class Work>
    static auto in(Work&& work) {
        return transact(*site_, Actor{}, std::forward<Work>(work));
    }

    static Id<Note> add(const std::string& title, const std::string& owner = "ada") {
        Note note{.title = title, .owner = owner};
        in([&](Tx& tx) { tx.insert(note); });
        return note.id;
    }

    static Note read(Id<Note> id) {
        return in([&](Tx& tx) { return tx.select<Note>({"t.id = {}", id}).at(0); });
    }

    static inline std::unique_ptr<test::TestDatabase> database_;
    static inline std::unique_ptr<Site> site_;
};

}  // namespace tamiti::toy
