#include <sys/stat.h>

#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "core/program/command_line.hpp"

int main(int argc, char** argv) {
    ::umask(077);  // mails, keys and whatever else it writes down are for its owner alone
    const std::vector<std::string> words(argv + 1, argv + argc);
    try {
        if (tamiti::asks_for_version(words)) return tamiti::print_version();
        tamiti::Program program(tamiti::read_settings());
        return tamiti::run_command(program, words);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "tamiti: %s\n", error.what());
        return 1;
    }
}
