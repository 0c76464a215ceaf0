#pragma once

#include <string>

#include "tests/support/studio.hpp"

namespace tamiti::test {

/// {"a": "b", …} of text values.
inline std::string json_of(const std::map<std::string, std::string>& values) {
    std::string json = "{";
    for (const auto& [name, value] : values) {
        if (json.size() > 1) json += ", ";
        json += "\"" + name + "\": \"" + value + "\"";
    }
    return json + "}";
}

/// A project of `owner`'s with a code of its own; answers its id.
inline std::string make_project(const std::string& owner, std::map<std::string, std::string> values = {}) {
    static int number = 0;
    values.try_emplace("code", "P-" + std::to_string(++number));
    values.try_emplace("name", "Project " + std::to_string(number));
    return Studio::make(owner, "/projects", json_of(values));
}

/// Makes `person` a member, as somebody who may; answers the membership's id.
inline std::string join(const std::string& by, const std::string& project, const std::string& person,
                        const std::string& role) {
    return Studio::make(by, "/members",
                        json_of({{"project", project}, {"member", Studio::user(person)}, {"role", role}}));
}

inline std::string make_milestone(const std::string& by, const std::string& project,
                                  std::map<std::string, std::string> values = {}) {
    values.try_emplace("name", "First cut");
    values["project"] = project;
    return Studio::make(by, "/milestones", json_of(values));
}

}  // namespace tamiti::test
