#pragma once

#include <boost/json/fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "core/model/field.hpp"

/// The few lines that every field type would otherwise repeat.
namespace tamiti {

/// What a JSON value is, for a sentence: "a number", "a list".
std::string_view kind_of(const boost::json::value& json);

/// Adds the sentence and is nothing: `return refuse(faults, path, "Must be …")`.
std::nullopt_t refuse(Faults& faults, const std::string& path, std::string sentence);

/// The text of a JSON string, which lives as long as the value; anything else is refused.
std::optional<std::string_view> read_string(const boost::json::value& json, const std::string& path,
                                            Faults& faults);

/// Appends text that needs no escapes, in quotes.
void append_quoted(std::string& out, std::string_view text);

/// The example that the rules give, or that of the type, as a JSON string.
std::string quoted_example(const Field& field, std::string_view usual);
/// The same for a type whose examples are JSON as they stand.
std::string json_example(const Field& field, std::string_view usual);

/// The field's column in the row of that alias, or what it is derived by; the bare column where there is no
/// alias.
std::string column_of(const Field& field, std::string_view row);

/// "$3::uuid". Parameters travel as text, so each place says which type is meant.
std::string placeholder(int parameter, std::string_view type);

}  // namespace tamiti
