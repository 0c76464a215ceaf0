#include "apps/users/models.hpp"

#include "core/model/describe.hpp"

namespace tamiti::users {
namespace {

constexpr const char* contact = "users.view_contact";
constexpr const char* manage = "users.manage";

// How a person is found and called.
std::vector<FieldGroup> identity() {
    return {
        uuid_model<User>(),
        field<&User::username>("username", {.required = true,
                                            .max_length = 32,
                                            .sort = true,
                                            .filter = one_or_any,
                                            .search = 'A',
                                            .unique = true,
                                            .personal = true,
                                            .help = "What the person signs in with; kept in lower case.",
                                            .example = "achieng"}),
        field<&User::email>("email", {.required = true,
                                      .filter = Match::equal,
                                      .read = contact,
                                      .write = manage,
                                      .unique = true,
                                      .personal = true}),
        field<&User::phone>(
            "phone",
            {.filter = Match::equal,
             .read = contact,
             .unique = true,
             .personal = true,
             .help = "Unproven where the person set it themselves: several may give the same then."}),
        field<&User::is_phone_proven>("is_phone_proven",
                                      {.read = contact,
                                       .write = manage,
                                       .help = "Whether the number is known to be theirs: it is nobody "
                                               "else's then, and they sign in with it."}),
        field<&User::first_name>(
            "first_name",
            {.max_length = 80, .sort = true, .search = 'A', .names_person = true, .personal = true}),
        field<&User::last_name>(
            "last_name",
            {.max_length = 80, .sort = true, .search = 'A', .names_person = true, .personal = true}),
    };
}

// Where a person belongs and how they work.
std::vector<FieldGroup> place() {
    return {
        field<&User::job_title>("job_title", {.max_length = 120, .search = 'B', .personal = true}),
        field<&User::avatar>("avatar", {.max_length = 80,
                                        .read_only = true,
                                        .personal = true,
                                        .help = "Where the person's picture is; empty without one.",
                                        .example = "/api/v1/avatars/019a7d2e-5b1c-7c3e-8f00-1c2d3e4f5a6b"}),
        field<&User::bio>("bio", {.max_length = 2000, .personal = true}),
        field<&User::department>(
            "department",
            {.filter = one_or_any, .write = manage, .personal = true, .on_delete = Delete::set_null}),
        field<&User::branch>(
            "branch",
            {.filter = one_or_any, .write = manage, .personal = true, .on_delete = Delete::set_null}),
        field<&User::designation>(
            "designation",
            {.filter = one_or_any, .write = manage, .personal = true, .on_delete = Delete::set_null}),
        field<&User::manager>("manager", {.filter = one_or_any,
                                          .write = manage,
                                          .personal = true,
                                          .on_delete = Delete::set_null,
                                          .help = "Whom the person reports to."}),
        field<&User::time_zone>("time_zone",
                                {.personal = true, .help = "Decides what \"today\" is for the person."}),
        field<&User::language>(
            "language",
            {.personal = true,
             .labels = {{"en", "English"}, {"fr", "French"}, {"lg", "Luganda"}, {"sw", "Swahili"}},
             .help = "What the studio writes in (ISO 639-1): English, French, Luganda or Swahili."}),
        // Of no use to others, and none of their business.
        field<&User::theme>(
            "theme", {.read = manage, .personal = true, .help = "How the console looks to the person."}),
        field<&User::working_hours>("working_hours",
                                    {.personal = true,
                                     .help = "From and until, for each day; a day left out is free.",
                                     .example = R"({"mon": ["08:30", "17:30"]})"}),
        field<&User::agent_tags>("agent_tags", {.filter = Match::any,
                                                .write = manage,
                                                .personal = true,
                                                .help = "What a field agent can do or carries.",
                                                .example = R"(["merchandiser", "motorbike"])"}),
        field<&User::zones>("zones", {.filter = Match::any,
                                      .write = manage,
                                      .personal = true,
                                      .help = "Where a field agent works.",
                                      .example = R"(["kampala central"])"}),
    };
}

// When a person is away and who stands in for them; everybody says so themselves.
std::vector<FieldGroup> absence() {
    return {
        field<&User::out_of_office_from>(
            "out_of_office_from", {.filter = Match::range, .personal = true, .help = "The first day away."}),
        field<&User::out_of_office_until>(
            "out_of_office_until", {.filter = Match::range, .personal = true, .help = "The last day away."}),
        field<&User::out_of_office_delegate>("out_of_office_delegate", {.filter = one_or_any,
                                                                        .personal = true,
                                                                        .on_delete = Delete::set_null,
                                                                        .help = "Who answers meanwhile."}),
    };
}

// What a person may do, and since and until when.
std::vector<FieldGroup> standing() {
    return {
        field<&User::roles>("roles", {.required = true,
                                      .filter = Match::any,
                                      .write = manage,
                                      .help = "A client holds no other role."}),
        field<&User::is_active>(
            "is_active",
            {.filter = Match::equal, .write = manage, .help = "Whether the person may sign in."}),
        field<&User::deactivation_reason>("deactivation_reason",
                                          {.max_length = 500,
                                           .read = manage,
                                           .read_only = true,
                                           .personal = true,
                                           .help = "Why the account was closed, as who closed it put it; the "
                                                   "person doesn't see it."}),
        field<&User::is_verified>(
            "is_verified",
            {.filter = Match::equal, .write = manage, .help = "Whether the address is known to be theirs."}),
        field<&User::expires_at>("expires_at",
                                 {.filter = Match::range,
                                  .read = contact,
                                  .write = manage,
                                  .help = "When the account closes by itself: temporary users have it."}),
        // When somebody is at work is theirs to see, and nobody's to watch.
        field<&User::last_login_at>("last_login_at", {.filter = Match::range,
                                                      .read = manage,
                                                      .read_only = true,
                                                      .personal = true,
                                                      .help = "Empty for who never signed in."}),
        field<&User::signed_out_at>(
            "signed_out_at",
            {.read = manage, .read_only = true, .help = "Sessions that began earlier have ended."}),
        field<&User::erased_at>(
            "erased_at",
            {.read = manage, .read_only = true, .help = "When the person's data were made unrecognisable."}),
        time_stamped_model<User>(),
    };
}

std::vector<FieldGroup> all_of(std::initializer_list<std::vector<FieldGroup>> parts) {
    std::vector<FieldGroup> all;
    for (const auto& part : parts) all.insert(all.end(), part.begin(), part.end());
    return all;
}

// Departments, branches and designations are a name before all.
template <auto Name>
Field unique_name(const char* example) {
    return field<Name>("name", {.required = true,
                                .max_length = 120,
                                .sort = true,
                                .filter = Match::equal | Match::contains,
                                .search = 'A',
                                .unique = true,
                                .example = example});
}

}  // namespace

const Model& model_of(tag<User>) {
    static const Model model = [] {
        Description user;
        user.table = "users_user";
        user.doc = "Someone who can sign in.";
        user.fields = all_of({identity(), place(), absence(), standing()});
        user.checks = {
            {"username_form", "username ~ '^[a-z0-9._-]{3,32}$' AND username ~ '[a-z]'",
             "Use 3 to 32 letters, digits, dots, hyphens or underscores, one letter at least.", "username"},
            {"has_role", "cardinality(roles) > 0", "A user has at least one role.", "roles"},
            {"client_alone", "NOT ('client' = ANY(roles)) OR roles <@ ARRAY['client']",
             "A client can't hold other roles as well.", "roles"},
            {"not_own_manager", "manager <> id", "Nobody reports to themselves.", "manager"},
            {"not_own_delegate", "out_of_office_delegate <> id", "Nobody stands in for themselves.",
             "out_of_office_delegate"},
            {"out_of_office_span",
             R"((out_of_office_from IS NULL) = (out_of_office_until IS NULL) AND out_of_office_until >= out_of_office_from)",
             "Give the first and the last day away, in that order, or neither.", "out_of_office_until"},
            // Whoever took one of them would keep the data of its person from being erased.
            {"former_username", "username NOT LIKE 'erased-%' OR erased_at IS NOT NULL",
             "Names that begin with erased- are for people whose data were erased.", "username"},
            {"former_address", "lower(email) NOT LIKE '%@erased.invalid' OR erased_at IS NOT NULL",
             "Addresses at erased.invalid are for people whose data were erased.", "email"},
            {"erased_is_closed", "erased_at IS NULL OR NOT is_active", "An erased account stays closed.",
             "is_active"},
        };
        user.person = "id";
        user.order = "username";
        user.brief = {"username", "first_name", "last_name", "job_title", "avatar"};
        user.console = {
            .list = {"username", "first_name", "last_name", "roles", "is_active"},
            .group = "People",
            .icon = "users",
            .sections = {{"Person",
                          {"username", "first_name", "last_name", "job_title", "email", "phone", "bio",
                           "language", "time_zone"}},
                         {"Place",
                          {"department", "branch", "designation", "manager", "working_hours", "agent_tags",
                           "zones"}},
                         {"Absence", {"out_of_office_from", "out_of_office_until", "out_of_office_delegate"}},
                         {"Account", {"roles", "is_active", "is_verified", "expires_at"}}},
            .filters = {"roles", "department", "is_active"}};
        user.carries = true;
        user.label = "username";
        user.label_search = {"username", "first_name", "last_name"};
        return describe<User>("users.user", std::move(user));
    }();
    return model;
}

const Model& model_of(tag<Department>) {
    static const Model model = [] {
        Description department;
        department.table = "users_department";
        department.doc = "A part of the studio.";
        department.fields = {uuid_model<Department>(), unique_name<&Department::name>("Production"),
                             time_stamped_model<Department>()};
        department.order = "name";
        department.brief = {"name"};
        department.console = {.list = {"name"}, .group = "People", .icon = "network"};
        department.carries = true;
        department.label = "name";
        return describe<Department>("users.department", std::move(department));
    }();
    return model;
}

const Model& model_of(tag<Branch>) {
    static const Model model = [] {
        Description branch;
        branch.table = "users_branch";
        branch.doc = "A place where the studio works.";
        branch.fields = {uuid_model<Branch>(), unique_name<&Branch::name>("Kampala"),
                         field<&Branch::address>("address", {.max_length = 500}),
                         field<&Branch::time_zone>("time_zone"), time_stamped_model<Branch>()};
        branch.order = "name";
        branch.brief = {"name"};
        branch.console = {.list = {"name", "time_zone"}, .group = "People", .icon = "map-pin"};
        branch.carries = true;
        branch.label = "name";
        return describe<Branch>("users.branch", std::move(branch));
    }();
    return model;
}

const Model& model_of(tag<Designation>) {
    static const Model model = [] {
        Description designation;
        designation.table = "users_designation";
        designation.doc = "A rank or title that several people hold.";
        designation.fields = {uuid_model<Designation>(), unique_name<&Designation::name>("Senior designer"),
                              time_stamped_model<Designation>()};
        designation.order = "name";
        designation.brief = {"name"};
        designation.console = {.list = {"name"}, .group = "People", .icon = "badge"};
        designation.label = "name";
        return describe<Designation>("users.designation", std::move(designation));
    }();
    return model;
}

}  // namespace tamiti::users
