#pragma once

#include <string>

#include "tests/support/studio.hpp"

namespace tamiti::test {

/// A project of `owner`'s with a code of its own; answers its id.
inline std::string make_project(const std::string& owner, Object values = {}) {
    static int number = 0;
    const std::string text = std::to_string(++number);
    values.emplace("code", "P-" + text);
    values.emplace("name", "Project " + text);
    return Studio::make(owner, "/projects", values);
}

/// Makes `person` a member, as somebody who may; answers the membership's id.
inline std::string join(const std::string& by, const std::string& project, const std::string& person,
                        const std::string& role) {
    return Studio::make(by, "/members",
                        {{"project", project}, {"member", Studio::user(person)}, {"role", role}});
}

inline std::string make_milestone(const std::string& by, const std::string& project, Object values = {}) {
    values.emplace("name", "First cut");
    values["project"] = project;
    return Studio::make(by, "/milestones", values);
}

}  // namespace tamiti::test
