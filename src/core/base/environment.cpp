#include "core/base/environment.hpp"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "core/base/text.hpp"

namespace tamiti {
namespace {

bool is_name(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return c == '_' || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    });
}

[[noreturn]] void refuse_line(std::size_t number, const std::string& why) {
    throw std::invalid_argument("Line " + std::to_string(number) + " of .env " + why + ".");
}

/// The value of one line: quoted up to the closing quote, else up to a # after a blank.
std::string unquote(std::string_view text, std::size_t line) {
    if (text.empty() || (text.front() != '"' && text.front() != '\'')) {
        for (std::size_t at = 0; (at = text.find('#', at)) != text.npos; ++at) {
            if (at == 0 || text[at - 1] == ' ' || text[at - 1] == '\t')
                return std::string(trim(text.substr(0, at)));
        }
        return std::string(text);
    }
    const std::size_t end = text.find(text.front(), 1);
    if (end == text.npos) refuse_line(line, "has a quote that is never closed");
    const std::string_view after = trim(text.substr(end + 1));
    if (!after.empty() && after.front() != '#') refuse_line(line, "goes on after the closing quote");
    return std::string(text.substr(1, end - 1));
}

std::string read_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw std::invalid_argument("The file " + path + " can't be read.");
    std::string text{std::istreambuf_iterator<char>(file), {}};
    if (file.bad()) throw std::invalid_argument("The file " + path + " can't be read.");
    return text;
}

}  // namespace

std::map<std::string, std::string> parse_environment(std::string_view text) {
    std::map<std::string, std::string> values;
    std::size_t number = 0;
    for (const auto raw : split(text, '\n')) {
        ++number;
        std::string_view line = trim(raw);
        if (line.empty() || line.front() == '#') continue;
        if (line.starts_with("export ")) line = trim(line.substr(7));
        const std::size_t equals = line.find('=');
        const std::string_view name = trim(line.substr(0, equals));
        if (equals == line.npos || !is_name(name)) refuse_line(number, "is not of the form NAME=value");
        values[std::string(name)] = unquote(trim(line.substr(equals + 1)), number);
    }
    return values;
}

std::map<std::string, std::string> process_environment(const std::string& file) {
    std::map<std::string, std::string> values;
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        const std::string_view text = *entry;
        const std::size_t equals = text.find('=');
        if (equals != text.npos) values.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
    if (!std::filesystem::exists(file)) return values;
    const auto from_process = values;
    for (auto& [name, value] : parse_environment(read_file(file))) {
        // One setting has two names, NAME and NAME_FILE; either in the environment of the process outweighs
        // both here.
        const std::string other = name.ends_with("_FILE") ? name.substr(0, name.size() - 5) : name + "_FILE";
        if (!from_process.contains(other)) values.emplace(name, std::move(value));
    }
    return values;
}

std::string environment_value(const std::map<std::string, std::string>& environment,
                              const std::string& name) {
    const auto value = environment.find(name);
    const auto file = environment.find(name + "_FILE");
    const bool has_value = value != environment.end() && !value->second.empty();
    const bool has_file = file != environment.end() && !file->second.empty();
    if (has_value && has_file) {
        throw std::invalid_argument(name + " and " + name + "_FILE are both set; remove one of them.");
    }
    if (!has_file) return has_value ? value->second : std::string();
    std::string text = read_file(file->second);
    while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
    return text;
}

}  // namespace tamiti
