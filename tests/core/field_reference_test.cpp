#include "tests/core/field_tables.hpp"

namespace tamiti {
namespace {

constexpr const char* one = "0195a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b";
constexpr const char* two = "f47ac10b-58cc-4372-a567-0e02b2c3d479";  // version 4
constexpr const char* nil = "00000000-0000-0000-0000-000000000000";
constexpr const char* uuid_sentence = "Must be a UUID such as 0195a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b.";
constexpr const char* nil_sentence = "Must be an id; the nil UUID belongs to nothing.";

std::string in_quotes(const std::string& text) {
    return "\"" + text + "\"";
}

TEST(FieldReference, TakesAUuidInEitherCase) {
    expect_accepted(field_of(reference_type()),
                    {
                        {in_quotes(one), one, in_quotes(one)},
                        {in_quotes(two), two, in_quotes(two)},
                        {R"("F47AC10B-58CC-4372-A567-0E02B2C3D479")", two, in_quotes(two)},
                    });
    expect_refused(
        field_of(reference_type()),
        {
            {in_quotes(nil), nil_sentence},
            {R"("me")", uuid_sentence},
            {R"("")", uuid_sentence},
            {R"("{0195a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b}")", uuid_sentence},
            {R"({"id": "0195a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b"})", "Must be a string, not an object."},
        });
}

TEST(FieldReference, KnowsWhoMeIs) {
    Actor who;
    who.id = Uuid::parse(one).value();
    EXPECT_EQ(from_text(field_of(reference_type()), "me", who), one);
    EXPECT_EQ(from_text(field_of(reference_list_type()), "me", who), one);
    EXPECT_EQ(from_text(field_of(reference_type()), two, who), two);
    EXPECT_EQ(from_text(field_of(reference_type()), "you", who), std::string("!") + uuid_sentence);
}

TEST(FieldReference, IsEmptyWhenNil) {
    EXPECT_TRUE(reference_type().is_empty(nil));
    EXPECT_FALSE(reference_type().is_empty(one));
}

TEST(FieldReference, ComparesAsUuid) {
    const Field field = field_of(reference_type());
    EXPECT_EQ(field.type->equals(field, "t", 3), "t.value = $3::uuid");
    EXPECT_EQ(field.type->one_of(field, "t", 3), "t.value = ANY($3::uuid[])");
    EXPECT_EQ(field.type->equals(field, "", 1), "value = $1::uuid");
}

TEST(FieldRow, TakesTheIdOfAnyRow) {
    const Field field = field_of(row_type());
    expect_accepted(field, {{in_quotes(one), one, in_quotes(one)}, {in_quotes(two), two, in_quotes(two)}});
    expect_refused(field, {{in_quotes(nil), nil_sentence}, {R"("me")", uuid_sentence}});
    EXPECT_TRUE(field.type->is_empty(nil));
    EXPECT_EQ(field.type->equals(field, "t", 3), "t.value = $3::uuid");
}

TEST(FieldId, TakesVersion7Only) {
    const Field field = field_of(id_type());
    const std::string sentence =
        "Must be a UUID of version 7 (RFC 9562) such as 0195a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b.";
    expect_accepted(field, {{in_quotes(one), one, in_quotes(one)}});
    expect_refused(field, {
                              {in_quotes(two), sentence},
                              {R"("0195a1b2-c3d4-7e5f-7a6b-7c8d9e0f1a2b")", sentence},
                              {in_quotes(nil), nil_sentence},
                              {"1", "Must be a string, not a number."},
                          });
    EXPECT_EQ(from_text(field, two), two) << "any id may be asked for";
    for (int i = 0; i < 100; ++i) {
        const std::string made = Uuid::make().text();
        expect_accepted(field, {{in_quotes(made), made, in_quotes(made)}});
    }
}

TEST(FieldReferenceList, KeepsEachIdOnceInOrder) {
    const Field field = field_of(reference_list_type());
    const std::string list = "[" + in_quotes(two) + "," + in_quotes(one) + "]";
    expect_accepted(field, {
                               {"[]", "{}", "[]"},
                               {list, "{" + in_quotes(two) + "," + in_quotes(one) + "}", list},
                               {"[" + in_quotes(two) + R"(,"F47AC10B-58CC-4372-A567-0E02B2C3D479"])",
                                "{" + in_quotes(two) + "}", "[" + in_quotes(two) + "]"},
                           });
    expect_refused(field, {
                              {"[" + in_quotes(one) + "," + in_quotes(one) + "]",
                               "Must be in the list once only.", "value.1"},
                              {"[" + in_quotes(one) + ",7]", "Must be a string, not a number.", "value.1"},
                              {R"(["x"])", uuid_sentence, "value.0"},
                              {in_quotes(one), "Must be a list of strings, not a string."},
                          });
}

TEST(FieldReferenceList, HoldsAtMost200) {
    std::string list = "[" + in_quotes(one);
    for (int i = 0; i < 200; ++i) list += "," + in_quotes(Uuid::make().text());
    expect_refused(field_of(reference_list_type()),
                   {{list + "]", "Must have at most 200 elements, not 201."}});
    EXPECT_EQ(
        schema_of(field_of(reference_list_type(), {.required = true})),
        R"({"type":"array","items":{"type":"string","format":"uuid"},"uniqueItems":true,"minItems":1,"maxItems":200})");
}

TEST(FieldReferenceList, PrintsWhatPostgresqlPrints) {
    EXPECT_EQ(printed(field_of(reference_list_type()), std::string("{") + one + "," + two + "}"),
              "[" + in_quotes(one) + "," + in_quotes(two) + "]");
}

TEST(FieldReferenceList, FindsByContainment) {
    const Field field = field_of(reference_list_type());
    EXPECT_TRUE(field.type->is_set());
    EXPECT_TRUE(field.type->is_empty("{}"));
    EXPECT_EQ(field.type->equals(field, "t", 2), "t.value @> ARRAY[$2::uuid]");
    EXPECT_EQ(field.type->one_of(field, "t", 2), "t.value && $2::uuid[]");
}

}  // namespace
}  // namespace tamiti
