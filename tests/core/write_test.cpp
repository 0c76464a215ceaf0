#include "core/model/write.hpp"

#include "tests/core/toy_notes.hpp"

namespace tamiti::toy {

/// What is said of a note.
struct Remark {
    Id<Remark> id{};
    Id<Note> note{};
    std::string words{};
    Timestamp created_at{};
    Timestamp updated_at{};
    int version = 1;
};

inline const Model& model_of(tag<Remark>) {
    static const Model remark = describe<Remark>(
        "toy.remark", {.table = "toy_remark",
                       .doc = "",
                       .fields = {uuid_model<Remark>(), field<&Remark::note>("note", {.required = true}),
                                  field<&Remark::words>("words"), time_stamped_model<Remark>()}});
    return remark;
}

namespace {

Scope own(const Actor& who) {
    return where("owner = {}", who.id.text());
}
Scope seen(const Actor& who) {
    return own(who) || where("owner = 'all'");
}
Scope everything(const Actor&) {
    return Scope::all();
}

void before_save_note(Tx&, const Actor&, Note& next, const Note*) {
    if (next.title == "bad") throw Invalid("title", "Not this.");
    next.title += "!";
}
void before_remove_note(Tx&, const Actor&, const Note& row) {
    if (row.state == State::closed) throw Conflict("toy.closed", "It is closed.");
}
void before_save_remark(Tx& tx, const Actor&, Remark& next, const Remark*) {
    const auto state =
        tx.ask<std::optional<std::string>>({"SELECT state FROM toy_note WHERE id = {}", next.note});
    if (state.get() == "closed") throw Conflict("toy.closed", "Its note is closed.");
}

/// A toy app: people see their own notes and those of all, change and remove their own, and remark on what
/// they see.
class WriteUnderRules : public Notes {
protected:
    static void SetUpTestSuite() {
        Notes::SetUpTestSuite();
        site_->pool->acquire()->run_script(
            R"(CREATE TABLE toy_remark (id uuid PRIMARY KEY, note uuid NOT NULL REFERENCES toy_note, words text NOT NULL,
               created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL, version int NOT NULL))");
        catalogue_ = std::make_unique<Catalogue>();
        notes_ = resource<Note>("/notes", {.view = seen, .create = own, .change = own, .remove = own},
                                {.before_save = before_save_note, .before_remove = before_remove_note});
        remarks_ = resource<Remark>("/remarks", {.view = everything, .create = everything},
                                    {.before_save = before_save_remark});
        catalogue_->add("toy", notes_);
        catalogue_->add("toy", remarks_);
        site_->catalogue = catalogue_.get();
    }
    static void TearDownTestSuite() {
        Notes::TearDownTestSuite();
        catalogue_.reset();
    }
    void SetUp() override { site_->pool->acquire()->run_script("TRUNCATE toy_note, toy_remark"); }

    static Actor person() {
        Actor who;
        who.id = Uuid::make();
        return who;
    }
    static std::int64_t count(const std::string& table) {
        return in([&](Tx& tx) {
            return tx.value<std::int64_t>({"SELECT count(*) FROM {}", db::name(table)});
        });
    }

    static inline Resource notes_, remarks_;
    static inline std::unique_ptr<Catalogue> catalogue_;
    const Actor ada = person();
};

TEST_F(WriteUnderRules, MakeRunsTheRuleAndAnswersTheRowAsItIsStored) {
    const Note made = in([&](Tx& tx) {
        const Note note = make(tx, ada, Note{.title = "Cut", .owner = ada.id.text()});
        EXPECT_EQ(tx.transaction().round_trips(), 1U) << "the row and where it lies";
        return note;
    });
    EXPECT_EQ(made.title, "Cut!");
    EXPECT_FALSE(made.id.value.is_nil());
    EXPECT_EQ(made.version, 1);
    EXPECT_EQ(made.created_at, FixedClock().now());
    EXPECT_EQ(read(made.id).title, "Cut!");
}

TEST_F(WriteUnderRules, MakeLeavesNothingOfWhatIsRefused) {
    const auto of = [](const std::string& owner, const std::string& title) {
        return Note{.title = title, .owner = owner};
    };
    EXPECT_THROW(in([&](Tx& tx) { make(tx, ada, of("ben", "Not hers")); }), Forbidden);
    EXPECT_THROW(in([&](Tx& tx) { make(tx, ada, of(ada.id.text(), "bad")); }), Invalid);
    EXPECT_EQ(count("toy_note"), 0);
    in([&](Tx& tx) { make(tx, Actor::system(), of("ben", "By the program")); });
    EXPECT_EQ(count("toy_note"), 1);
}

TEST_F(WriteUnderRules, MakeRefersOnlyToWhatTheActorSees) {
    Note hidden{.title = "Hidden", .owner = "ben", .state = State::closed};
    Note open{.title = "Open", .owner = "all"};
    Note closed{.title = "Closed", .owner = "all", .state = State::closed};
    in([&](Tx& tx) {
        tx.insert(hidden);
        tx.insert(open);
        tx.insert(closed);
    });
    const auto remark_on = [&](const Note& note) {
        return in([&](Tx& tx) { return make(tx, ada, Remark{.note = note.id, .words = "Good"}).id; });
    };
    EXPECT_THROW(remark_on(hidden), Invalid) << "what the rule says of it must not show";
    EXPECT_THROW(remark_on(closed), Conflict);
    EXPECT_THROW(remark_on(Note{.id = {Uuid::make()}}), Invalid);
    EXPECT_EQ(count("toy_remark"), 0);
    remark_on(open);
    EXPECT_EQ(count("toy_remark"), 1);
}

TEST_F(WriteUnderRules, ChangeWritesWhatTheCallMakesOfTheRow) {
    const Id<Note> id = add("Cut", ada.id.text());
    const Note changed = in([&](Tx& tx) {
        return change(tx, ada, id, [](Note& note) {
            note.state = State::closed;
            note.id = {Uuid::make()};
            note.version = 77;
        });
    });
    EXPECT_EQ(changed.id, id);
    EXPECT_EQ(changed.title, "Cut!");
    EXPECT_EQ(changed.state, State::closed);
    EXPECT_EQ(changed.version, 2);
    EXPECT_EQ(read(id).version, 2);
}

TEST_F(WriteUnderRules, ChangeTellsHiddenFromForbiddenAndKeepsTheRowWhereItMayBeChanged) {
    const Id<Note> hidden = add("Hidden", "ben"), shared = add("Shared", "all"),
                   hers = add("Hers", ada.id.text());
    const auto rename = [](Note& note) { note.title = "Renamed"; };
    EXPECT_THROW(in([&](Tx& tx) { change(tx, ada, hidden, rename); }), NotFound);
    EXPECT_THROW(in([&](Tx& tx) { change(tx, ada, shared, rename); }), Forbidden);
    EXPECT_THROW(in([&](Tx& tx) { change(tx, ada, hers, [](Note& note) { note.owner = "ben"; }); }),
                 Forbidden);
    EXPECT_EQ(read(hidden).title, "Hidden");
    EXPECT_EQ(read(shared).title, "Shared");
    EXPECT_EQ(read(hers).owner, ada.id.text());
}

TEST_F(WriteUnderRules, ChangeAsksWhatARequestWouldBeAsked) {
    const Id<Note> note = add("Cut", "all");
    const Remark remark = in([&](Tx& tx) { return make(tx, ada, Remark{.note = note, .words = "Good"}); });
    EXPECT_THROW(in([&](Tx& tx) { change(tx, ada, remark.id, [](Remark& row) { row.words = "Better"; }); }),
                 Forbidden)
        << "remarks have no rule for changes, so nobody may";
}

TEST_F(WriteUnderRules, DropAsksTheRuleAndPutsTheRowIntoTheTrash) {
    const Id<Note> open = add("Open", ada.id.text()), shared = add("Shared", "all");
    Note closed{.title = "Closed", .owner = ada.id.text(), .state = State::closed};
    in([&](Tx& tx) { tx.insert(closed); });
    in([&](Tx& tx) { drop(tx, ada, open); });
    EXPECT_THROW(in([&](Tx& tx) { drop(tx, ada, closed.id); }), Conflict);
    EXPECT_THROW(in([&](Tx& tx) { drop(tx, ada, shared); }), Forbidden);
    EXPECT_TRUE(read(open).deleted_at);
    EXPECT_FALSE(read(closed.id).deleted_at);
    EXPECT_FALSE(read(shared).deleted_at);
}

TEST_F(WriteUnderRules, AreOfModelsThatAreMounted) {
    const Catalogue nothing;
    site_->catalogue = &nothing;
    EXPECT_THROW(in([&](Tx& tx) { make(tx, ada, Note{.title = "Cut"}); }), std::logic_error);
    site_->catalogue = catalogue_.get();
}

TEST_F(WriteUnderRules, InsertTakesManyRowsInOneStatement) {
    std::vector<Note> notes(3, Note{.title = "One of three", .owner = "ada"});
    notes[1].price = Money{500, "UGX"};
    in([&](Tx& tx) {
        tx.insert(notes);
        EXPECT_EQ(tx.transaction().statements(), 1U);
        std::vector<Note> none;
        tx.insert(none);
        EXPECT_EQ(tx.transaction().statements(), 1U);
    });
    for (const Note& note : notes) {
        EXPECT_EQ(read(note.id).title, "One of three");
        EXPECT_EQ(read(note.id).price.has_value(), note.price.has_value());
        EXPECT_EQ(note.created_at, FixedClock().now());
    }
    EXPECT_EQ(count("toy_note"), 3);
}

TEST_F(WriteUnderRules, InsertTakesMoreRowsThanOneStatementHolds) {
    std::vector<Note> notes(7'000, Note{.title = "One of many", .owner = "ada"});
    in([&](Tx& tx) {
        tx.insert(notes);
        EXPECT_EQ(tx.transaction().statements(), 3U);
    });
    EXPECT_EQ(count("toy_note"), 7'000);
}

}  // namespace
}  // namespace tamiti::toy
