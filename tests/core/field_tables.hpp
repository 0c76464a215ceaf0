#pragma once

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "core/access/actor.hpp"
#include "core/base/json.hpp"
#include "core/model/member.hpp"

/// Tables of values that a field type takes and of those that it refuses.
namespace tamiti {

/// A field called "value" with those rules.
inline Field field_of(const FieldType& type, Rules rules = {}, std::vector<std::string> choices = {}) {
    return {.name = "value", .type = &type, .rules = rules, .choices = std::move(choices)};
}

inline std::string printed(const Field& field, std::string_view stored) {
    std::string out;
    field.type->write_json(field, stored, out);
    return out;
}

/// JSON that is taken, the form in which it is stored, and the JSON that a client reads.
struct Accepted {
    std::string json;
    std::string stored;
    std::string printed;
};

/// Each is taken as the table says, and what is printed is taken as the same value.
inline void expect_accepted(const Field& field, std::initializer_list<Accepted> table) {
    for (const auto& row : table) {
        SCOPED_TRACE(std::string(field.type->name()) + " " + row.json);
        std::vector<FieldError> errors;
        Faults faults(errors);
        const auto stored = field.type->accept(field, json::parse(row.json), "value", faults);
        ASSERT_TRUE(stored) << (errors.empty() ? "" : errors.front().message);
        EXPECT_TRUE(errors.empty());
        EXPECT_EQ(*stored, row.stored);
        EXPECT_EQ(printed(field, *stored), row.printed);
        EXPECT_EQ(field.type->accept(field, json::parse(row.printed), "value", faults), row.stored);
    }
}

/// JSON that is refused and the sentence, at "value" unless said.
struct Refused {
    std::string json;
    std::string message;
    std::string path = "value";
};

/// Each is refused with that sentence and no other.
inline void expect_refused(const Field& field, std::initializer_list<Refused> table) {
    for (const auto& row : table) {
        SCOPED_TRACE(std::string(field.type->name()) + " " + row.json);
        std::vector<FieldError> errors;
        Faults faults(errors);
        EXPECT_EQ(field.type->accept(field, json::parse(row.json), "value", faults), std::nullopt);
        ASSERT_EQ(errors.size(), 1U);
        EXPECT_EQ(errors.front().message, row.message);
        EXPECT_EQ(errors.front().field, row.path);
    }
}

/// What text in a filter is stored as; the sentence, after "!", where it is refused.
inline std::string from_text(const Field& field, std::string_view text, const Actor& who = {}) {
    std::vector<FieldError> errors;
    Faults faults(errors);
    const auto stored = field.type->accept_text(field, text, who, "value", faults);
    EXPECT_EQ(stored.has_value(), errors.empty());
    return stored ? *stored : "!" + errors.front().message;
}

inline std::string schema_of(const Field& field) {
    return json::text_of(field.type->schema(field));
}

}  // namespace tamiti
