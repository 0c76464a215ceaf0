#include "core/base/console.hpp"

#include <algorithm>
#include <cstdio>

#include "core/base/sentences.hpp"

namespace tamiti {

int command_refused(const std::string& sentence) {
    std::fprintf(stderr, "%s\n", sentence.c_str());
    return 1;
}

std::string unknown_word(const std::string& what, const std::string& given,
                         const std::vector<std::string>& known) {
    if (std::ranges::find(known, given) != known.end()) return {};
    return "There is no " + what + " \"" + given + "\". These exist: " + listed(known) + ".";
}

}  // namespace tamiti
