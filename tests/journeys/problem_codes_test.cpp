#include "core/base/problem_codes.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "core/base/text.hpp"
#include "core/program/app.hpp"

namespace tamiti {
namespace {

/// Codes and statuses that everything installed declares.
std::map<std::string, int> declared() {
    std::map<std::string, int> codes;
    for (const ProblemKind& kind : core_problems()) codes[kind.code] = kind.status;
    for (const App& app : installed_apps())
        for (const ProblemKind& kind : app.problems) codes[kind.code] = kind.status;
    return codes;
}

bool is_code(std::string_view text) {
    return text.find('.') != std::string_view::npos &&
           text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_.") == std::string_view::npos;
}

/// Whether a text literal after this source is a problem's code: the first argument of a problem's
/// constructor, or what follows a status.
bool expects_code(std::string_view before) {
    before = trim(before);
    if (before.ends_with(',')) {
        const std::string_view status = before.substr(before.size() < 4 ? 0 : before.size() - 4, 3);
        return (status.starts_with('4') || status.starts_with('5')) &&
               status.find_first_not_of("0123456789") == std::string_view::npos;
    }
    if (!before.ends_with('(')) return false;
    const std::string_view declaration = before.substr(before.find_last_of(";{}=,") + 1);
    for (const char* kind : {"Malformed", "Unauthorised", "Forbidden", "Conflict", "Unavailable"})
        if (declaration.find(kind) != std::string_view::npos) return true;
    return false;
}

/// Codes that the sources write, each with a file that does.
std::map<std::string, std::string> written() {
    std::map<std::string, std::string> codes;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(TAMITI_SOURCE_DIR "/src")) {
        if (entry.path().extension() != ".cpp" || entry.path().string().find("/tests/") != std::string::npos)
            continue;
        std::ifstream file(entry.path());
        const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
        for (std::size_t quote = text.find('"'); quote != std::string::npos;
             quote = text.find('"', quote + 1)) {
            const std::string code = text.substr(quote + 1, text.find('"', quote + 1) - quote - 1);
            const std::size_t from = quote < 200 ? 0 : quote - 200;
            if (is_code(code) && expects_code(std::string_view(text).substr(from, quote - from)))
                codes.emplace(code, entry.path().filename());
        }
    }
    return codes;
}

TEST(ProblemCodes, AreAllDeclaredWithTheirMeaning) {
    const auto known = declared();
    std::string missing;
    for (const auto& [code, file] : written())
        if (!code.ends_with('_') && !known.contains(code)) missing += code + " of " + file + "\n";
    EXPECT_EQ(missing, "");
}

TEST(ProblemCodes, OfRoutesAreDeclared) {
    const auto known = declared();
    for (const App& app : installed_apps())
        for (const Route& route : app.routes)
            for (const auto& code : route.options.problems)
                EXPECT_TRUE(known.contains(code)) << code << " of " << route.path;
}

TEST(ProblemCodes, AreDeclaredOnceAndInSentences) {
    std::set<std::string> seen;
    for (const ProblemKind& kind : core_problems()) {
        EXPECT_TRUE(seen.insert(kind.code).second) << kind.code;
        EXPECT_TRUE(kind.status >= 400 && kind.status < 600) << kind.code;
        EXPECT_TRUE(kind.meaning.ends_with('.')) << kind.code;
    }
}

}  // namespace
}  // namespace tamiti
