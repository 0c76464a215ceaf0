#include <tuple>

#include "apps/projects/access.hpp"
#include "apps/projects/service.hpp"

namespace tamiti::projects {
namespace {

Milestone lock_milestone(Tx& tx, const Actor& who, Id<Milestone> id) {
    Milestone milestone = lock_to_change(tx, id, visible_milestones(who), changeable_milestones(who));
    require_open(tx, milestone.project);
    return milestone;
}

// What a client agrees to by signing; the order, the owner and the reward are the studio's own affair.
auto terms_of(const Milestone& milestone) {
    return std::tie(milestone.name, milestone.description, milestone.acceptance, milestone.due_on);
}

void refuse_signed(const Milestone& milestone) {
    if (milestone.signed_off_at)
        throw Conflict("projects.signed_off",
                       "The client has signed this milestone off: reopen it before you change it.");
}

}  // namespace

Milestone complete(Tx& tx, const Actor& who, Id<Milestone> id) {
    Milestone milestone = lock_milestone(tx, who, id);
    if (milestone.completed_at) return milestone;
    milestone.completed_at = tx.now();
    if (!who.id.is_nil()) milestone.completed_by = Id<users::User>{who.id};
    tx.save(milestone, &Milestone::completed_at, &Milestone::completed_by);
    return milestone;
}

Milestone reopen(Tx& tx, const Actor& who, Id<Milestone> id) {
    Milestone milestone = lock_milestone(tx, who, id);
    if (!milestone.completed_at) return milestone;
    milestone.completed_at.reset();
    milestone.completed_by.reset();
    milestone.signed_off_at.reset();
    milestone.signed_off_by.reset();
    tx.save(milestone, &Milestone::completed_at, &Milestone::completed_by, &Milestone::signed_off_at,
            &Milestone::signed_off_by);
    return milestone;
}

Milestone sign_off(Tx& tx, const Actor& who, Id<Milestone> id) {
    Milestone milestone = lock_to_change(tx, id, visible_milestones(who), milestones_to_sign(who));
    require_open(tx, milestone.project);
    if (milestone.signed_off_at) return milestone;
    if (!milestone.completed_at)
        throw Conflict("projects.not_complete", "A milestone can be signed off once it is complete.");
    milestone.signed_off_at = tx.now();
    milestone.signed_off_by = Id<users::User>{who.id};
    tx.save(milestone, &Milestone::signed_off_at, &Milestone::signed_off_by);
    return milestone;
}

void before_save_milestone(Tx& tx, const Actor&, Milestone& next, const Milestone* before) {
    require_open(tx, next.project);
    if (before && terms_of(*before) != terms_of(next)) refuse_signed(*before);
    if (!before || next.owner != before->owner) require_staff(tx, next.owner, "owner");
    if (next.position == 0) {
        const auto last = tx.rows(
            "SELECT coalesce(max(position), 0) FROM projects_milestone"
            " WHERE project = $1 AND deleted_at IS NULL",
            next.project);
        next.position = static_cast<int>(last[0].integer(0)) + 1;
    }
}

void before_remove_milestone(Tx& tx, const Actor&, const Milestone& row) {
    require_open(tx, row.project);
    refuse_signed(row);
}

}  // namespace tamiti::projects
