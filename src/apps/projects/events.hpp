#pragma once

#include <boost/describe/class.hpp>
#include <string_view>

#include "apps/projects/models.hpp"

/// What others may listen to.
namespace tamiti::projects {

/// A project was put away; nothing in it changes until it comes back.
struct ProjectArchived {
    static constexpr std::string_view event_name = "projects.archived";
    Id<Project> project{};
    Id<users::User> by{};
};
BOOST_DESCRIBE_STRUCT(ProjectArchived, (), (project, by))

}  // namespace tamiti::projects
