#include <boost/json.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "core/access/actor.hpp"
#include "core/base/json.hpp"
#include "core/base/problem.hpp"
#include "core/model/member.hpp"

// JSON that a client sends, bound to a field of each type. Whatever is taken must be printed as JSON, and
// what is printed must be taken as the same value: otherwise a client that reads a row and sends it back
// would change it.
namespace tamiti {
namespace {

std::vector<Field> make_fields() {
    const Rules limited{.required = true, .max_length = 20, .minimum = "-5", .maximum = "1000", .digits = 3};
    std::vector<Field> fields;
    for (const auto* type :
         {&text_type(),           &long_text_type(), &integer_type(),    &decimal_type(),  &money_type(),
          &boolean_type(),        &date_type(),      &timestamp_type(),  &duration_type(), &reference_type(),
          &reference_list_type(), &choice_type(),    &choice_set_type(), &tags_type(),     &email_type(),
          &phone_type(),          &url_type(),       &time_zone_type(),  &json_type(),     &id_type()}) {
        for (const Rules& rules : {Rules{}, limited})
            fields.push_back({.name = "value", .type = type, .rules = rules, .choices = {"todo", "done"}});
    }
    return fields;
}

void bind_value(const Field& field, const json::value& value) {
    std::vector<FieldError> errors;
    Faults faults(errors);
    const auto stored = field.type->accept(field, value, "value", faults);
    if (stored.has_value() != errors.empty()) std::abort();
    if (!stored) return;
    std::string printed;
    field.type->write_json(field, *stored, printed);
    if (field.type->accept(field, json::parse(printed), "value", faults) != stored) std::abort();
    db::Params params;
    field.type->bind(stored, params);
}

void bind_text(const Field& field, std::string_view text) {
    std::vector<FieldError> errors;
    Faults faults(errors);
    const auto stored = field.type->accept_text(field, text, Actor{}, "value", faults);
    if (stored.has_value() != errors.empty()) std::abort();
}

}  // namespace
}  // namespace tamiti

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace tamiti;
    static const std::vector<Field> fields = make_fields();
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    for (const Field& field : fields) {
        bind_text(field, text);
        std::string printed;
        field.type->write_json(field, text, printed);  // whatever the database holds, printing ends
    }
    json::value value;
    try {
        value = json::parse(text);
    } catch (const Problem&) {
        return 0;
    }
    if (value.is_null()) return 0;
    for (const Field& field : fields) bind_value(field, value);
    return 0;
}
