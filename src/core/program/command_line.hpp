#pragma once

#include <string>
#include <vector>

#include "core/program/program.hpp"

namespace tamiti {

/// Whether somebody asks for nothing but the program's version, which is told whatever the settings are.
bool asks_for_version(const std::vector<std::string>& words);
int print_version();

/// One program, many commands: runs the one that the words name ("jobs", "list", "--state", "dead"), as they
/// stand after the program's own name, and answers its exit code. Words that name no command are refused with
/// those that exist.
int run_command(Program& program, const std::vector<std::string>& words);

}  // namespace tamiti
