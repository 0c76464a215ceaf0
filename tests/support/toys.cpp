#include "tests/support/toys.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <deque>

#include "core/api/route.hpp"
#include "core/model/describe.hpp"
#include "core/model/member.hpp"
#include "core/model/tx.hpp"

namespace tamiti::toys {
namespace {

enum class Material : std::uint8_t { wood, tin, cloth };
BOOST_DESCRIBE_ENUM(Material, wood, tin, cloth)

struct Toy;
const Model& model_of(tag<Toy>);

struct Toy {
    Id<Toy> id{};
    std::string name{};
    std::string maker{};  ///< the id of who made it
    Material material = Material::wood;
    Tags tags{};
    std::optional<Date> due_on{};
    std::optional<Money> price{};
    int weight = 0;
    bool is_secret = false;
    Timestamp created_at{};
    Timestamp updated_at{};
    int version = 1;
    std::optional<Timestamp> deleted_at{};
};

Model described(const std::string& name, const std::string& table) {
    constexpr Match few = Match::equal | Match::any;
    return describe<Toy>(
        name,
        {.table = table,
         .doc = "Something to play with.",
         .fields = {uuid_model<Toy>(),
                    field<&Toy::name>(
                        "name",
                        {.required = true, .max_length = 80, .sort = true, .filter = few | Match::contains}),
                    field<&Toy::maker>("maker", {.read_only = true}),
                    field<&Toy::material>("material", {.sort = true, .filter = few}),
                    field<&Toy::tags>("tags", {.filter = Match::any}),
                    field<&Toy::due_on>("due_on", {.sort = true, .filter = Match::equal | Match::range}),
                    field<&Toy::price>("price", {.filter = Match::range}),
                    field<&Toy::weight>("weight", {.sort = true, .filter = few | Match::range}),
                    field<&Toy::is_secret>("is_secret", {.filter = Match::equal}), time_stamped_model<Toy>(),
                    soft_delete_model<Toy>()},
         .order = "name",
         .brief = {"name"}});
}

/// All models that were made; a deque, since what refers to them keeps their addresses.
std::deque<Model>& models() {
    static std::deque<Model> all;
    return all;
}

const Model& model_of(tag<Toy>) {
    static const Model toy = described("toys.toy", "toys_toy");
    return toy;
}

Scope made(const Actor& who) {
    if (who.has(Role::admin)) return Scope::all();
    if (who.has(Role::client) || who.is_anonymous()) return Scope::none();
    return where("maker = {}::text", who.id);
}

Scope seen(const Actor& who) {
    const Scope own = made(who);
    return own.is_all() || own.is_none() ? own : where("NOT is_secret") || own;
}

void before_save(Tx&, const Actor& who, Toy& next, const Toy* before) {
    if (!before) next.maker = who.id.text();
}

struct Played {
    std::string by{};
};
BOOST_DESCRIBE_STRUCT(Played, (), (by))

/// The verb of every resource looks for the row in its own table.
Route verb(const Model& model, int number) {
    const std::string path = "/" + model.app + "/" + model.noun + "s/{id}/play-" + std::to_string(number);
    const auto none = [](Tx&, const Actor&, Id<Toy>) { return Played{}; };
    Route route = post(path, +none, "Play with a " + model.noun + ".", signed_in());
    route.run = [&model](Call& call) {
        transact(call.site, call.who, [&](Tx& tx) {
            if (!tx.exists(Sql{"SELECT FROM {} WHERE id = {} AND deleted_at IS NULL AND {}",
                               db::name(model.table), call.ids.at(0), seen(call.who)}))
                throw NotFound();
        });
        call.response.body = R"({"by":"somebody"})";
    };
    return route;
}

}  // namespace

std::vector<App> apps(int count, int resources_each, int verbs_each) {
    std::vector<App> all;
    for (int i = 0; i < count; ++i) {
        App app{.name = "toys_" + std::to_string(i), .doc = "A box of toys."};
        for (int j = 0; j < resources_each; ++j) {
            const std::string noun = "toy_" + std::to_string(i * resources_each + j);
            const Model& model =
                models().emplace_back(described(app.name + "." + noun, app.name + "_" + noun));
            Resource toy = resource<Toy>("/" + app.name + "/" + noun + "s",
                                         {.view = seen, .create = made, .change = made, .remove = made},
                                         {.before_save = before_save});
            toy.model = &model;
            app.resources.push_back(std::move(toy));
        }
        for (int j = 0; j < verbs_each; ++j)
            app.routes.push_back(verb(*app.resources[static_cast<std::size_t>(j % resources_each)].model, j));
        all.push_back(std::move(app));
    }
    return all;
}

std::vector<db::Migration> migrations(const std::vector<App>& apps) {
    std::vector<db::Migration> all;
    for (const App& app : apps) {
        db::Migration migration{app.name, "0001_toys", {}};
        for (const Resource& resource : app.resources)
            migration.sql +=
                "CREATE TABLE " + resource.model->table +
                " (id uuid PRIMARY KEY, name text NOT NULL, maker text NOT NULL, material text NOT "
                "NULL, tags text[] NOT NULL, due_on date, price bigint, price_currency text, "
                "weight integer NOT NULL, is_secret boolean NOT NULL, created_at timestamptz NOT "
                "NULL, updated_at timestamptz NOT NULL, version bigint NOT NULL, deleted_at "
                "timestamptz);\n";
        all.push_back(std::move(migration));
    }
    return all;
}

}  // namespace tamiti::toys
