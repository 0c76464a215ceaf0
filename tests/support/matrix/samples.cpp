#include "tests/support/matrix/samples.hpp"

#include <algorithm>

#include "core/base/json.hpp"
#include "core/model/member.hpp"

namespace tamiti::test {
namespace {

struct Given {
    std::vector<Samples::Rows> rows{};
    std::map<std::string, Sending> requests{};
};

/// What all apps gave; there before the first of their static objects.
Given& given() {
    static Given all;
    return all;
}

struct Suite {
    std::string chief{}, owner{};
    std::map<std::string, Kinds> rows{};
};
Suite suite;

const Resource* resource_at(const std::string& path) {
    for (const Resource* resource : Api::registry().catalogue().resources())
        if (resource->path == path) return resource;
    return nullptr;
}

Kinds of_nothing() {
    Kinds kinds;
    for (const char* kind : {"own", "team", "other", "deleted"}) kinds[kind] = Uuid::make().text();
    return kinds;
}

/// The first reference that a create must name, to a row of another resource.
const Field* parent_of(const Resource& resource) {
    for (const Field& field : resource.model->fields)
        if (field.rules.required && !field.rules.read_only && field.type == &reference_type() &&
            Api::registry().catalogue().resource_of(field.target()))
            return &field;
    return nullptr;
}

std::string path_of(const Model& model) {
    return Api::registry().catalogue().resource_of(model)->path;
}

/// Rows made as anybody would: by the owner where they may, otherwise by the chief.
Kinds made_at(const Resource& resource) {
    if (!resource.access.create) return of_nothing();
    const Field* parent = parent_of(resource);
    const auto made_by = [&](const std::string& who, const std::string& kind) {
        const std::string about = parent ? path_of(parent->target()) : std::string();
        const std::string id = parent ? kinds_at(about).at(kind) : std::string();
        const Answer answer = Api::post(who, resource.path, example_of(resource, about, id));
        return answer.status == 201 ? answer.text("id") : std::string();
    };
    Kinds kinds;
    kinds["own"] = made_by(suite.owner, "own");
    if (kinds["own"].empty()) kinds["own"] = made_by(suite.chief, "own");
    kinds["other"] = made_by(suite.chief, "other");
    if (resource.access.remove) kinds["deleted"] = removed(resource.path, made_by(suite.chief, "own"));
    return kinds;
}

}  // namespace

bool KindOrder::operator()(const std::string& a, const std::string& b) const {
    static const std::vector<std::string> known = {"own", "team", "other", "deleted"};
    const auto place = [](const std::string& kind) {
        return std::pair(std::ranges::find(known, kind) - known.begin(), kind);
    };
    return place(a) < place(b);
}

Samples::Samples(std::vector<Rows> rows, std::map<std::string, Sending> requests) {
    Given& all = given();
    all.rows.insert(all.rows.end(), rows.begin(), rows.end());
    all.requests.merge(requests);
}

void start_samples(const std::string& chief, const std::string& owner) {
    suite = {chief, owner, {}};
}

const Kinds& kinds_at(const std::string& path) {
    if (const auto known = suite.rows.find(path); known != suite.rows.end()) return known->second;
    for (const Samples::Rows& rows : given().rows)
        if (std::ranges::find(rows.paths, path) != rows.paths.end()) {
            for (auto& [made, kinds] : rows.make()) suite.rows[made] = std::move(kinds);
            return suite.rows.at(path);
        }
    const Resource* resource = resource_at(path);
    return suite.rows[path] = resource ? made_at(*resource) : of_nothing();
}

void set_kinds(const std::string& path, Kinds kinds) {
    suite.rows[path] = std::move(kinds);
}

std::string name_of(const Operation& operation) {
    return std::string(http::name_of(operation.method)) + " " + operation.path;
}

Sending sending_of(const Operation& operation) {
    if (operation.verb == Verb::bulk && !operation.resource->access.change) {
        Operation single = operation;
        single.verb = Verb::create;
        single.path = operation.resource->path;
        return sending_of(single);
    }
    const auto found = given().requests.find(name_of(operation));
    Sending sending = found == given().requests.end() ? Sending{} : found->second;
    if (!sending.about.empty() || !sending.text.empty()) return sending;
    const std::size_t brace = operation.path.find('{');
    if (brace != std::string::npos) {
        sending.about = operation.path.substr(0, brace - 1);
    } else if (operation.verb == Verb::bulk) {
        sending.about = operation.resource->path;
    } else if (operation.verb == Verb::create) {
        if (const Field* parent = parent_of(*operation.resource)) sending.about = path_of(parent->target());
    }
    return sending;
}

Body example_of(const Resource& resource, const std::string& about, const std::string& id) {
    Object body;
    for (const Field& field : resource.model->fields) {
        if (!field.rules.required || field.rules.read_only) continue;
        if (field.type == &reference_type()) {
            const Resource* target = Api::registry().catalogue().resource_of(field.target());
            if (target) body[field.name] = target->path == about ? id : kinds_at(target->path).at("own");
        } else if (field.type->name() == "text") {
            body[field.name] = new_name();
        } else {
            body[field.name] = json::parse(field.type->example(field));
        }
    }
    return body;
}

std::string new_name() {
    static int number = 0;
    return "New " + std::to_string(++number);
}

void change_rows(const std::string& statement, const std::vector<std::string>& values) {
    transact(Api::site(), Actor::system(), [&](Tx& tx) {
        db::Params params;
        for (const std::string& value : values) params.add(value);
        tx.transaction().run(statement, params);
    });
}

std::string removed(const std::string& path, const std::string& id) {
    EXPECT_EQ(Api::remove(suite.chief, path + "/" + id).status, 204) << path;
    return id;
}

}  // namespace tamiti::test
