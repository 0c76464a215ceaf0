#pragma once

#include "apps/projects/models.hpp"
#include "core/access/actor.hpp"
#include "core/access/scope.hpp"
#include "core/model/reach.hpp"

/// Who sees which rows, and who may change them. Three kinds of people:
/// - holders of projects.view_all see everything, holders of projects.manage change everything;
/// - other staff see the projects that they own or are members of, and what belongs to them;
/// - users of role client see the projects of their clients and those that they are client members of, unless
/// archived. Inside a project its owner and leads change everything, and its owner removes it; a milestone's
/// owner changes that milestone; members otherwise, and reviewers, read.
namespace tamiti::projects {

/// What other apps ask with seen<Project>(who, "project") and changeable<Project>(who, "project").
Reach seen_rows(tag<Client>, const Actor& who);
Reach seen_rows(tag<Project>, const Actor& who);
Reach changeable_rows(tag<Project>, const Actor& who);

Scope visible_clients(const Actor& who);
Scope managed(const Actor& who);  ///< clients: all for holders of projects.manage

/// The clients to which somebody may invite people: those that they see, who may invite and manages clients.
Scope inviting_clients(const Actor& who);

Scope visible_contacts(const Actor& who);

Scope visible_projects(const Actor& who);
Scope new_projects(const Actor& who);
Scope led_projects(const Actor& who);
Scope removable_projects(const Actor& who);  ///< one's own, and all for holders of projects.manage

Scope visible_members(const Actor& who);
Scope led_members(const Actor& who);  ///< rows of projects that the actor leads; members and milestones alike

Scope visible_milestones(const Actor& who);
Scope changeable_milestones(const Actor& who);

/// The milestones that are shared with a user of role client: of the projects of their clients, and of those
/// that they are client members of.
Scope milestones_to_sign(const Actor& who);

}  // namespace tamiti::projects
