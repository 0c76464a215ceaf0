#pragma once

#include <string>
#include <vector>

/// The published registry of problems: what `tamiti errors` prints and what the documentation lists.
namespace tamiti {

struct ProblemKind {
    std::string code;
    int status;
    std::string meaning;
};

/// The engine's own problems, in the order of their status.
const std::vector<ProblemKind>& core_problems();

}  // namespace tamiti
