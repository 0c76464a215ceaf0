#include <tuple>

#include "apps/projects/service.hpp"
#include "apps/users/service.hpp"
#include "core/model/member.hpp"

namespace tamiti::projects {
namespace {

// What a client agrees to by signing; the order, the owner and the reward are the studio's own affair.
auto terms_of(const Milestone& milestone) {
    return std::tie(milestone.name, milestone.description, milestone.acceptance, milestone.due_on);
}

void refuse_signed(const Milestone& milestone) {
    if (milestone.signed_off_at)
        throw Conflict("projects.signed_off",
                       "The client has signed this milestone off: reopen it before you change it.");
}

Asked<std::int64_t> ask_last_position(Tx& tx, const Milestone& but) {
    return tx.ask<std::int64_t>({R"(SELECT coalesce(max(position), 0) FROM projects_milestone
                                    WHERE project = {} AND id <> {} AND deleted_at IS NULL)",
                                 but.project, but.id});
}

// Counts the project's milestones from 1 again, in their order.
void close_gaps(Tx& tx, Id<Project> project) {
    tx.execute({R"(UPDATE projects_milestone AS m
                   SET position = counted.place, updated_at = {}, version = version + 1
                   FROM (SELECT id, row_number() OVER (ORDER BY position, id) AS place
                         FROM projects_milestone WHERE project = {} AND deleted_at IS NULL) AS counted
                   WHERE m.id = counted.id AND m.position <> counted.place)",
                tx.now(), project});
}

// The place behind the last one. Somebody may have put that at the very end; then the others move up.
int place_behind(Tx& tx, const Milestone& next, std::int64_t last) {
    const std::int64_t most = stored_integer(model_of(tag<Milestone>{}).field("position").rules.maximum);
    if (last >= most) {
        close_gaps(tx, next.project);
        last = ask_last_position(tx, next).get();
    }
    if (last >= most) throw Invalid("project", "This project has as many milestones as fit.");
    return static_cast<int>(last) + 1;
}

}  // namespace

void lock_project_of(Tx& tx, const Actor&, const Milestone& seen) {
    require_open(tx, seen.project);
}

Milestone complete(Tx& tx, const Actor& who, Milestone milestone) {
    if (milestone.completed_at) return milestone;
    milestone.completed_at = tx.now();
    milestone.completed_by = users::self(who);
    tx.save(milestone, &Milestone::completed_at, &Milestone::completed_by);
    return milestone;
}

Milestone reopen(Tx& tx, const Actor&, Milestone milestone) {
    if (!milestone.completed_at) return milestone;
    milestone.completed_at.reset();
    milestone.completed_by.reset();
    milestone.signed_off_at.reset();
    milestone.signed_off_by.reset();
    tx.save(milestone, &Milestone::completed_at, &Milestone::completed_by, &Milestone::signed_off_at,
            &Milestone::signed_off_by);
    return milestone;
}

Milestone sign_off(Tx& tx, const Actor& who, Milestone milestone) {
    if (milestone.signed_off_at) return milestone;
    if (!milestone.completed_at)
        throw Conflict("projects.not_complete", "A milestone can be signed off once it is complete.");
    milestone.signed_off_at = tx.now();
    milestone.signed_off_by = users::self(who);
    tx.save(milestone, &Milestone::signed_off_at, &Milestone::signed_off_by);
    return milestone;
}

void before_save_milestone(Tx& tx, const Actor&, Milestone& next, const Milestone* before) {
    const auto archived = ask_archived(tx, next.project);
    const auto last = next.position == 0 ? std::optional(ask_last_position(tx, next)) : std::nullopt;
    require_open(archived);
    if (before && terms_of(*before) != terms_of(next)) refuse_signed(*before);
    if (!before || next.owner != before->owner) require_staff(tx, next.owner, "owner");
    if (last) next.position = place_behind(tx, next, last->get());
}

void before_remove_milestone(Tx& tx, const Actor&, const Milestone& row) {
    require_open(tx, row.project);
    refuse_signed(row);
}

}  // namespace tamiti::projects
