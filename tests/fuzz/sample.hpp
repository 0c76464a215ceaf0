#pragma once

#include <boost/describe/enum.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/model/describe.hpp"
#include "core/program/registry.hpp"

/// A model with a field of every kind that lists filter by, and a registry that has it.
namespace tamiti::sample {

enum class State : std::uint8_t { open, closed };
BOOST_DESCRIBE_ENUM(State, open, closed)

struct Thing;
const Model& model_of(tag<Thing>);

struct Thing {
    Id<Thing> id{};
    std::string name{};
    Email email{};
    State state = State::open;
    std::vector<State> states{};
    Tags tags{};
    std::optional<Id<Thing>> parent{};
    std::optional<Date> due_on{};
    std::optional<Timestamp> done_at{};
    int weight = 0;
    Decimal size{};
    std::optional<Money> price{};
    bool urgent = false;
    std::string secret{};
    Timestamp created_at{};
    Timestamp updated_at{};
    int version = 1;
};

inline const Model& model_of(tag<Thing>) {
    constexpr Match few = Match::equal | Match::any;
    static const Model thing = describe<Thing>(
        "sample.thing",
        {.table = "sample_thing",
         .doc = "",
         .fields = {uuid_model<Thing>(),
                    field<&Thing::name>("name",
                                        {.sort = true, .filter = few | Match::contains, .search = 'A'}),
                    field<&Thing::email>("email", {.filter = few}),
                    field<&Thing::state>("state", {.sort = true, .filter = few}),
                    field<&Thing::states>("states", {.filter = Match::any}),
                    field<&Thing::tags>("tags", {.filter = Match::any}),
                    field<&Thing::parent>("parent", {.filter = few}),
                    field<&Thing::due_on>("due_on", {.sort = true, .filter = Match::equal | Match::range}),
                    field<&Thing::done_at>("done_at", {.sort = true, .filter = Match::range}),
                    field<&Thing::weight>("weight", {.sort = true, .filter = few | Match::range}),
                    field<&Thing::size>("size", {.filter = Match::equal | Match::range}),
                    field<&Thing::price>("price", {.filter = Match::equal | Match::range}),
                    field<&Thing::urgent>("urgent", {.filter = Match::equal}),
                    field<&Thing::secret>("secret", {.sort = true, .filter = few, .read = "sample.secret"}),
                    time_stamped_model<Thing>()},
         .order = "name",
         .brief = {"name"}});
    return thing;
}

/// A registry with that model at /things; nobody holds the permission to read `secret`.
inline const Registry& registry() {
    static const Registry made = [] {
        App app{.name = "sample"};
        app.resources.push_back(
            resource<Thing>("/things", {.view = [](const Actor&) { return Scope::all(); }}));
        app.permissions.push_back({"sample.secret", "See secrets", {}});
        return Registry({app});
    }();
    return made;
}

/// Someone signed in, with a fixed id.
inline Actor someone() {
    Actor actor;
    actor.id = Uuid::parse("019b8cbd-af05-70e4-ac57-6985db39041d").value();
    actor.roles = {Role::staff};
    actor.permissions = &registry().permissions();
    return actor;
}

}  // namespace tamiti::sample
