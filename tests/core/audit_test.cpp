#include <gtest/gtest.h>

#include "core/db/error.hpp"
#include "core/db/migrations.hpp"
#include "core/db/transaction.hpp"
#include "tests/support/database.hpp"

namespace tamiti::db {
namespace {

constexpr const char* tables = R"(
    CREATE TABLE library_book (id uuid PRIMARY KEY, title text NOT NULL, pages bigint, price bigint,
        price_currency text, borrowers uuid[] NOT NULL DEFAULT '{}', password_hash text, code text,
        seen_at timestamptz, search_text text GENERATED ALWAYS AS (lower(title)) STORED,
        updated_at timestamptz NOT NULL DEFAULT now(), version bigint NOT NULL DEFAULT 1);
    COMMENT ON COLUMN library_book.code IS 'Opens the safe; secret.';
    COMMENT ON COLUMN library_book.seen_at IS 'Whenever somebody looks; not-audited.';
    CREATE TABLE library_page (id uuid PRIMARY KEY, book uuid REFERENCES library_book ON DELETE CASCADE,
        version bigint NOT NULL DEFAULT 1);
    CREATE TABLE library_visit (id uuid PRIMARY KEY, version bigint NOT NULL DEFAULT 1);
    COMMENT ON TABLE library_visit IS 'Too many to keep: not-audited.';
    CREATE TABLE library_counter (id bigint PRIMARY KEY, version bigint NOT NULL DEFAULT 1))";

const std::string book = "0195a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b";
const std::string other = "0195a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2c";
const std::string ada = "0195a1b2-0000-7000-8000-000000000001";

/// The trail as the database keeps it, whatever the program does.
class AuditTrail : public testing::Test {
protected:
    static void SetUpTestSuite() {
        database_ = std::make_unique<test::TestDatabase>();
        Connection owner(database_->as_owner());
        migrate_with(owner, tables);
    }
    static void TearDownTestSuite() { database_.reset(); }

    // What the migrator does with the migrations of one more app.
    static void migrate_with(Connection& owner, const std::string& sql) {
        auto migrations = embedded_migrations();
        std::erase_if(migrations, [](const Migration& each) { return each.app != "core"; });
        migrations.push_back({"library", "0001_library", tables});
        if (sql != tables) migrations.push_back({"library", "0002_more", sql});
        migrate(owner, migrations, {"library"}, database_->app_role());
    }

    void SetUp() override {
        owner.run_script("DELETE FROM library_book; DELETE FROM library_page; DELETE FROM library_visit");
        last_ = number("SELECT coalesce(max(id), 0) FROM core_audit");
    }

    std::int64_t number(const std::string& sql) { return app.run(sql)[0].integer(0); }

    /// "verb changes" of each entry that a test made, in order.
    std::vector<std::string> entries(const std::string& table = "library_book") {
        std::vector<std::string> all;
        const auto rows =
            app.run("SELECT verb, changes FROM core_audit WHERE id > $1 AND table_name = $2 ORDER BY id",
                    Params::of(last_, table));
        for (const auto row : rows) all.push_back(std::string(row.text(0)) + " " + std::string(row.text(1)));
        return all;
    }

    static std::string state_of(Connection& connection, const std::string& script) {
        try {
            connection.run_script(script);
        } catch (const Error& error) {
            return error.sqlstate;
        }
        return "done";
    }

    static inline std::unique_ptr<test::TestDatabase> database_;
    Connection owner{database_->as_owner()};
    Connection app{database_->as_app()};
    std::int64_t last_ = 0;
};

TEST_F(AuditTrail, HasTheFirstAndTheLastValuesAndWhatChangedInBetween) {
    app.run_script("INSERT INTO library_book (id, title, pages) VALUES ('" + book + "', 'Kintu', 446)");
    app.run_script("UPDATE library_book SET pages = 450, version = 2, updated_at = now() + interval '1 s'");
    app.run_script("UPDATE library_book SET pages = NULL, title = 'Kintu!'");
    app.run_script("DELETE FROM library_book");
    const std::string id = "\"" + book + "\"";
    EXPECT_EQ(
        entries(),
        (std::vector<std::string>{
            R"(insert {"id": [null, )" + id +
                R"(], "pages": [null, 446], "title": [null, "Kintu"], "borrowers": [null, []]})",
            R"(update {"pages": [446, 450]})",
            R"(update {"pages": [450, null], "title": ["Kintu", "Kintu!"]})",
            R"(delete {"id": [)" + id + R"(, null], "title": ["Kintu!", null], "borrowers": [[], null]})",
        }));
}

TEST_F(AuditTrail, HasNothingOfWritesThatChangeNothing) {
    app.run_script("INSERT INTO library_book (id, title) VALUES ('" + book + "', 'Kintu')");
    app.run_script("UPDATE library_book SET title = 'Kintu', version = version + 1, updated_at = now()");
    app.run_script("UPDATE library_book SET seen_at = now()");
    app.run_script("BEGIN; UPDATE library_book SET title = 'Undone'; ROLLBACK");
    EXPECT_EQ(entries().size(), 1U);
    app.run_script("INSERT INTO library_visit (id) VALUES ('" + book +
                   "'); INSERT INTO library_counter (id) VALUES (" + std::to_string(last_) + ")");
    EXPECT_EQ(
        number("SELECT count(*) FROM core_audit WHERE table_name IN ('library_visit', 'library_counter')"),
        0);
}

TEST_F(AuditTrail, TellsThatASecretChangedAndNotWhatItIs) {
    app.run_script("INSERT INTO library_book (id, title, password_hash) VALUES ('" + book +
                   "', 'Kintu', 'hunter2')");
    app.run_script("UPDATE library_book SET password_hash = 'hunter3', code = '4711'");
    app.run_script("UPDATE library_book SET code = NULL");
    const auto all = entries();
    ASSERT_EQ(all.size(), 3U);
    EXPECT_NE(all[0].find(R"("password_hash": [null, "[hidden]"])"), std::string::npos) << all[0];
    EXPECT_EQ(all[1], R"(update {"code": [null, "[hidden]"], "password_hash": ["[hidden]", "[hidden]"]})");
    EXPECT_EQ(all[2], R"(update {"code": ["[hidden]", null]})");
    EXPECT_EQ(number("SELECT count(*) FROM core_audit WHERE changes::text ~ 'hunter|4711'"), 0);
}

TEST_F(AuditTrail, NeverTellsAnAmountWithoutItsCurrency) {
    app.run_script("INSERT INTO library_book (id, title, price, price_currency) VALUES ('" + book +
                   "', 'Kintu', 5, 'UGX')");
    app.run_script("UPDATE library_book SET price = 7");
    app.run_script("UPDATE library_book SET price_currency = 'USD'");
    const auto all = entries();
    ASSERT_EQ(all.size(), 3U);
    EXPECT_EQ(all[1], R"(update {"price": [5, 7], "price_currency": ["UGX", "UGX"]})");
    EXPECT_EQ(all[2], R"(update {"price": [7, 7], "price_currency": ["UGX", "USD"]})");
}

TEST_F(AuditTrail, NamesTheCauseOfTheTransaction) {
    Pool pool{database_->as_app(), 1, std::chrono::milliseconds(5000)};
    for (const std::string& actor : {ada, std::string()}) {
        Transaction transaction(pool, Transaction::Mode::write,
                                {actor, "192.0.2.7", "request-1", "job library.count"});
        transaction.run("INSERT INTO library_book (id, title) VALUES (gen_random_uuid(), 'Kintu')");
        transaction.commit();
    }
    app.run_script("INSERT INTO library_book (id, title) VALUES ('" + book + "', 'Without a cause')");
    const auto rows = app.run(
        "SELECT concat_ws(' ', coalesce(actor::text, '-'), coalesce(address, '-'), coalesce(request, '-'),"
        " coalesce(via, '-')) FROM core_audit WHERE id > $1 ORDER BY id",
        Params::of(last_));
    ASSERT_EQ(rows.size(), 3);
    EXPECT_EQ(rows[0].text(0), ada + " 192.0.2.7 request-1 job library.count");
    EXPECT_EQ(rows[1].text(0), "- 192.0.2.7 request-1 job library.count");
    EXPECT_EQ(rows[2].text(0), "- - - -");
}

TEST_F(AuditTrail, HasWhatTheDatabaseRemovesByItself) {
    app.run_script("INSERT INTO library_book (id, title) VALUES ('" + book +
                   "', 'Kintu');"
                   "INSERT INTO library_page (id, book) VALUES ('" +
                   other + "', '" + book + "')");
    app.run_script("DELETE FROM library_book");
    EXPECT_EQ(entries("library_page").back(),
              R"(delete {"id": [")" + other + R"(", null], "book": [")" + book + R"(", null]})");
}

TEST_F(AuditTrail, CanOnlyGrowWhoeverTries) {
    app.run_script("INSERT INTO library_book (id, title) VALUES ('" + book + "', 'Kintu')");
    const std::string insert =
        "INSERT INTO core_audit (table_name, row_id, verb, changes) VALUES ('x', gen_random_uuid(), "
        "'insert', '{}')";
    for (const std::string& script :
         {insert, std::string("UPDATE core_audit SET actor = NULL"), std::string("DELETE FROM core_audit"),
          std::string("TRUNCATE core_audit"),
          std::string("ALTER TABLE library_book DISABLE TRIGGER core_audit"),
          std::string("SELECT core_audit_attach()"),
          std::string(
              "CREATE TEMP TABLE library_book (id uuid, version int); CREATE TRIGGER forged AFTER INSERT ON"
              " pg_temp.library_book FOR EACH ROW EXECUTE FUNCTION core_audit_of_library_book()")})
        EXPECT_EQ(state_of(app, script), "42501") << "as the program: " << script;
    for (const char* script :
         {"UPDATE core_audit SET changes = '{}'", "DELETE FROM core_audit", "TRUNCATE core_audit",
          "UPDATE core_audit SET address = NULL /*\nPL/pgSQL function forget(uuid,text,text[]) line 1 */"})
        EXPECT_EQ(state_of(owner, script), "42501") << "as the owner: " << script;
    EXPECT_EQ(entries().size(), 1U);
}

TEST_F(AuditTrail, ForgetsThePersonAndKeepsTheEntries) {
    Pool pool{database_->as_app(), 1, std::chrono::milliseconds(5000)};
    Transaction transaction(pool, Transaction::Mode::write, {ada, "192.0.2.7", "request-1", ""});
    transaction.run("INSERT INTO library_book (id, title, pages) VALUES ('" + ada + "', 'Ada Lovelace', 3)");
    transaction.run("INSERT INTO library_book (id, title, pages) VALUES ('" + book + "', 'Ada''s book', 4)");
    transaction.run("UPDATE library_book SET title = 'Ada King' WHERE id = '" + ada + "'");
    EXPECT_EQ(
        transaction.run("SELECT core_audit_forget($1, 'library_book', '{title,code}')", Params::of(ada))[0]
            .integer(0),
        2);
    transaction.commit();
    const auto all = entries();
    ASSERT_EQ(all.size(), 3U);
    EXPECT_NE(all[0].find(R"("pages": [null, 3], "title": [null, "[erased]"])"), std::string::npos) << all[0];
    EXPECT_NE(all[1].find("Ada's book"), std::string::npos) << "another row";
    EXPECT_EQ(all[2], R"(update {"title": ["[erased]", "[erased]"]})");
    EXPECT_EQ(number("SELECT count(*) FROM core_audit WHERE actor = '" + ada + "' AND address IS NOT NULL"),
              0);
    EXPECT_EQ(number("SELECT count(*) FROM core_audit WHERE actor = '" + ada +
                     "' AND request IS NOT NULL AND id > " + std::to_string(last_)),
              3);
}

TEST_F(AuditTrail, FollowsTheTablesOfEachMigration) {
    migrate_with(owner,
                 "CREATE TABLE library_loan (id uuid PRIMARY KEY, version bigint NOT NULL DEFAULT 1);"
                 "ALTER TABLE library_page ADD COLUMN token_secret text");
    app.run_script("INSERT INTO library_loan (id) VALUES ('" + book +
                   "');"
                   "INSERT INTO library_page (id, token_secret) VALUES ('" +
                   book + "', 'opens')");
    EXPECT_EQ(entries("library_loan").size(), 1U);
    EXPECT_EQ(entries("library_page"),
              std::vector<std::string>{R"(insert {"id": [null, ")" + book +
                                       R"("], "token_secret": [null, "[hidden]"]})"});
    const std::string triggers = "SELECT count(*) FROM pg_trigger WHERE tgname = 'core_audit'";
    const auto before = number(triggers);
    owner.run_script("COMMENT ON TABLE library_loan IS 'not-audited'; SELECT core_audit_attach()");
    EXPECT_EQ(number(triggers), before - 1);
}

}  // namespace
}  // namespace tamiti::db
