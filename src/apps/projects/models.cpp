#include "apps/projects/models.hpp"

#include "apps/common/access.hpp"
#include "core/model/describe.hpp"

namespace tamiti::projects {
namespace {

constexpr const char* internal = "projects.view_internal";  // for the studio, not for its clients

std::vector<ChoiceTone> status_tones() {
    return {
        {"planning", Tone::info}, {"active", Tone::good}, {"on_hold", Tone::warn}, {"review", Tone::accent}};
}

std::vector<ChoiceTone> priority_tones() {
    return {{"high", Tone::warn}, {"urgent", Tone::bad}};
}

Console console_of_project() {
    return {
        .list = {"code", "name", "client", "status", "health", "owner", "due_on"},
        .group = "Work",
        .icon = "folder-kanban",
        .title = "name",
        .sections = {{"Project", {"code", "name", "client", "owner", "status", "priority", "health", "tags"}},
                     {"Dates", {"start_on", "due_on", "estimated_hours"}},
                     {"Money", {"budget"}},
                     {"Description", {"description"}}},
        .filters = {"status", "client", "owner", "health"},
        .board = "status",
        .calendar = "due_on",
    };
}

}  // namespace

// Descriptions are tables: a field a line where it fits.
// clang-format off

const Model& model_of(tag<Client>) {
    static const Model client = describe<Client>("projects.client", {
        .table = "projects_client",
        .doc = "Whom the studio works for.",
        .fields = {
            uuid_model<Client>(),
            field<&Client::name>("name", {.required = true, .max_length = 200, .sort = true, .search = 'A',
                                          .unique = true, .example = "Nile Breeze Coffee"}),
            field<&Client::address>("address", {.max_length = 1000, .search = 'C'}),
            field<&Client::tax_number>("tax_number", {.max_length = 40, .example = "1000412201"}),
            field<&Client::currency>("currency", {.max_length = 3, .filter = one_or_any,
                .help = "Three letters of ISO 4217; the studio's where left out.", .example = "UGX"}),
            field<&Client::notes>("notes", {.max_length = 20000, .read = internal,
                                            .help = "For the studio only."}),
            field<&Client::people>("people", {.filter = Match::any,
                .help = "Users of role client who see this client and its projects."}),
            field<&Client::tags>("tags", {.filter = Match::any, .read = internal}),
            time_stamped_model<Client>(),
        },
        .checks = {{"currency_form", "currency ~ '^[A-Z]{3}$'",
                    "A currency is a code of three capital letters, such as UGX.", "currency"}},
        .order = "name",
        .brief = {"name"},
        .console = {.list = {"name", "currency", "tags"}, .group = "Clients", .icon = "building",
                    .sections = {{"Client", {"name", "tax_number", "currency", "tags"}},
                                 {"Contact", {"address", "people"}},
                                 {"Notes", {"notes"}}},
                    .filters = {"tags", "currency"}},
        .carries = true,
        .label = "name",
    });
    return client;
}

const Model& model_of(tag<Contact>) {
    static const Model contact = describe<Contact>("projects.contact", {
        .table = "projects_contact",
        .doc = "A person at a client whom the studio calls or writes to.",
        .fields = {
            uuid_model<Contact>(),
            field<&Contact::client>("client", {.required = true, .filter = one_or_any, .create_only = true,
                                               .on_delete = Delete::cascade}),
            field<&Contact::name>("name", {.required = true, .max_length = 200, .sort = true, .search = 'A',
                                           .example = "Sarah Namuli"}),
            field<&Contact::job_title>("job_title", {.max_length = 120, .search = 'C'}),
            field<&Contact::email>("email", {.filter = Match::equal}),
            field<&Contact::phone>("phone", {.filter = Match::equal}),
            time_stamped_model<Contact>(),
        },
        .order = "name",
        .brief = {"name", "email", "phone"},
        .console = {.list = {"name", "client", "job_title", "email", "phone"}, .group = "Clients",
                    .icon = "contact", .placed = false, .filters = {"client"}},
        .within = "client",
        .carries = true,
        .label = "name",
        .label_search = {"name", "email"},
    });
    return contact;
}

namespace {

// What is made of a project's dates and of what belongs to it.
std::vector<Field> figures() {
    return {
        derived<&Project::is_overdue>("is_overdue",
            "due_on < {today} AND status NOT IN ('complete', 'cancelled')",
            {.filter = Match::equal, .help = "Past its due date, and neither complete nor cancelled."}),
        // It counts milestones that clients don't see.
        derived<&Project::progress>("progress",
            R"((SELECT 100 * count(m.completed_at) / nullif(count(*), 0) FROM projects_milestone AS m
                WHERE m.project = {row}.id AND m.deleted_at IS NULL))",
            {.read = internal, .help = "Whole percent of its milestones that are complete; empty without any."}),
        derived<&Project::milestone_count>("milestone_count",
            R"((SELECT count(*) FROM projects_milestone AS m
                WHERE m.project = {row}.id AND m.deleted_at IS NULL))",
            {.read = internal, .help = "How many milestones it has."}),
        derived<&Project::member_count>("member_count",
            "(SELECT count(*) FROM projects_member AS m WHERE m.project = {row}.id)",
            {.help = "How many members it has."}),
        derived<&Project::comment_count>("comment_count", common::comments_counted("projects.project"),
            {.read = internal, .help = "How many comments it has, internal ones among them; 1000 are 1000 or more."}),
    };
}

}  // namespace

const Model& model_of(tag<Project>) {
    static const Model project = describe<Project>("projects.project", {
        .table = "projects_project",
        .doc = "Work with an end, for a client or for the studio itself.",
        .fields = {
            uuid_model<Project>(),
            field<&Project::code>("code", {.required = true, .max_length = 12, .sort = true,
                .filter = one_or_any, .search = 'A', .unique = true,
                .help = "Capital letters, digits and hyphens.", .example = "NBC-26"}),
            field<&Project::name>("name", {.required = true, .max_length = 200, .sort = true, .search = 'A',
                                           .example = "Harvest campaign"}),
            field<&Project::description>("description", {.max_length = 20000, .search = 'C'}),
            field<&Project::client>("client", {.filter = one_or_any}),
            // A finished or cancelled project comes back only through the step it would begin at.
            field<&Project::status>("status", {.sort = true, .filter = one_or_any,
                .steps = {{"planning", {"active", "on_hold", "cancelled"}},
                          {"active", {"on_hold", "review", "complete", "cancelled"}},
                          {"on_hold", {"planning", "active", "cancelled"}},
                          {"review", {"active", "complete", "cancelled"}},
                          {"complete", {"active"}},
                          {"cancelled", {"planning"}}},
                .tones = status_tones(),
                .help = "Moves along the allowed steps only."}),
            field<&Project::priority>("priority", {.sort = true, .filter = one_or_any, .read = internal,
                                          .tones = priority_tones()}),
            field<&Project::health>("health", {.filter = one_or_any, .read = internal,
                .tones = {{"on_track", Tone::good}, {"at_risk", Tone::warn}, {"off_track", Tone::bad}}}),
            field<&Project::owner>("owner", {.filter = one_or_any, .actor_first = true, .on_delete = Delete::set_null,
                .help = "Whoever creates or replaces the project, if left out."}),
            field<&Project::start_on>("start_on", {.sort = true, .filter = Match::range}),
            field<&Project::due_on>("due_on", {.sort = true, .filter = one_or_range}),
            field<&Project::estimated_hours>("estimated_hours", {.minimum = "0", .maximum = "100000",
                                                                 .read = internal}),
            field<&Project::budget>("budget", {.minimum = "0", .read = "projects.view_money",
                                               .write = "projects.edit_money"}),
            field<&Project::tags>("tags", {.filter = Match::any, .read = internal}),
            field<&Project::archived>("archived", {.filter = one_or_any, .read_only = true,
                .help = "Put away: nothing in it changes until it is unarchived."}),
            figures(),
            time_stamped_model<Project>(),
            soft_delete_model<Project>(),
        },
        .checks = {{"code_form", "code ~ '^[A-Z0-9-]{2,12}$'",
                    "A code is 2 to 12 capital letters, digits or hyphens, such as NBC-26.", "code"},
                   {"dates", "due_on >= start_on", "The due date can't be before the start date.", "due_on"}},
        .order = "name",
        .brief = {"code", "name", "status"},
        .console = console_of_project(),
        .unless_asked = {{"archived", "false"}},
        .filters = {filter_through<users::User>("member",
            "{row}.id IN (SELECT m.project FROM projects_member AS m WHERE m.member = {value})",
            "Has this member.")},
        .carries = true,
        .label = "{code} {name}",
    });
    return project;
}

const Model& model_of(tag<Member>) {
    static const Model member = describe<Member>("projects.member", {
        .table = "projects_member",
        .doc = "A user's part in a project.",
        .fields = {
            uuid_model<Member>(),
            field<&Member::project>("project", {.required = true, .filter = one_or_any, .create_only = true,
                                                .on_delete = Delete::cascade}),
            field<&Member::member>("member", {.required = true, .filter = one_or_any, .create_only = true,
                                              .on_delete = Delete::cascade}),
            field<&Member::role>("role", {.filter = one_or_any,
                                          .help = "Decides what the member may change in the project."}),
            field<&Member::allocation>("allocation", {.minimum = "0", .maximum = "168", .read = internal,
                                                      .help = "Hours a week."}),
            time_stamped_model<Member>(),
        },
        .unique = {{"once", "This user is a member of the project already.", "member"}},
        .order = "created_at",
        .brief = {"member", "role"},
        .console = {.list = {"project", "member", "role", "allocation"}, .group = "Work", .icon = "users",
                    .placed = false, .filters = {"project", "member", "role"}},
        .within = "project",
        .label = "{role} of a project",
    });
    return member;
}

const Model& model_of(tag<Milestone>) {
    static const Model milestone = describe<Milestone>("projects.milestone", {
        .table = "projects_milestone",
        .doc = "A date in a project by which something is finished and accepted.",
        .fields = {
            uuid_model<Milestone>(),
            field<&Milestone::project>("project", {.required = true, .filter = one_or_any,
                                                   .create_only = true, .on_delete = Delete::cascade}),
            field<&Milestone::name>("name", {.required = true, .max_length = 200, .sort = true, .search = 'A',
                                             .example = "First cut approved"}),
            field<&Milestone::description>("description", {.max_length = 20000, .search = 'C'}),
            field<&Milestone::acceptance>("acceptance", {.max_length = 5000, .search = 'D',
                .help = "What must be true for the milestone to count as done."}),
            field<&Milestone::reward>("reward", {.max_length = 1000, .read = internal,
                                                 .help = "What the team gets for it."}),
            field<&Milestone::due_on>("due_on", {.sort = true, .filter = one_or_range}),
            field<&Milestone::owner>("owner", {.filter = one_or_any, .on_delete = Delete::set_null}),
            field<&Milestone::position>("position", {.minimum = "0", .maximum = "100000", .sort = true,
                .help = "Order in the project, from 1: what stands there goes one further. 0 or left out puts it last."}),
            field<&Milestone::shared_with_client>("shared_with_client", {.filter = Match::equal,
                .help = "Clients of the project see it and sign it off."}),
            field<&Milestone::completed_at>("completed_at", {.sort = true, .filter = Match::range,
                                                             .read_only = true}),
            field<&Milestone::completed_by>("completed_by", {.read_only = true,
                                                             .on_delete = Delete::set_null}),
            field<&Milestone::signed_off_at>("signed_off_at", {.filter = Match::range, .read_only = true}),
            field<&Milestone::signed_off_by>("signed_off_by", {.read_only = true,
                                                             .on_delete = Delete::set_null}),
            derived<&Milestone::is_overdue>("is_overdue", "due_on < {today} AND completed_at IS NULL",
                {.filter = Match::equal, .help = "Past its due date and not complete."}),
            time_stamped_model<Milestone>(),
            soft_delete_model<Milestone>(),
        },
        .checks = {{"signed_when_complete", "signed_off_at IS NULL OR completed_at IS NOT NULL",
                    "Only a complete milestone can be signed off.", "signed_off_at"}},
        .order = "due_on",
        .brief = {"name", "due_on"},
        .console = {.list = {"project", "name", "due_on", "owner", "completed_at"}, .group = "Work", .icon = "flag",
                    .sections = {{"Milestone", {"project", "name", "owner", "due_on", "position"}},
                                 {"Acceptance", {"description", "acceptance", "reward", "shared_with_client"}},
                                 {"Progress", {"completed_at", "completed_by", "signed_off_at", "signed_off_by"}}},
                    .filters = {"project", "owner", "due_on"}, .calendar = "due_on"},
        .within = "project",
        .carries = true,
        .label = "name",
    });
    return milestone;
}

// clang-format on

}  // namespace tamiti::projects
