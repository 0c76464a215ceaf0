#include <tuple>

#include "apps/projects/service.hpp"
#include "apps/users/service.hpp"
#include "core/model/member.hpp"
#include "core/model/positions.hpp"

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

std::int64_t last_place() {
    return stored_integer(model_of(tag<Milestone>{}).field("position").rules.maximum);
}

Scope of_project(Id<Project> project) {
    return where("project = {}", project);
}

// Where the last place is taken the others move up, so that there is room behind them.
std::int64_t make_room(Tx& tx, const Milestone& next, std::int64_t last) {
    if (last < last_place()) return last;
    close_gaps(tx, model_of(tag<Milestone>{}), of_project(next.project));
    last = ask_last_position(tx, next).get();
    if (last >= last_place()) throw Invalid("project", "This project has as many milestones as fit.");
    return last;
}

// Where the milestone gets another place: the last one's. Whoever moves milestones of a project does it
// alone. Those that come behind the last need not wait for each other: at the same moment they may get the
// same place, where they stand in the order of their making.
std::optional<Asked<std::int64_t>> ask_place(Tx& tx, const Milestone& next, const Milestone* before) {
    if (before && next.position != 0 && next.position == before->position) return std::nullopt;
    const std::string places = "projects.positions " + next.project.text();
    next.position == 0 ? tx.share(places) : tx.hold(places);
    return ask_last_position(tx, next);
}

void take_place(Tx& tx, Milestone& next, std::int64_t last) {
    if (next.position == 0) {
        next.position = static_cast<int>(make_room(tx, next, last)) + 1;
        return;
    }
    make_place(tx, model_of(tag<Milestone>{}), of_project(next.project), next.id.value, next.position);
    if (ask_last_position(tx, next).get() > last_place())
        throw Invalid("position", "The last place is taken: name an earlier one, or leave the position out.");
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
    const auto last = ask_place(tx, next, before);
    require_open(archived);
    if (before && terms_of(*before) != terms_of(next)) refuse_signed(*before);
    if (!before || next.owner != before->owner) require_staff(tx, next.owner, "owner");
    if (last) take_place(tx, next, last->get());
}

void before_hung_milestone(Tx& tx, const Actor&, Id<Milestone> milestone) {
    const auto project =
        tx.find_one<Id<Project>>({"SELECT project FROM projects_milestone WHERE id = {}", milestone});
    if (project) require_open(tx, *project);
}

void before_remove_milestone(Tx& tx, const Actor&, const Milestone& row) {
    require_open(tx, row.project);
    refuse_signed(row);
}

}  // namespace tamiti::projects
