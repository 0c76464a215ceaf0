#include "tests/core/field_tables.hpp"

namespace tamiti {
namespace {

const std::vector<std::string> states = {"todo", "doing", "done"};

TEST(FieldChoice, TakesTheNamesOfItsValues) {
    const Field field = field_of(choice_type(), {}, states);
    expect_accepted(field, {{R"("doing")", "doing", R"("doing")"}});
    expect_refused(field, {
                              {R"("Done")", "Must be one of todo, doing, done."},
                              {R"("")", "Must be one of todo, doing, done."},
                              {"1", "Must be a string, not a number."},
                          });
    EXPECT_EQ(from_text(field, "done"), "done");
    EXPECT_EQ(from_text(field, "gone"), "!Must be one of todo, doing, done.");
    EXPECT_EQ(schema_of(field), R"({"type":"string","enum":["todo","doing","done"]})");
}

TEST(FieldChoiceSet, KeepsTheOrderOfTheDeclaration) {
    const Field field = field_of(choice_set_type(), {}, states);
    expect_accepted(field, {
                               {R"(["done","todo"])", R"({"todo","done"})", R"(["todo","done"])"},
                               {"[]", "{}", "[]"},
                           });
    expect_refused(field, {
                              {R"(["todo","late"])", "Must be one of todo, doing, done.", "value.1"},
                              {R"(["todo","todo"])", "Must be in the list once only.", "value.1"},
                              {R"(["a","b","c","d"])", "Must have at most 3 elements, not 4."},
                          });
    EXPECT_EQ(printed(field, "{todo,done}"), R"(["todo","done"])");
    EXPECT_EQ(from_text(field, "todo"), "todo");
}

TEST(FieldTags, AreWordsInLowerCaseEachOnce) {
    const Field field = field_of(tags_type());
    expect_accepted(
        field,
        {
            {R"(["Film"," Short   Film ","film"])", R"({"film","short film"})", R"(["film","short film"])"},
            {R"(["say \"hi\"","a\\b"])", R"({"say \"hi\"","a\\b"})", R"(["say \"hi\"","a\\b"])"},
            {R"(["null","{}"])", R"({"null","{}"})", R"(["null","{}"])"},
        });
    const std::string sentence = "Must be a tag of 1 to 50 characters without commas.";
    expect_refused(field, {
                              {R"(["a,b"])", sentence, "value.0"},
                              {R"(["ok"," "])", sentence, "value.1"},
                              {R"("film")", "Must be a list of strings, not a string."},
                              {R"(["film","film"])", "Must be in the list once only.", "value.1"},
                          });
    EXPECT_EQ(from_text(field, " FILM"), "film");
}

TEST(FieldTags, AreAtMostFifty) {
    std::string list = "[\"0\"";
    for (int i = 1; i <= 50; ++i) list += ",\"" + std::to_string(i) + "\"";
    expect_refused(field_of(tags_type()), {{list + "]", "Must have at most 50 elements, not 51."}});
}

TEST(FieldTags, PrintWhatPostgresqlPrints) {
    const Field field = field_of(tags_type());
    EXPECT_EQ(printed(field, "{}"), "[]");
    EXPECT_EQ(printed(field, R"({film,"short film","say \"hi\"","a\\b",NULL,"NULL","x,y","}"})"),
              R"(["film","short film","say \"hi\"","a\\b","NULL","x,y","}"])");
    EXPECT_EQ(printed(field, "{NULL}"), "[]");
}

TEST(FieldTags, PrintEvenBrokenTextAsAList) {
    for (const char* text : {"", "{", "{\"", "{\"a", "{a", "{,", "{,,}", "{\"a\\", "}", "{\"a\"b}"})
        EXPECT_NO_THROW(json::parse(printed(field_of(tags_type()), text))) << text;
}

TEST(FieldJson, KeepsObjectsAndListsCompact) {
    const Field field = field_of(json_type());
    expect_accepted(field, {
                               {R"({ "a": [1, 2.5, "x", null] })", R"({"a":[1,2.5,"x",null]})",
                                R"({"a":[1,2.5,"x",null]})"},
                               {"[]", "[]", "[]"},
                               {"{}", "{}", "{}"},
                           });
    expect_refused(field, {
                              {R"("{}")", "Must be an object or a list, not a string."},
                              {"5", "Must be an object or a list, not a number."},
                              {"[\"" + std::string(65'536, 'x') + "\"]",
                               "Must be at most 65536 bytes of JSON text without blanks, not 65540."},
                          });
    EXPECT_TRUE(field.type->is_empty("{}"));
    EXPECT_EQ(from_text(field, "[1, 2]"), "[1,2]");
    EXPECT_EQ(from_text(field, "[1,").substr(0, 24), "!The JSON can't be read:");
}

}  // namespace
}  // namespace tamiti
