#include "core/model/rows.hpp"

#include <boost/describe/class.hpp>

#include "tests/core/toy_notes.hpp"

namespace tamiti::toy {
namespace {

struct Heading {
    std::string title{};
    std::optional<Date> due_on{};
    State state = State::open;
    int length = 0;
};
BOOST_DESCRIBE_STRUCT(Heading, (), (title, due_on, state, length))

class Rows : public Notes {
protected:
    /// What is said of a statement that doesn't fit the type; empty where it does.
    template <class T>
    static std::string fault(const char* text) {
        try {
            in([&](Tx& tx) { tx.all<T>(Sql::verbatim(text)); });
        } catch (const std::logic_error& error) {
            return error.what();
        }
        return {};
    }
};

TEST_F(Rows, FillMembersByTheNamesOfTheColumnsInAnyOrder) {
    const auto row = in([](Tx& tx) {
        return tx.one<Heading>(
            Sql{"SELECT {}::int AS length, 'closed' AS state, {}::date AS due_on, {} AS title", 7,
                "2026-02-03", "Cut"});
    });
    EXPECT_EQ(row.title, "Cut");
    EXPECT_EQ(row.due_on, parse_date("2026-02-03"));
    EXPECT_EQ(row.state, State::closed);
    EXPECT_EQ(row.length, 7);
}

TEST_F(Rows, KeepTheOrderOfTheStatementAndNothingForNull) {
    const auto rows = in([](Tx& tx) {
        return tx.all<Heading>(
            {"SELECT 'n' || i AS title, NULL::date AS due_on, 'open' AS state, i AS length "
             "FROM generate_series(1, 3) AS i ORDER BY i DESC"});
    });
    ASSERT_EQ(rows.size(), 3U);
    EXPECT_EQ(rows[0].title, "n3");
    EXPECT_EQ(rows[2].title, "n1");
    EXPECT_EQ(rows[0].due_on, std::nullopt);
    EXPECT_TRUE(in([](Tx& tx) {
                    return tx.all<Heading>(
                        {"SELECT '' AS title, NULL AS due_on, 'open' AS state, 1 AS length WHERE false"});
                }).empty());
}

TEST_F(Rows, NameAMissingColumnAlsoWhereThereAreNoRows) {
    EXPECT_EQ(fault<Heading>("SELECT '' AS title, NULL AS due_on, 'open' AS state WHERE false"),
              "a statement does not answer the column length of Heading");
}

TEST_F(Rows, NameAColumnWithoutAMember) {
    EXPECT_EQ(fault<Heading>("SELECT '' AS title, NULL AS due_on, 'open' AS state, 1 AS length, 2 AS width"),
              "a statement answers the column width, which Heading has no member for");
    EXPECT_EQ(fault<Heading>("SELECT '' AS title, NULL AS due_on, 'open' AS state, 1 AS length, 2 AS length"),
              "a statement answers the column length twice");
}

TEST_F(Rows, NameAColumnWhoseNullTheMemberCantHold) {
    EXPECT_EQ(fault<Heading>("SELECT NULL AS title, NULL AS due_on, 'open' AS state, 1 AS length"),
              "the column title of Heading is NULL, which its member can't hold");
}

TEST_F(Rows, NameAColumnOfAnotherType) {
    EXPECT_EQ(fault<Heading>("SELECT '' AS title, NULL AS due_on, 'open' AS state, 'long' AS length"),
              "the column length of Heading: stored text is not a whole number of 64 bits: long");
    EXPECT_EQ(fault<Heading>("SELECT '' AS title, NULL AS due_on, 'lost' AS state, 1 AS length"),
              "the column state of Heading: no such choice: lost");
    EXPECT_EQ(fault<Heading>("SELECT '' AS title, NULL AS due_on, 'open' AS state, 2147483648 AS length"),
              "the column length of Heading: a number too great for 32 bits");
}

TEST_F(Rows, AreSingleValuesToo) {
    in([](Tx& tx) {
        EXPECT_EQ(tx.value<int>({"SELECT 5"}), 5);
        EXPECT_EQ(tx.value<std::int64_t>({"SELECT 5000000000"}), 5'000'000'000);
        EXPECT_TRUE(tx.value<bool>({"SELECT true"}));
        EXPECT_EQ(tx.value<std::string>({"SELECT {}", "text"}), "text");
        EXPECT_EQ(tx.value<Timestamp>({"SELECT {}::timestamptz", tx.now()}), tx.now());
        EXPECT_EQ(tx.value<Date>({"SELECT '2026-02-03'::date"}), parse_date("2026-02-03"));
        const Uuid id = Uuid::make();
        EXPECT_EQ(tx.value<Uuid>({"SELECT {}::uuid", id}), id);
        EXPECT_EQ(tx.value<Id<Note>>({"SELECT {}::uuid", id}), Id<Note>{id});
        EXPECT_EQ(tx.value<Money>({"SELECT '1250 UGX'"}), (Money{1250, "UGX"}));
        EXPECT_EQ(tx.value<State>({"SELECT 'closed'"}), State::closed);
        EXPECT_EQ(tx.all<int>({"SELECT generate_series(1, 3)"}), (std::vector<int>{1, 2, 3}));
    });
}

TEST_F(Rows, AnOptionalValueIsNothingForNullAndForNoRow) {
    in([](Tx& tx) {
        EXPECT_EQ(tx.value<std::optional<int>>({"SELECT 5"}), 5);
        EXPECT_EQ(tx.value<std::optional<int>>({"SELECT NULL::int"}), std::nullopt);
        EXPECT_EQ(tx.value<std::optional<int>>({"SELECT 5 WHERE false"}), std::nullopt);
    });
    EXPECT_EQ(fault<int>("SELECT NULL::int"), "the column value of int is NULL, which its member can't hold");
    EXPECT_EQ(fault<int>("SELECT 1, 2"), "a statement answers 2 columns where one int is wanted");
}

TEST_F(Rows, OneIsExactlyOne) {
    in([](Tx& tx) {
        EXPECT_THROW(tx.value<int>({"SELECT 1 WHERE false"}), std::logic_error);
        EXPECT_THROW(tx.value<int>({"SELECT generate_series(1, 2)"}), std::logic_error);
        EXPECT_EQ(tx.find_one<int>({"SELECT 1 WHERE false"}), std::nullopt);
        EXPECT_THROW(tx.find_one<int>({"SELECT generate_series(1, 2)"}), std::logic_error);
    });
}

TEST_F(Rows, OfAModelAreReadByName) {
    const Id<Note> id = add("Cut");
    in([&](Tx& tx) {
        Note note = tx.get(id);
        note.price = Money{1250, "UGX"};
        tx.save(note, &Note::price);
        const Note found =
            tx.one<Note>(Sql{"SELECT {} FROM toy_note AS n WHERE n.id = {}", columns_of<Note>("n"), id});
        EXPECT_EQ(found.title, "Cut");
        EXPECT_EQ(found.price, (Money{1250, "UGX"}));
        EXPECT_EQ(found.version, 2);
    });
}

TEST_F(Rows, ExistOrNot) {
    add("Cut");
    in([](Tx& tx) {
        EXPECT_TRUE(tx.exists({"SELECT FROM toy_note WHERE title = {}", "Cut"}));
        EXPECT_FALSE(tx.exists({"SELECT FROM toy_note WHERE title = {}", "Mix"}));
    });
}

}  // namespace
}  // namespace tamiti::toy
