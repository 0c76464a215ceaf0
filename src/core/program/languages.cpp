#include "core/program/languages.hpp"

#include <algorithm>
#include <array>

#include "core/base/text.hpp"
#include "core/http/cookies.hpp"

namespace tamiti {
namespace {

constexpr std::array<std::string_view, 4> languages = {"en", "fr", "sw", "lg"};

/// The language that a tag is of, "sw" of "sw-KE"; empty where the console doesn't have it.
std::string_view known(std::string_view tag) {
    const std::string primary = lower(tag.substr(0, tag.find('-')));
    const auto found = std::ranges::find(languages, primary);
    return found == languages.end() ? std::string_view() : *found;
}

/// How much a language is preferred, by its text: "1" is more than "0.9", and nothing said is most.
std::string_view preference(std::string_view element) {
    const std::size_t q = element.find("q=");
    return q == element.npos ? std::string_view("1") : trim(element.substr(q + 2));
}

}  // namespace

std::string_view language_of(const http::Request& request) {
    const std::string_view chosen = known(http::cookie_named(request, "tamiti_language"));
    if (!chosen.empty()) return chosen;
    std::string_view best = "en", most = "0";
    for (const std::string_view element : split(request.header("Accept-Language"), ',')) {
        const std::string_view language = known(trim(element.substr(0, element.find(';'))));
        const std::string_view preferred = preference(element);
        if (language.empty() || preferred <= most) continue;
        best = language;
        most = preferred;
    }
    return best;
}

}  // namespace tamiti
