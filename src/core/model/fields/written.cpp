#include "core/model/fields/written.hpp"

#include <boost/json.hpp>

#include "core/model/fields/json_forms.hpp"

namespace tamiti {

std::optional<std::string> WrittenType::accept(const Field&, const boost::json::value&,
                                               const std::string& path, Faults& faults) const {
    return refuse(faults, path, "Must be left out: the program writes it.");
}

boost::json::object WrittenType::schema(const Field&) const {
    return schema_();
}

Field written_field(std::string name, const FieldType& type, bool nullable, const char* help) {
    Field field{.name = std::move(name), .type = &type, .nullable = nullable};
    field.rules.help = help;
    field.json_key = "\"" + field.name + "\":";
    return field;
}

}  // namespace tamiti
