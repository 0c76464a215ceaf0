#include "core/events/event.hpp"

#include "tests/core/jobs_studio.hpp"

namespace tamiti::test {
namespace {

struct Film;  // what the events are about; the engine needs no row of it
const Model& model_of(tag<Film>);

struct FilmCut {
    static constexpr std::string_view event_name = "test.film_cut";
    Id<Film> film{};
    std::string note{};
};
BOOST_DESCRIBE_STRUCT(FilmCut, (), (film, note))

const Model& model_of(tag<Film>) {
    static const Model film{};
    return film;
}

std::function<void(Tx&, const FilmCut&)> on_within;
std::function<void(Tx&, const FilmCut&)> on_first;
std::function<void(Tx&, const FilmCut&)> on_second;

class Events : public Jobs {
public:
    void SetUp() override {
        Jobs::SetUp();
        on_within = [](Tx&, const FilmCut&) {};
        on_first = [](Tx& tx, const FilmCut& event) { note(tx, "first", event); };
        on_second = [](Tx& tx, const FilmCut& event) { note(tx, "second", event); };
        App listening = app();
        listening.listeners = {
            after<FilmCut>(
                "test.first", +[](Tx& tx, const FilmCut& event) { on_first(tx, event); }),
            after<FilmCut>(
                "test.second", +[](Tx& tx, const FilmCut& event) { on_second(tx, event); }),
            within<FilmCut>(
                "test.within", +[](Tx& tx, const FilmCut& event) { on_within(tx, event); })};
        own = std::make_unique<Registry>(std::vector<App>{engine(), listening});
        own->install(*site);
    }
    void TearDown() override { registry->install(*site); }

    static void note(Tx& tx, const char* listener, const FilmCut& event) {
        tx.execute({"INSERT INTO effect VALUES ({}, {})", listener, event.note});
    }
    static void emit(Id<Film> film, const std::string& what) {
        transact(*site, Actor::system("command test"), [&](Tx& tx) { tx.emit(FilmCut{film, what}); });
    }
    static std::string noted(const std::string& listener) {
        return sql("SELECT coalesce(string_agg(note, ' ' ORDER BY ctid), '') FROM effect WHERE job = $1",
                   listener);
    }

    std::unique_ptr<Registry> own;
};

TEST_F(Events, ReachEachListenerAfterTheCommitAndNobodyAfterARollback) {
    const auto film = Id<Film>::make();
    EXPECT_THROW(transact(*site, Actor::system(),
                          [&](Tx& tx) -> int {
                              tx.emit(FilmCut{film, "never"});
                              throw Conflict("test.no", "No.");
                          }),
                 Conflict);
    EXPECT_EQ(run(), 0);
    emit(film, "cut");
    EXPECT_EQ(effects(), "") << "not before the listeners' own transactions";
    EXPECT_EQ(run(), 2);
    EXPECT_EQ(noted("first"), "cut");
    EXPECT_EQ(noted("second"), "cut");
    EXPECT_EQ(run(), 0);
}

TEST_F(Events, AreHeardWithinTheTransactionByThoseWhoMustKeepUp) {
    on_within = [](Tx& tx, const FilmCut& event) { note(tx, "within", event); };
    const auto film = Id<Film>::make();
    transact(*site, Actor::system(), [&](Tx& tx) {
        tx.emit(FilmCut{film, "cut"});
        EXPECT_EQ(tx.rows(Sql("SELECT 1 FROM effect WHERE job = 'within'")).size(), 1) << "at once";
    });
    EXPECT_EQ(noted("within"), "cut");
    EXPECT_EQ(run(), 2) << "no job tells them again";
    EXPECT_EQ(noted("within"), "cut");
}

TEST_F(Events, AreRefusedWithTheChangeByWhoListensWithin) {
    on_within = [](Tx&, const FilmCut&) { throw Conflict("test.no", "The cut is locked."); };
    EXPECT_THROW(emit(Id<Film>::make(), "never"), Conflict);
    EXPECT_EQ(run(), 0);
    EXPECT_EQ(effects(), "");
}

TEST_F(Events, AreWrittenInOneStatementWithTheirCauseAndTheirJobs) {
    const auto film = Id<Film>::make();
    transact(*site, Actor::system("command test"), [&](Tx& tx) {
        tx.rows(Sql("SELECT 1"));
        const auto before = tx.transaction().statements();
        tx.emit(FilmCut{film, "cut"});
        EXPECT_EQ(tx.transaction().statements() - before, 0U) << "it goes with the next one";
        tx.rows(Sql("SELECT 1"));
        EXPECT_EQ(tx.transaction().statements() - before, 2U);
    });
    EXPECT_EQ(sql("SELECT name || ' ' || (payload ->> 'note') || ' ' || (cause ->> 'via') FROM core_event"
                  " WHERE aggregate = $1",
                  film),
              "test.film_cut cut command test");
    EXPECT_EQ(sql("SELECT count(*) FROM core_job WHERE kind = 'core.listen' AND serial_key LIKE '%:' || $1",
                  film.text()),
              "2");
}

TEST_F(Events, OfOneRowReachAListenerInTheirOrderAlsoWhereOneHasToBeRepeated) {
    const auto film = Id<Film>::make();
    const auto other = Id<Film>::make();
    int tries = 0;
    on_first = [&](Tx& tx, const FilmCut& event) {
        note(tx, "first", event);
        if (event.note == "1" && ++tries < 3) throw std::runtime_error("not yet");
    };
    for (const char* what : {"1", "2", "3"}) emit(film, what);
    emit(other, "other");
    run();
    EXPECT_EQ(noted("first"), "other") << "what failed left nothing, and those behind it wait";
    EXPECT_EQ(noted("second"), "1 other 2 3");
    for (int i = 0; i < 2; ++i) {
        make_due();
        run();
    }
    EXPECT_EQ(noted("first"), "other 1 2 3");
}

TEST_F(Events, ThatCantBeHandledLetThoseBehindThemPass) {
    const auto film = Id<Film>::make();
    on_first = [&](Tx& tx, const FilmCut& event) {
        if (event.note == "bad") throw std::runtime_error("never");
        note(tx, "first", event);
    };
    emit(film, "bad");
    emit(film, "good");
    sql("UPDATE core_job SET max_attempts = 1");
    run();
    EXPECT_EQ(noted("first"), "good");
    EXPECT_EQ(sql("SELECT count(*) FROM core_job WHERE state = 'dead' AND last_error = 'never'"), "1");
}

TEST_F(Events, OfAnotherFormAreDeadLettersThatSayWhy) {
    emit(Id<Film>::make(), "x");
    sql("UPDATE core_event SET payload = '{\"film\": 7}'");
    run();
    EXPECT_EQ(sql("SELECT count(*) FROM core_job WHERE state = 'dead' AND last_error LIKE '%film%'"), "2");
    EXPECT_EQ(effects(), "");
}

TEST_F(Events, WithoutListenersAreWrittenAndMakeNoJobs) {
    registry->install(*site);
    emit(Id<Film>::make(), "alone");
    EXPECT_EQ(sql("SELECT count(*) FROM core_event"), "1");
    EXPECT_EQ(sql("SELECT count(*) FROM core_job"), "0");
}

TEST_F(Events, MadeByListenersTravelOn) {
    const auto film = Id<Film>::make();
    on_first = [&](Tx& tx, const FilmCut& event) {
        note(tx, "first", event);
        if (event.note.size() < 3) tx.emit(FilmCut{film, event.note + "!"});
    };
    emit(film, "x");
    run();
    EXPECT_EQ(noted("first"), "x x! x!!");
    EXPECT_EQ(noted("second"), "x x! x!!");
}

}  // namespace
}  // namespace tamiti::test
