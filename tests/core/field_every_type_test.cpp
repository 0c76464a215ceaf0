#include "tests/core/field_tables.hpp"

namespace tamiti {
namespace {

std::vector<Field> fields_of_every_type(Rules rules) {
    const std::vector<std::string> choices = {"todo", "done"};
    std::vector<Field> fields;
    for (const auto* type : {&text_type(),       &long_text_type(), &integer_type(),        &decimal_type(),
                             &money_type(),      &boolean_type(),   &date_type(),           &timestamp_type(),
                             &duration_type(),   &reference_type(), &reference_list_type(), &choice_type(),
                             &choice_set_type(), &tags_type(),      &email_type(),          &phone_type(),
                             &url_type(),        &time_zone_type(), &json_type(),           &id_type(),
                             &row_type()})
        fields.push_back(field_of(*type, rules, choices));
    return fields;
}

TEST(EveryFieldType, TakesItsOwnExample) {
    for (const Rules& rules : {Rules{}, Rules{.required = true}, Rules{.minimum = "20", .maximum = "30"}}) {
        for (const Field& field : fields_of_every_type(rules)) {
            SCOPED_TRACE(field.type->name());
            std::vector<FieldError> errors;
            Faults faults(errors);
            if (rules.minimum && field.type == &money_type()) continue;  // in units of no one currency
            const auto stored =
                field.type->accept(field, json::parse(field.type->example(field)), "value", faults);
            ASSERT_TRUE(stored) << field.type->example(field) << " " << errors.front().message;
            EXPECT_FALSE(field.type->is_empty(*stored));
        }
    }
    const Field brief = field_of(text_type(), {.max_length = 4});
    EXPECT_EQ(brief.type->example(brief), R"("Laun")");
}

TEST(EveryFieldType, ShowsTheExampleOfItsRules) {
    const Field text = field_of(text_type(), {.example = "A \"film\""});
    EXPECT_EQ(text.type->example(text), R"("A \"film\"")");
    const Field tags = field_of(tags_type(), {.example = R"(["film","short"])"});
    EXPECT_EQ(tags.type->example(tags), R"(["film","short"])");
}

TEST(EveryFieldType, HasASchemaWithAType) {
    for (const Field& field : fields_of_every_type({}))
        EXPECT_TRUE(field.type->schema(field).contains("type")) << field.type->name();
}

TEST(EveryFieldType, RefusesAValueOfAnotherKindWithOneSentence) {
    for (const Field& field : fields_of_every_type({})) {
        SCOPED_TRACE(field.type->name());
        std::vector<FieldError> errors;
        Faults faults(errors);
        // None takes both.
        const bool number =
            field.type->accept(field, json::parse("1234567890123.4567"), "value", faults).has_value();
        const bool wrong = field.type->accept(field, json::parse(R"("\u0001")"), "value", faults).has_value();
        EXPECT_FALSE(number || wrong);
        EXPECT_EQ(errors.size(), 2U);
        for (const auto& error : errors) {
            EXPECT_TRUE(error.message.starts_with("Must ")) << error.message;
            EXPECT_TRUE(error.message.ends_with(".")) << error.message;
        }
    }
}

TEST(EveryFieldType, HasTheColumnOfItsTable) {
    std::string types;
    for (const Field& field : fields_of_every_type({})) types += field.type->column_type(field) + "\n";
    EXPECT_EQ(types,
              "text\ntext\nbigint\nnumeric\nbigint\nboolean\ndate\ntimestamp with time "
              "zone\nbigint\nuuid\nuuid[]\ntext\n"
              "text[]\ntext[]\ntext\ntext\ntext\ntext\njsonb\nuuid\nuuid\n");
}

TEST(EveryFieldType, BindsNullAsNull) {
    for (const Field& field : fields_of_every_type({})) {
        db::Params params;
        field.type->bind(std::nullopt, params);
        EXPECT_EQ(params.pointers().size(), field.type->columns(field).size());
        for (const char* value : params.pointers()) EXPECT_EQ(value, nullptr);
    }
}

}  // namespace
}  // namespace tamiti
