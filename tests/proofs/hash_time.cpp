#include <chrono>
#include <iostream>
#include <string>

#include "core/access/passwords.hpp"

/// For each line on standard input: checks a right password against its hash and prints the microseconds.
int main() {
    using Steady = std::chrono::steady_clock;
    const std::string password = "studio-demo-2026";
    const std::string hash = tamiti::hash_password(password);
    for (std::string line; std::getline(std::cin, line);) {
        const auto began = Steady::now();
        if (!tamiti::verify_password(password, hash)) return 1;
        const auto took = std::chrono::duration_cast<std::chrono::microseconds>(Steady::now() - began);
        std::cout << took.count() << std::endl;
    }
}
