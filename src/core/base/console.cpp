#include "core/base/console.hpp"

#include <cstdio>

namespace tamiti {

int command_refused(const std::string& sentence) {
    std::fprintf(stderr, "%s\n", sentence.c_str());
    return 1;
}

}  // namespace tamiti
