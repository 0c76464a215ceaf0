#include "core/model/field.hpp"

#include <boost/json.hpp>

#include "core/model/fields/json_forms.hpp"

namespace tamiti {

std::vector<Column> FieldType::columns(const Field& field) const {
    return {{field.name, column_type(field)}};
}

std::string FieldType::select(const Field& field, std::string_view row) const {
    return column_of(field, row);
}

void FieldType::bind(const std::optional<std::string>& stored, db::Params& params) const {
    params.add(stored);
}

std::optional<std::string> FieldType::accept_text(const Field& field, std::string_view text, const Actor&,
                                                  const std::string& path, Faults& faults) const {
    return accept(field, boost::json::value(boost::json::string_view(text)), path, faults);
}

std::optional<std::string> FieldType::end_of_span(std::string_view, const Actor&) const {
    return std::nullopt;
}

std::string FieldType::equals(const Field& field, std::string_view row, int parameter) const {
    return column_of(field, row) + " = " + placeholder(parameter, column_type(field));
}

std::string FieldType::one_of(const Field& field, std::string_view row, int parameter) const {
    return column_of(field, row) + " = ANY(" + placeholder(parameter, column_type(field) + "[]") + ")";
}

std::string FieldType::compares(const Field& field, std::string_view row, std::string_view operation,
                                db::Params& params, const std::string& stored) const {
    return column_of(field, row) + " " + std::string(operation) + " " +
           placeholder(params.add(stored), column_type(field));
}

}  // namespace tamiti
