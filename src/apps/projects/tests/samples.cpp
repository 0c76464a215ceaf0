#include "tests/support/matrix/samples.hpp"
#include "tests/support/studio.hpp"

namespace tamiti::test {
namespace {

std::string user(const std::string& name) {
    return Studio::user(name);
}

std::string milestone(const std::string& name, const std::string& project, const std::string& owner,
                      bool shared) {
    return Studio::make(
        "boss", "/milestones",
        {{"name", name}, {"project", project}, {"owner", user(owner)}, {"shared_with_client", shared}});
}

std::string member(const std::string& project, const std::string& person, const std::string& role) {
    return Studio::make("boss", "/members", {{"project", project}, {"member", user(person)}, {"role", role}});
}

using Rows = std::map<std::string, Kinds>;

/// A project with its client, contact, milestone (which the client sees) and membership; `lead` owns it.
void add_project(Rows& rows, const std::string& kind, const std::string& lead) {
    const auto client = Studio::make("boss", "/clients", {{"name", "Client " + kind}});
    const auto contact = Studio::make("boss", "/contacts", {{"name", "Contact " + kind}, {"client", client}});
    const auto project = Studio::make("boss", "/projects",
                                      {{"name", "Project " + kind},
                                       {"code", "P-" + std::to_string(rows["/projects"].size())},
                                       {"client", client},
                                       {"owner", user(lead)}});
    rows["/clients"][kind] = client;
    rows["/contacts"][kind] = contact;
    rows["/projects"][kind] = project;
    rows["/milestones"][kind] = milestone("Step " + kind, project, lead, true);
    rows["/members"][kind] = Studio::sql("SELECT id FROM projects_member WHERE project = $1", project);
}

Rows make_projects() {
    Rows rows;
    add_project(rows, "own", "owner");
    add_project(rows, "team", "mate");
    add_project(rows, "other", "boss");
    add_project(rows, "deleted", "owner");
    const std::string team = rows["/projects"]["team"];
    rows["/members"]["own"] = member(rows["/projects"]["own"], "owner", "member");
    member(team, "owner", "member");
    member(team, "buyer", "client");
    const std::string client = rows["/clients"]["team"];
    EXPECT_EQ(Studio::patch("boss", "/clients/" + client, {{"people", {user("buyer")}}}).status, 200);
    rows["/milestones"]["internal"] = milestone("Inside", team, "mate", false);
    rows["/milestones"]["deleted"] = milestone("Left out", rows["/projects"]["own"], "owner", true);
    for (const char* path : {"/milestones", "/members", "/projects", "/contacts"})
        removed(path, rows[path]["deleted"]);
    const auto gone = Studio::make("boss", "/clients", {{"name", "Gone"}});
    rows["/clients"]["deleted"] = removed("/clients", gone);
    return rows;
}

Body new_project(const std::string&, const std::string&) {
    static int number = 0;
    return {{"code", "NEW" + std::to_string(++number)}, {"name", new_name()}};
}

/// Each is a member of a project once.
Body new_member(const std::string& project, const std::string&) {
    return {{"role", "member"}, {"project", project}, {"member", user("newcomer")}};
}
void forget_member(const std::string&) {
    change_rows("DELETE FROM projects_member WHERE member = $1::uuid", {user("newcomer")});
}

Body new_guest(const std::string&, const std::string&) {
    static int number = 0;
    return {{"email", "guest" + std::to_string(++number) + "@client.test"}};
}

void set_archived(const std::string& project, bool archived) {
    change_rows("UPDATE projects_project SET archived = $2::boolean WHERE id = $1::uuid",
                {project, archived ? "true" : "false"});
}
void archive(const std::string& project) {
    set_archived(project, true);
}
void unarchive(const std::string& project) {
    set_archived(project, false);
}

void complete(const std::string& id) {
    change_rows("UPDATE projects_milestone SET completed_at = now() WHERE id = $1::uuid", {id});
}
void reopen(const std::string& id) {
    change_rows(
        "UPDATE projects_milestone SET completed_at = NULL, signed_off_at = NULL, signed_off_by = NULL "
        "WHERE id = $1::uuid",
        {id});
}

const Samples samples({{{"/clients", "/contacts", "/projects", "/milestones", "/members"}, make_projects}},
                      {{"POST /projects", {.body = new_project}},
                       {"POST /members", {.body = new_member, .after = forget_member}},
                       {"POST /clients/{id}/invite", {.body = new_guest}},
                       {"POST /projects/{id}/archive", {.after = unarchive}},
                       {"POST /projects/{id}/unarchive", {.before = archive, .after = unarchive}},
                       {"POST /milestones/{id}/sign-off", {.before = complete, .after = reopen}}});

}  // namespace
}  // namespace tamiti::test
