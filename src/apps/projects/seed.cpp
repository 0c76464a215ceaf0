#include "apps/projects/seed.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>

#include "apps/projects/models.hpp"
#include "apps/users/service.hpp"
#include "core/base/demo.hpp"

namespace tamiti::projects {
namespace {

using namespace std::chrono_literals;

Id<Client> client_id(int number) {
    return {demo_id("projects.client", number)};
}
Id<Project> project_id(int number) {
    return {demo_id("projects.project", number)};
}

struct DemoClient {
    const char* name;
    const char* address;
    const char* tax_number;
    const char* currency;
    const char* notes;
    const char* tag;
    const char* contact;
    const char* job_title;
    const char* email;
    const char* phone;
};
constexpr std::array<DemoClient, 8> clients = {{
    {"Nile Breeze Coffee", "Plot 14, Jinja Road, Kampala", "1000412201", "UGX",
     "Pays within a week. Likes proofs on paper.", "food", "Sarah Namuli", "Marketing lead",
     "sarah@nilebreeze.example", "+256772100201"},
    {"Mirembe Health Network", "Mengo Hill Road, Kampala", "1000412202", "UGX",
     "Every text goes through their doctors first.", "health", "Dr Joseph Okello", "Head of outreach",
     "okello@mirembehealth.example", "+256772100202"},
    {"Kasubi Crafts Cooperative", "Hoima Road, Kampala", "1000412203", "UGX",
     "Small budgets, loyal since our first year.", "crafts", "Ruth Nakato", "Chairwoman",
     "ruth@kasubicrafts.example", "+256772100203"},
    {"Pearl Solar", "Industrial Area, 6th Street, Kampala", "1000412204", "USD",
     "Invoices in dollars, to the Nairobi office.", "energy", "Brian Mugisha", "Country manager",
     "brian@pearlsolar.example", "+256772100204"},
    {"Lwazi Schools", "Ntinda, Kampala", "1000412205", "UGX",
     "Nothing is filmed in class without the head teacher.", "education", "Grace Atim",
     "Communications officer", "grace@lwazischools.example", "+256772100205"},
    {"Boda Pamoja", "Bukoto Street, Kampala", "1000412206", "UGX", "Decides late, wants it early.",
     "transport", "Ivan Ssebunya", "Founder", "ivan@bodapamoja.example", "+256772100206"},
    {"Rwenzori Trails", "Kilembe Road, Kasese", "1000412207", "USD",
     "The season runs from June to September.", "tourism", "Agnes Biira", "Operations",
     "agnes@rwenzoritrails.example", "+256772100207"},
    {"Owino Textiles", "Nakivubo Place, Kampala", "1000412208", "UGX",
     "Ask for a purchase order before any work.", "retail", "Moses Kato", "Buyer",
     "moses@owinotextiles.example", "+256772100208"},
}};

// The steps that each kind of work goes through.
enum Kind { film, brand, campaign, website };
struct Step {
    const char* name;
    const char* acceptance;
};
constexpr std::array<std::array<Step, 4>, 4> steps = {{
    {{{"Script and storyboard", "The client has read both and asks for no more changes."},
      {"Filming done", "Every scene of the storyboard is on two disks."},
      {"First cut", "The cut runs within ten seconds of the agreed length."},
      {"Masters delivered", "Files for broadcast and for phones are with the client."}}},
    {{{"Interviews and moodboard", "Three directions are shown, one is chosen."},
      {"Logo chosen", "One mark, in colour and in one colour, is agreed in writing."},
      {"Guidelines written", "Twelve pages: mark, colours, type, and how not to use them."},
      {"Print files handed over", "The printer has confirmed that the files are usable."}}},
    {{{"Plan and calendar", "Every post of the first month has a date and a purpose."},
      {"First posts approved", "Texts and pictures of two weeks are approved."},
      {"Half-time report", "Reach and cost are shown against the plan."},
      {"Closing report", "Results, lessons and every file are with the client."}}},
    {{{"Map of pages", "Each page has an owner who writes its text."},
      {"Design approved", "Home and one inner page, on a phone and on a desk."},
      {"Test site filled", "Every text and picture is in place."},
      {"Site live", "It loads in three seconds on a 3G phone in Gulu."}}},
}};

struct DemoProject {
    const char* code;
    const char* name;
    int client;  // 0: the studio's own
    Kind kind;
    Status status;
    Priority priority;
    Health health;
    std::string_view owner;  // username
    int start;               // days from the one on which the demo is loaded
    int days;
    int hours;
    std::int64_t budget;  // minor units of the client's currency, 0 for none
    const char* tag;
    bool archived = false;
};
using enum Status;
using enum Priority;
using enum Health;
constexpr std::array<DemoProject, 20> projects = {{
    {"NBC-HARVEST", "Harvest campaign", 1, campaign, active, high, on_track, "digital", -30, 90, 240,
     18'000'000, "social"},
    {"NBC-FILM", "From cherry to cup: the film", 1, film, review, high, on_track, "content", -75, 84, 320,
     42'000'000, "video"},
    {"NBC-BAGS", "New coffee bags", 1, brand, complete, medium, on_track, "content", -190, 80, 120, 9'500'000,
     "print"},
    {"MHN-MALARIA", "Sleep under a net", 2, campaign, active, urgent, at_risk, "field", -45, 120, 400,
     36'000'000, "outreach"},
    {"MHN-SITE", "Clinic finder website", 2, website, on_hold, medium, at_risk, "digital", -60, 100, 260,
     24'000'000, "web"},
    {"MHN-NURSES", "A nurse's day: portraits", 2, film, planning, medium, on_track, "content", 20, 60, 180,
     21'000'000, "video"},
    {"KCC-BRAND", "A mark for the cooperative", 3, brand, complete, low, on_track, "content", -260, 70, 90,
     4'000'000, "identity"},
    {"KCC-SHOP", "Shop on the web", 3, website, active, medium, on_track, "digital", -20, 75, 160, 7'500'000,
     "web"},
    {"PSL-LAUNCH", "Home kit launch", 4, campaign, active, urgent, off_track, "digital", -50, 45, 300,
     1'450'000, "social"},
    {"PSL-FILM", "Light after dark", 4, film, planning, high, on_track, "content", 14, 80, 280, 1'900'000,
     "video"},
    {"LWZ-OPEN", "Open day films", 5, film, complete, medium, on_track, "content", -150, 50, 140, 11'000'000,
     "video", true},
    {"LWZ-YEAR", "Yearbook", 5, brand, active, low, on_track, "staff", -15, 60, 110, 6'000'000, "print"},
    {"BDP-SAFE", "Helmets save heads", 6, campaign, review, high, at_risk, "field", -80, 85, 220, 16'500'000,
     "outreach"},
    {"BDP-APP", "Pages for the rider app", 6, website, cancelled, medium, off_track, "digital", -120, 60, 150,
     12'000'000, "web"},
    {"RWT-SEASON", "Season film and stills", 7, film, active, high, on_track, "content", -25, 75, 260,
     1'600'000, "video"},
    {"RWT-SITE", "Booking website", 7, website, planning, medium, on_track, "digital", 10, 90, 240, 1'250'000,
     "web"},
    {"OWT-MARKET", "Market stall signs", 8, brand, on_hold, low, on_track, "staff", -35, 55, 60, 3'200'000,
     "print"},
    {"OWT-EID", "Eid offers", 8, campaign, complete, high, on_track, "digital", -110, 40, 90, 5'500'000,
     "social", true},
    {"TS-SITE", "Our own website", 0, website, active, low, at_risk, "digital", -90, 83, 120, 0, "web"},
    {"TS-SHOWREEL", "Showreel", 0, film, planning, low, on_track, "content", 30, 45, 60, 0, "video"},
}};

// How many of the four steps are behind a project.
int steps_done(Status status) {
    switch (status) {
        case planning:
            return 0;
        case on_hold:
        case cancelled:
            return 1;
        case active:
            return 2;
        case review:
            return 3;
        case complete:
            return 4;
    }
    return 0;
}

void seed_clients(Tx& tx) {
    for (std::size_t i = 0; i < clients.size(); ++i) {
        const DemoClient& demo = clients[i];
        const int number = static_cast<int>(i) + 1;
        Client client{.id = client_id(number),
                      .name = demo.name,
                      .address = {demo.address},
                      .tax_number = demo.tax_number,
                      .currency = demo.currency,
                      .notes = {demo.notes},
                      .tags = {{demo.tag}}};
        if (number == 1) client.people = {users::demo_person("client")};
        add_once(tx, client);
        add_once(tx, Contact{.id = {demo_id("projects.contact", number)},
                             .client = client.id,
                             .name = demo.contact,
                             .job_title = demo.job_title,
                             .email = Email{demo.email},
                             .phone = Phone{demo.phone}});
    }
}

void seed_project(Tx& tx, const DemoProject& demo, int number, Date today) {
    const Date start = today + std::chrono::days(demo.start);
    Project project{.id = project_id(number),
                    .code = demo.code,
                    .name = demo.name,
                    .status = demo.status,
                    .priority = demo.priority,
                    .health = demo.health,
                    .owner = users::demo_person(demo.owner),
                    .start_on = start,
                    .due_on = start + std::chrono::days(demo.days),
                    .estimated_hours = Decimal{std::to_string(demo.hours)},
                    .tags = {{demo.tag}},
                    .archived = demo.archived};
    if (demo.client > 0) {
        const DemoClient& client = clients[static_cast<std::size_t>(demo.client) - 1];
        project.client = client_id(demo.client);
        project.description = {std::string("For ") + client.name + ", agreed with " + client.contact + "."};
        project.budget = Money{demo.budget, client.currency};
    }
    add_once(tx, project);
}

void seed_members(Tx& tx, const DemoProject& demo, int number) {
    const auto join = [&](int place, std::string_view person, ProjectRole role, const char* hours) {
        Member member{.id = {demo_id("projects.member", number * 10 + place)},
                      .project = project_id(number),
                      .member = users::demo_person(person),
                      .role = role};
        if (*hours) member.allocation = Decimal{hours};
        add_once(tx, member);
    };
    // The owner leads, two others work on it, the manager reviews; whose turn it is goes round with the
    // number.
    constexpr std::array<std::string_view, 8> team = {"ronald", "digital", "patience", "field",
                                                      "staff",  "esther",  "content",  "hassan"};
    join(1, demo.owner, ProjectRole::lead, "16");
    join(2, "manager", ProjectRole::reviewer, "2");
    int place = 3;
    for (int turn = 0; place < 5; ++turn) {
        const std::string_view person = team[static_cast<std::size_t>(number + turn) % team.size()];
        if (person == demo.owner) continue;
        join(place, person, ProjectRole::member, place == 3 ? "12" : "8");
        ++place;
    }
    if (demo.client == 1) join(5, "client", ProjectRole::client, "");
}

void seed_milestones(Tx& tx, const DemoProject& demo, int number, Date today) {
    const int done = steps_done(demo.status);
    for (int i = 0; i < 4; ++i) {
        const Step& step = steps[demo.kind][static_cast<std::size_t>(i)];
        const Date due = today + std::chrono::days(demo.start + demo.days * (i + 1) / 4);
        Milestone milestone{.id = {demo_id("projects.milestone", number * 10 + i + 1)},
                            .project = project_id(number),
                            .name = step.name,
                            .acceptance = {step.acceptance},
                            .due_on = due,
                            .owner = users::demo_person(demo.owner),
                            .position = i + 1,
                            .shared_with_client = demo.client > 0 && i % 2 == 1};
        if (i == 3) milestone.reward = {"Rolex breakfast for the whole team."};
        if (i < done) {
            const Date done_on = std::min(due, today - std::chrono::days(2));
            milestone.completed_at = done_on + 14h;
            milestone.completed_by = users::demo_person(demo.owner);
            if (milestone.shared_with_client && demo.client == 1) {
                milestone.signed_off_at = done_on + 38h;
                milestone.signed_off_by = users::demo_person("client");
            }
        }
        add_once(tx, milestone);
    }
}

}  // namespace

void seed(Tx& tx) {
    // Some things are late, some due soon, some done, whenever the demo is loaded.
    const Date today = day_in_zone(tx.now(), tx.site().time_zone);
    seed_clients(tx);
    for (std::size_t i = 0; i < projects.size(); ++i) {
        const int number = static_cast<int>(i) + 1;
        seed_project(tx, projects[i], number, today);
        seed_members(tx, projects[i], number);
        seed_milestones(tx, projects[i], number, today);
    }
    seed_discussion(tx);
}

}  // namespace tamiti::projects
