#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/model/fields/json_forms.hpp"

/// Types that keep several values in one array column.
namespace tamiti {

/// What lists of references, sets of choices and tags have in common: values are strings, each once. A
/// filter's text is one element: `tags=film` finds the rows that have it.
class ListLike : public FieldType {
public:
    std::string column_type(const Field&) const override { return std::string(element_type()) + "[]"; }
    bool is_set() const override { return true; }
    bool is_empty(std::string_view stored) const override { return stored.empty() || stored == "{}"; }

    std::optional<std::string> accept(const Field& field, const boost::json::value& json,
                                      const std::string& path, Faults& faults) const override;
    void write_json(const Field&, std::string_view stored, std::string& out) const override;

    // By containment, because that is what a GIN index answers.
    std::string equals(const Field& field, std::string_view row, int parameter) const override;
    std::string one_of(const Field& field, std::string_view row, int parameter) const override;

    boost::json::object schema(const Field& field) const override;
    std::string example(const Field& field) const override;

protected:
    virtual std::string_view element_type() const = 0;
    virtual std::size_t limit(const Field& field) const = 0;
    virtual std::optional<std::string> read(const Field& field, std::string_view text,
                                            const std::string& path, Faults& faults) const = 0;
    /// Puts accepted elements in the order in which they are kept: as sent, unless a type knows better.
    virtual void arrange(const Field&, std::vector<std::string>&) const {}
    virtual boost::json::object element_schema(const Field& field) const = 0;
    virtual std::string element_example(const Field& field) const = 0;
};

}  // namespace tamiti
