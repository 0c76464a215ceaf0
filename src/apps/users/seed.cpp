#include "apps/users/seed.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "apps/users/service.hpp"
#include "core/base/demo.hpp"
#include "core/base/text.hpp"

namespace tamiti::users {
namespace {

constexpr std::array departments = {"Management", "Finance", "Content", "Digital", "Field", "Operations"};
constexpr std::array designations = {"Director", "Head", "Senior", "Officer", "Agent"};

struct Office {
    const char* name;
    const char* address;
};
constexpr std::array<Office, 3> branches = {{
    {"Kampala", "Plot 14, Kanjokya Street, Kamwokya, Kampala"},
    {"Jinja", "Plot 3, Main Street, Jinja"},
    {"Gulu", "Plot 9, Churchill Drive, Gulu"},
}};

constexpr const char* office_hours =
    R"({"mon": ["08:30", "17:30"], "tue": ["08:30", "17:30"], "wed": ["08:30", "17:30"],)"
    R"( "thu": ["08:30", "17:30"], "fri": ["08:30", "16:30"]})";
constexpr const char* field_hours =
    R"({"tue": ["07:00", "16:00"], "wed": ["07:00", "16:00"], "thu": ["07:00", "16:00"],)"
    R"( "fri": ["07:00", "16:00"], "sat": ["07:00", "14:00"]})";

/// Numbers count from 1 in the lists above; 0 is none. A manager stands before those who report to them.
struct Person {
    std::string_view username;
    const char* first_name;
    const char* last_name;
    const char* job_title;
    Role role;
    int department;
    int designation;
    int branch;
    int manager;
};
constexpr std::array<Person, 12> everybody = {{
    {"admin", "Grace", "Nakitto", "Managing director", Role::admin, 1, 1, 1, 0},
    {"manager", "Moses", "Ssekandi", "Studio manager", Role::manager, 1, 2, 1, 1},
    {"finance", "Irene", "Atuhaire", "Finance officer", Role::finance, 2, 4, 1, 1},
    {"content", "Brian", "Okello", "Creative lead", Role::content, 3, 2, 1, 2},
    {"digital", "Sandra", "Namutebi", "Digital marketing lead", Role::digital, 4, 2, 1, 2},
    {"field", "Denis", "Opio", "Field supervisor", Role::field, 5, 2, 3, 2},
    {"staff", "Joan", "Akello", "Studio coordinator", Role::staff, 6, 4, 1, 2},
    {"client", "Peter", "Mugisha", "Brand manager, Nile Breeze Coffee", Role::client, 0, 0, 0, 0},
    {"patience", "Patience", "Kyomuhendo", "Senior graphic designer", Role::content, 3, 3, 1, 4},
    {"ronald", "Ronald", "Wasswa", "Videographer and editor", Role::content, 3, 4, 1, 4},
    {"esther", "Esther", "Adong", "Social media officer", Role::digital, 4, 4, 1, 5},
    {"hassan", "Hassan", "Lubega", "Field agent, Busoga", Role::field, 5, 5, 2, 6},
}};

/// Inserts a row of the demo once; whoever changed it since keeps the change.
template <class T>
void add(Tx& tx, T row) {
    if (!tx.find(row.id)) tx.insert(row);
}

/// The row of that number in a list of names, whoever made it and whatever it is called by now; 0 is none.
template <class T, std::size_t count>
std::optional<Id<T>> named_in(ReadTx& tx, const std::array<const char*, count>& names, int number) {
    if (number == 0) return std::nullopt;
    const Id<T> ours{demo_id(model_of(tag<T>{}).name, number)};
    return tx.find_one<Id<T>>(
        {"SELECT id FROM {} WHERE id = {} OR lower(name) = lower({}) ORDER BY id <> {} LIMIT 1",
         db::name(model_of(tag<T>{}).table), ours, names.at(static_cast<std::size_t>(number - 1)), ours});
}

/// Adds those of the names that aren't there.
template <class T, std::size_t count>
void add_names(Tx& tx, const std::array<const char*, count>& names) {
    for (int number = 1; number <= static_cast<int>(count); ++number)
        if (!named_in<T>(tx, names, number))
            add(tx, T{.id = {demo_id(model_of(tag<T>{}).name, number)},
                      .name = names.at(static_cast<std::size_t>(number - 1))});
}

template <class T>
std::optional<Id<T>> reference(std::string_view kind, int number) {
    if (number == 0) return std::nullopt;
    return Id<T>{demo_id(kind, number)};
}

User account(ReadTx& tx, const Person& person, int number) {
    const std::string digits = std::to_string(100 + number);
    User user;
    user.id.value = demo_id("users.user", number);
    user.username = person.username;
    user.email.text = std::string(person.username) + "@studio.example";
    user.phone = Phone{"+256772000" + digits};
    user.is_phone_proven = true;
    user.first_name = person.first_name;
    user.last_name = person.last_name;
    user.job_title = person.job_title;
    user.department = named_in<Department>(tx, departments, person.department);
    user.designation = named_in<Designation>(tx, designations, person.designation);
    user.branch = reference<Branch>("users.branch", person.branch);
    user.manager = reference<User>("users.user", person.manager);
    user.roles = {person.role};
    user.is_verified = true;
    if (person.role == Role::field) {
        user.working_hours.text = field_hours;
        user.agent_tags.names = {"merchandiser"};
        user.zones.names = {lower(branches.at(static_cast<std::size_t>(person.branch - 1)).name)};
    } else if (person.role != Role::client)
        user.working_hours.text = office_hours;
    return user;
}

/// One invitation that nobody has answered, from a spreadsheet of one row.
void invite_somebody(Tx& tx) {
    const Import sheet{
        .id = {demo_id("users.import", 1)}, .imported_by = reference<User>("users.user", 1), .row_count = 1};
    add(tx, sheet);
    Invitation invitation;
    invitation.id.value = demo_id("users.invitation", 1);
    invitation.email.text = "achieng@studio.example";
    invitation.first_name = "Sharon";
    invitation.last_name = "Achieng";
    invitation.job_title = "Motion designer";
    invitation.roles = {Role::content};
    invitation.department = named_in<Department>(tx, departments, 3);
    invitation.expires_at = tx.now() + std::chrono::days(7);
    invitation.sent_at = tx.now();
    invitation.invited_by = reference<User>("users.user", 1);
    invitation.batch = sheet.id;
    add(tx, invitation);
}

}  // namespace

std::vector<Id<User>> demo_people() {
    std::vector<Id<User>> all;
    for (int number = 1; number <= static_cast<int>(everybody.size()); ++number)
        all.push_back({demo_id("users.user", number)});
    return all;
}

Id<User> demo_person(std::string_view username) {
    const auto* found = std::ranges::find(everybody, username, &Person::username);
    if (found == everybody.end())
        throw std::logic_error("the demo studio has nobody called " + std::string(username));
    return {demo_id("users.user", static_cast<int>(found - everybody.begin()) + 1)};
}

void seed_basics(Tx& tx) {
    add_names<Department>(tx, departments);
    add_names<Designation>(tx, designations);
}

void seed(Tx& tx) {
    seed_basics(tx);
    int number = 0;
    for (const Office& office : branches)
        add(tx,
            Branch{
                .id = {demo_id("users.branch", ++number)}, .name = office.name, .address = {office.address}});
    number = 0;
    for (const Person& person : everybody) {
        ++number;
        add(tx, account(tx, person, number));
    }
    invite_somebody(tx);
}

}  // namespace tamiti::users
