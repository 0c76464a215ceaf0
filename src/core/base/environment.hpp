#pragma once

#include <map>
#include <string>
#include <string_view>

/// Where the values of settings come from.
namespace tamiti {

/// The environment of the process and, for what it lacks, the file; a file that doesn't exist is no fault.
std::map<std::string, std::string> process_environment(const std::string& file);

/// Reads the text of a `.env` file: NAME=value a line, an optional `export`, quotes around values, # for
/// comments. A line of another form throws std::invalid_argument with a sentence that names its number.
std::map<std::string, std::string> parse_environment(std::string_view text);

/// The value of a name, or the content of the file that NAME_FILE names, without line ends at its end; empty
/// when neither is there. Both at once, or a file that can't be read, throw std::invalid_argument.
std::string environment_value(const std::map<std::string, std::string>& environment, const std::string& name);

}  // namespace tamiti
