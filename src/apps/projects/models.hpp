#pragma once

#include <boost/describe/enum.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "apps/users/models.hpp"
#include "core/base/money.hpp"
#include "core/base/time.hpp"
#include "core/base/uuid.hpp"
#include "core/model/types.hpp"

/// Clients, and what the studio does for them.
namespace tamiti::projects {

/// Whom the studio works for.
struct Client {
    Id<Client> id{};
    std::string name{};
    LongText address{};
    std::string tax_number{};
    std::string currency{};  ///< ISO 4217, what invoices are in; the site's where none is given
    LongText notes{};
    std::vector<Id<users::User>> people{};  ///< users of role client who see this client and its projects
    Tags tags{};
    Timestamp created_at{};
    Timestamp updated_at{};
    int version = 1;
};
const Model& model_of(tag<Client>);

/// A person at a client who is called or written to; needs no account.
struct Contact {
    Id<Contact> id{};
    Id<Client> client{};
    std::string name{};
    std::string job_title{};
    std::optional<Email> email{};
    std::optional<Phone> phone{};
    Timestamp created_at{};
    Timestamp updated_at{};
    int version = 1;
};
const Model& model_of(tag<Contact>);

enum class Status : std::uint8_t { planning, active, on_hold, review, complete, cancelled };
BOOST_DESCRIBE_ENUM(Status, planning, active, on_hold, review, complete, cancelled)

enum class Priority : std::uint8_t { low, medium, high, urgent };
BOOST_DESCRIBE_ENUM(Priority, low, medium, high, urgent)

enum class Health : std::uint8_t { on_track, at_risk, off_track };
BOOST_DESCRIBE_ENUM(Health, on_track, at_risk, off_track)

/// Work with an end, for a client or for the studio itself.
struct Project {
    Id<Project> id{};
    std::string code{};  ///< short name that people say: "KCB-26"
    std::string name{};
    LongText description{};
    std::optional<Id<Client>> client{};
    Status status = Status::planning;
    Priority priority = Priority::medium;
    Health health = Health::on_track;
    std::optional<Id<users::User>> owner{};
    std::optional<Date> start_on{};
    std::optional<Date> due_on{};
    std::optional<Decimal> estimated_hours{};
    std::optional<Money> budget{};
    Tags tags{};
    bool archived = false;
    bool is_overdue = false;        ///< derived
    std::optional<int> progress{};  ///< derived: whole percent of its milestones that are complete
    int milestone_count = 0;        ///< derived
    int member_count = 0;           ///< derived
    int comment_count = 0;          ///< derived
    Timestamp created_at{};
    Timestamp updated_at{};
    int version = 1;
    std::optional<Timestamp> deleted_at{};
};
const Model& model_of(tag<Project>);

/// What a member may do inside one project: see access.hpp.
enum class ProjectRole : std::uint8_t { lead, member, reviewer, client };
BOOST_DESCRIBE_ENUM(ProjectRole, lead, member, reviewer, client)

/// A user's part in a project.
struct Member {
    Id<Member> id{};
    Id<Project> project{};
    Id<users::User> member{};
    ProjectRole role = ProjectRole::member;
    std::optional<Decimal> allocation{};  ///< hours a week
    Timestamp created_at{};
    Timestamp updated_at{};
    int version = 1;
};
const Model& model_of(tag<Member>);

/// A date in a project by which something is finished and accepted.
struct Milestone {
    Id<Milestone> id{};
    Id<Project> project{};
    std::string name{};
    LongText description{};
    LongText acceptance{};  ///< what must be true for it to count as done
    LongText reward{};      ///< what the team gets for it
    std::optional<Date> due_on{};
    std::optional<Id<users::User>> owner{};
    int position = 0;  ///< order within the project, from 1
    bool shared_with_client = false;
    std::optional<Timestamp> completed_at{};
    std::optional<Id<users::User>> completed_by{};
    std::optional<Timestamp> signed_off_at{};
    std::optional<Id<users::User>> signed_off_by{};
    bool is_overdue = false;  ///< derived
    Timestamp created_at{};
    Timestamp updated_at{};
    int version = 1;
    std::optional<Timestamp> deleted_at{};
};
const Model& model_of(tag<Milestone>);

}  // namespace tamiti::projects
