#include <sodium.h>
#include <sys/resource.h>

#include <chrono>
#include <iostream>
#include <string>

#include "core/access/passwords.hpp"

namespace {

/// Microseconds of processor time that this process has had.
long processor_time() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1'000'000 + usage.ru_utime.tv_usec +
           usage.ru_stime.tv_usec;
}

}  // namespace

/// For each line on standard input: checks a right password against its hash, as the program does or, where
/// the line says "libsodium", as libsodium does by itself, and prints the microseconds and those of the
/// processor.
int main() {
    using Steady = std::chrono::steady_clock;
    const std::string password = "studio-demo-2026";
    const std::string hash = tamiti::hash_password(password);
    for (std::string line; std::getline(std::cin, line);) {
        const auto began = Steady::now();
        const long before = processor_time();
        const bool fits = line == "libsodium"
                              ? crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0
                              : tamiti::verify_password(password, hash);
        if (!fits) return 1;
        const auto took = std::chrono::duration_cast<std::chrono::microseconds>(Steady::now() - began);
        std::cout << took.count() << ' ' << processor_time() - before << std::endl;
    }
}
