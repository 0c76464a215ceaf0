#pragma once

#include <boost/json/fwd.hpp>
#include <string>

#include "core/model/field.hpp"

namespace tamiti {

/// Part of an answer that a route writes itself, such as rows of several models: only its JSON Schema is
/// described. Its stored form is its JSON.
class WrittenType final : public FieldType {
public:
    explicit WrittenType(boost::json::object (*schema)()) : schema_(schema) {}

    std::string_view name() const override { return "document"; }
    std::string column_type(const Field&) const override { return "jsonb"; }
    std::optional<std::string> accept(const Field&, const boost::json::value&, const std::string& path,
                                      Faults& faults) const override;
    void write_json(const Field&, std::string_view stored, std::string& out) const override { out += stored; }
    boost::json::object schema(const Field&) const override;
    std::string example(const Field&) const override { return {}; }

private:
    boost::json::object (*schema_)();
};

/// A member of such an answer; `type` must live as long as the program.
Field written_field(std::string name, const FieldType& type, bool nullable = false, const char* help = "");

}  // namespace tamiti
