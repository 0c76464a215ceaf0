#include <algorithm>
#include <boost/json.hpp>

#include "core/base/json.hpp"
#include "core/base/text.hpp"
#include "core/model/fields/json_forms.hpp"
#include "core/model/member.hpp"
#include "core/model/schema.hpp"
#include "tests/support/studio.hpp"

namespace tamiti::test {
namespace {

/// What the tables refuse, compared with what the fields refuse.
class Checks : public Studio {};

/// A CHECK of a table that no rule of the description says.
struct Constraint {
    std::string name{};
    std::string sql{};
    std::vector<std::string> columns{};
};

std::vector<Constraint> constraints_of(db::Connection& connection, const Model& model) {
    std::vector<Constraint> all;
    for (const auto& row : connection.run(
             "SELECT conname, pg_get_expr(conbin, conrelid), ARRAY(SELECT attname::text FROM pg_attribute "
             "WHERE attrelid = conrelid AND attnum = ANY(conkey)) FROM pg_constraint "
             "WHERE conrelid = to_regclass($1) AND contype = 'c' ORDER BY conname",
             db::Params::of(model.table))) {
        const std::string name = std::string(row.text(0)).substr(model.table.size() + 1);
        if (std::ranges::find(model.checks, name, &Check::name) != model.checks.end()) continue;
        all.push_back({name, std::string(row.text(1)), db::parse_array(row.text(2))});
    }
    return all;
}

std::string repeated(std::string_view letter, std::int64_t count) {
    std::string text;
    for (std::int64_t i = 0; i < count; ++i) text += letter;
    return text;
}

/// Values at the edges of what a field may take, and beyond.
std::vector<boost::json::value> edges_of(const Field& field) {
    namespace json = boost::json;
    std::vector<json::value> values{"",        "x",       0,   1,    -1,     2147483647,
                                    INT64_MAX, INT64_MIN, "0", "-1", "0.01", json::array{}};
    const json::object schema = field.type->schema(field);
    const auto* longest = schema.if_contains("maxLength");
    for (const char* letter : {"x", "ŋ", "😀", "\u0092", "\u00a0", "\u3164", "e\u0301"})
        values.push_back(json::string(repeated(letter, longest ? longest->to_number<std::int64_t>() : 10)));
    for (const char* limit : {field.rules.minimum, field.rules.maximum}) {
        if (!limit) continue;
        values.push_back(json::string(limit));
        values.push_back(std::stoll(limit));
        values.push_back(json::object{{"amount", limit}, {"currency", "UGX"}});
    }
    for (const std::string& choice : field.choices) {
        values.push_back(json::string(choice));
        values.push_back(json::array{json::string(choice)});
    }
    if (const std::string example = field.type->example(field); !example.empty())
        values.push_back(tamiti::json::parse(example));
    return values;
}

/// Those that the field takes, as they are stored.
std::vector<std::optional<std::string>> taken_by(const Field& field) {
    std::vector<std::optional<std::string>> taken;
    if (field.nullable) taken.emplace_back(std::nullopt);
    for (const auto& value : edges_of(field)) {
        std::vector<FieldError> errors;
        Faults faults(errors);
        const auto stored = field.type->accept(field, value, field.name, faults);
        if (stored && errors.empty() && !(field.rules.required && field.type->is_empty(*stored)))
            taken.push_back(stored);
    }
    return taken;
}

const Field* field_of_column(const Model& model, const std::string& column) {
    for (const Field& field : model.fields)
        if (!field.is_derived())
            for (const Column& each : field.type->columns(field))
                if (each.name == column) return &field;
    return nullptr;
}

bool holds(db::Connection& connection, const Constraint& constraint, const Field& field,
           const std::optional<std::string>& stored) {
    db::Params params;
    field.type->bind(stored, params);
    std::string row;
    int parameter = 0;
    for (const Column& column : field.type->columns(field))
        row += (row.empty() ? "" : ", ") + placeholder(++parameter, column.type) + " AS " + column.name;
    return connection
        .run("SELECT (" + constraint.sql + ") IS NOT FALSE FROM (SELECT " + row + ") AS t", params)[0]
        .boolean(0);
}

TEST_F(Checks, OfEveryTableAreImpliedByTheFieldsOrSaidByTheModel) {
    const auto connection = site().pool->acquire();
    int compared = 0;
    for (const Model* model : registry().catalogue().models()) {
        for (const Constraint& constraint : constraints_of(*connection, *model)) {
            const std::string what = model->name + ": " + constraint.name;
            ASSERT_FALSE(constraint.columns.empty()) << what;
            const Field* field = field_of_column(*model, constraint.columns.front());
            ASSERT_NE(field, nullptr) << what << " is about no field";
            for (const std::string& column : constraint.columns)
                ASSERT_EQ(field_of_column(*model, column), field)
                    << what << " is about several fields: the model must say it among its checks";
            // What the program alone sets is its own to keep, but a choice has all its states.
            if (field->rules.read_only && field->choices.empty()) continue;
            for (const auto& stored : taken_by(*field)) {
                EXPECT_TRUE(holds(*connection, constraint, *field, stored))
                    << what << " refuses what the field takes: " << stored.value_or("null").substr(0, 80);
                ++compared;
            }
        }
    }
    EXPECT_GT(compared, 100);
}

TEST_F(Checks, OfAModelAreToldTogetherWithWrongValues) {
    user("boss", {Role::admin});
    const Answer refused = post("boss", "/projects",
                                {{"code", "no code"},
                                 {"name", ""},
                                 {"client", Uuid::make().text()},
                                 {"start_on", "2026-03-01"},
                                 {"due_on", "2026-02-01"}});
    EXPECT_EQ(refused.status, 422);
    for (const char* field : {"code", "name", "client", "due_on"})
        EXPECT_FALSE(refused.text(std::string("errors.") + field + ".0").empty()) << field << refused.body;
    const Answer sound = post("boss", "/projects",
                              {{"code", "no code"},
                               {"name", "Film"},
                               {"client", Uuid::make().text()},
                               {"start_on", "2026-03-01"},
                               {"due_on", "2026-02-01"}});
    EXPECT_EQ(sound.status, 422);
    for (const char* field : {"code", "client", "due_on"})
        EXPECT_FALSE(sound.text(std::string("errors.") + field + ".0").empty()) << field << sound.body;
    EXPECT_EQ(sql("SELECT count(*) FROM projects_project"), "0");
}

TEST_F(Checks, OfAPersonAreToldOfWhatTheRuleMadeOfTheValues) {
    user("boss", {Role::admin});
    const Answer refused = post("boss", "/users",
                                {{"username", "Achieng"},
                                 {"email", "nobody"},
                                 {"roles", {"client", "staff"}},
                                 {"out_of_office_from", "2026-03-01"}});
    EXPECT_EQ(refused.status, 422);
    for (const char* field : {"email", "roles", "out_of_office_until"})
        EXPECT_FALSE(refused.text(std::string("errors.") + field + ".0").empty()) << field << refused.body;
    EXPECT_EQ(refused.text("errors.username.0"), "") << "capitals are no fault: the rule makes small letters";
    EXPECT_EQ(sql("SELECT count(*) FROM users_user WHERE username = 'achieng'"), "0");
}

}  // namespace
}  // namespace tamiti::test
