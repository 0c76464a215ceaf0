#include "core/model/schema.hpp"

#include "tests/support/studio.hpp"

namespace tamiti::test {
namespace {

class Schema : public Studio {};

TEST_F(Schema, EveryModelAgreesWithItsTable) {
    const auto connection = site().pool->acquire();
    const SchemaReport report = compare_schema(*connection, registry().catalogue());
    EXPECT_EQ(report.faults, std::vector<std::string>{});
}

TEST_F(Schema, ADifferenceIsNamedAndDrafted) {
    const SchemaReport report = schema_after(
        "ALTER TABLE projects_milestone DROP COLUMN reward; DROP INDEX projects_client_name_unique;"
        "ALTER TABLE projects_project ALTER COLUMN name DROP NOT NULL");
    EXPECT_EQ(report.faults.size(), 3U);
    EXPECT_NE(report.draft.find("ALTER TABLE projects_milestone ADD COLUMN reward"), std::string::npos);
}

TEST_F(Schema, WhatRowsAreFoundByIsCompared) {
    TestDatabase database;
    db::Connection owner(database.as_owner());
    owner.run_script(
        "DROP TRIGGER core_search ON projects_client;"
        "SELECT core_search_keep('projects_milestone', 'projects.milestone', a => '{name}')");
    const SchemaReport report = compare_schema(owner, registry().catalogue());
    EXPECT_EQ(report.faults.size(), 2U);
    EXPECT_NE(
        report.draft.find("SELECT core_search_keep('projects_milestone', 'projects.milestone', 'project', "
                          "a => '{name}', c => '{description}', d => '{acceptance}')"),
        std::string::npos)
        << report.draft;
    owner.run_script(report.draft);
    EXPECT_EQ(compare_schema(owner, registry().catalogue()).faults, std::vector<std::string>{});
}

TEST_F(Schema, AReferenceThatNoIndexLeadsBackFromIsNamed) {
    const SchemaReport report = schema_after(
        "DROP INDEX common_comment_on_row; DROP INDEX common_comment_reply_to; DROP INDEX "
        "common_comment_mentions;"
        "CREATE INDEX common_comment_mentions ON common_comment (mentions);"
        "CREATE INDEX common_comment_reply_to ON common_comment (reply_to) WHERE depth > 0");
    EXPECT_EQ(report.faults.size(), 3U);
    for (const char* index : {"btree (on_row)", "btree (reply_to)", "gin (mentions)"})
        EXPECT_NE(report.draft.find(index), std::string::npos) << index;
}

}  // namespace
}  // namespace tamiti::test
