#include "apps/users/service_permissions.hpp"

#include <algorithm>
#include <array>

#include "apps/users/access.hpp"
#include "apps/users/service.hpp"
#include "core/api/operations.hpp"
#include "core/base/json.hpp"
#include "core/base/sentences.hpp"
#include "core/base/text.hpp"
#include "core/model/input.hpp"
#include "core/model/member.hpp"
#include "core/model/output.hpp"
#include "core/program/registry.hpp"

namespace tamiti::users {
namespace {

const std::vector<Role>& all_roles() {
    static const std::vector<Role> roles = [] {
        std::vector<Role> all;
        for (const std::string& name : enum_names<Role>()) all.push_back(enum_value<Role>(name));
        return all;
    }();
    return roles;
}

std::vector<Role> listed(RoleSet set) {
    std::vector<Role> roles;
    for (Role role : all_roles())
        if (set.has(role)) roles.push_back(role);
    return roles;
}

/// What a policy gives, in one word. Its text stays here: it would tell how others' rows are found.
std::string in_one_word(const Scope& scope) {
    if (scope.is_all()) return "all";
    return scope.is_none() ? "none" : "some";
}

/// Somebody of that role who has no rows yet.
Actor anybody(Role role, const Registry& registry) {
    Actor actor;
    actor.id = Uuid::make();
    actor.roles = {role};
    actor.permissions = &registry.permissions();
    return actor;
}

/// What every resource has a policy for, or doesn't offer.
constexpr std::array generic_verbs = {"view", "create", "change", "remove"};

/// What the policy gives for that verb, a generic one or one of a route on such rows; nothing where it isn't
/// offered.
std::optional<Scope> scope_for(const Resource& resource, std::string_view verb, const Actor& who) {
    if (verb == "view") return resource.visible_to(who);
    const Access& access = resource.access;
    Scope (*policy)(const Actor&) = nullptr;
    if (verb == "create") policy = access.create;
    if (verb == "change") policy = access.change;
    if (verb == "remove") policy = access.remove;
    for (const VerbRight& own : resource.catalogue->verbs_of(*resource.model))
        if (own.name == verb) policy = own.rows;
    return policy ? std::optional(policy(who)) : std::nullopt;
}

void require_known_verb(const Resource& resource, const std::string& verb) {
    std::vector<std::string> names(generic_verbs.begin(), generic_verbs.end());
    for (const VerbRight& own : resource.catalogue->verbs_of(*resource.model)) names.push_back(own.name);
    if (std::ranges::find(names, verb) != names.end()) return;
    throw Malformed("http.bad_parameter", "There is no such verb.")
        .with({{"verb", "Rows of " + resource.model->name + " know these: " + join(names, ", ") + "."}});
}

void write_roles(json::Writer& writer, RoleSet roles) {
    writer.begin_array();
    for (Role role : listed(roles)) writer.string(enum_name(role));
    writer.end_array();
}

std::string resources_json(const Registry& registry) {
    std::string out;
    json::Writer writer(out);
    writer.begin_array();
    for (const App& app : registry.apps()) {
        for (const Resource& resource : app.resources) {
            for (Role role : all_roles()) {
                const Actor actor = anybody(role, registry);
                writer.begin_object();
                writer.key("model");
                writer.string(resource.model->name);
                writer.key("path");
                writer.string(resource.path);
                writer.key("role");
                writer.string(enum_name(role));
                for (const char* verb : generic_verbs) {
                    const auto scope = scope_for(resource, verb, actor);
                    writer.key(verb);
                    writer.string(scope ? in_one_word(*scope) : "none");
                }
                writer.end_object();
            }
        }
    }
    writer.end_array();
    return out;
}

RoleSet holders(const Registry& registry, std::string_view code) {
    std::vector<Role> roles;
    for (Role role : all_roles())
        if (registry.permissions().allows({role}, code)) roles.push_back(role);
    return roles;
}

/// The roles that may call a route at all; of a verb on rows those that have such rows.
RoleSet callers(const Registry& registry, const RouteAccess& access) {
    if (access.kind == RouteAccess::Kind::permission) return holders(registry, access.permission);
    if (access.kind != RouteAccess::Kind::row) return RoleSet::everyone();
    std::vector<Role> roles;
    for (Role role : all_roles())
        if (!access.rows(anybody(role, registry)).is_none()) roles.push_back(role);
    return roles;
}

std::string routes_json(const Registry& registry) {
    std::string out;
    json::Writer writer(out);
    writer.begin_array();
    for (const Operation& operation : registry.operations()) {
        if (!operation.route) continue;
        writer.begin_object();
        writer.key("method");
        writer.string(http::name_of(operation.method));
        writer.key("path");
        writer.string(operation.path);
        writer.key("access");
        writer.string(operation.access());
        writer.key("roles");
        write_roles(writer, callers(registry, operation.route->access));
        writer.end_object();
    }
    writer.end_array();
    return out;
}

std::string fields_json(const Registry& registry) {
    std::string out;
    json::Writer writer(out);
    writer.begin_array();
    for (const Model* model : registry.catalogue().models()) {
        for (const Field& field : model->fields) {
            if (!field.rules.read && !field.rules.write) continue;
            writer.begin_object();
            writer.key("model");
            writer.string(model->name);
            writer.key("field");
            writer.string(field.name);
            writer.key("read");
            write_roles(writer, field.rules.read ? holders(registry, field.rules.read) : RoleSet::everyone());
            writer.key("write");
            write_roles(writer,
                        field.rules.write ? holders(registry, field.rules.write) : RoleSet::everyone());
            writer.end_object();
        }
    }
    writer.end_array();
    return out;
}

/// The permissions that the policy's answer hangs on, found by asking it again with one permission turned
/// over at a time: what changes the answer decides it.
Tags deciding_permissions(const Registry& registry, const Resource& resource, std::string_view verb,
                          Actor actor) {
    const auto answer = scope_for(resource, verb, actor);
    Tags codes;
    for (const Permission& turned : registry.permissions().all()) {
        Permissions others;
        for (Permission each : registry.permissions().all()) {
            if (each.code == turned.code)
                each.roles = each.roles.meets(actor.roles) ? RoleSet() : RoleSet::everyone();
            others.add(each);
        }
        actor.permissions = &others;
        const auto other = scope_for(resource, verb, actor);
        if (answer && other && *answer != *other) codes.names.push_back(turned.code);
    }
    return codes;
}

void add_field_rules(const Model& model, const Actor& who, std::string_view verb, Explanation& answer) {
    for (const Field& field : model.fields) {
        if (!readable(field, who)) answer.unreadable.names.push_back(field.name);
        const Rules& rules = field.rules;
        const bool is_fixed = rules.read_only || (rules.create_only && verb != "create");
        if (is_fixed || (rules.write && !who.can(rules.write))) answer.unwritable.names.push_back(field.name);
    }
}

Explanation decided(Explanation answer, DecidedBy by, bool allowed, std::string sentence) {
    answer.decided_by = by;
    answer.allowed = allowed;
    answer.sentence = std::move(sentence);
    return answer;
}

/// Why the account as such may do nothing; empty where it may.
std::string account_fault(const User& user, Timestamp now) {
    if (user.erased_at) return "The account was erased.";
    if (!user.is_active) return "The account is deactivated.";
    if (user.expires_at && *user.expires_at <= now) return "The account has expired.";
    if (!user.is_verified) return "The address isn't verified yet, so nobody can sign in.";
    return {};
}

/// The row of the question, which the one who asks must see.
std::optional<Uuid> row_asked(ReadTx& tx, const Actor& who, const Resource& resource, const Question& asked) {
    if (!asked.id) return std::nullopt;
    const auto id = Uuid::parse(*asked.id);
    if (!id) throw NotFound();
    if (!tx.row_lies_in(*resource.model, *id, resource.visible_to(who))) throw NotFound();
    return id;
}

const Resource& resource_asked(const Registry& registry, const std::string& name) {
    const Model* model = registry.catalogue().model_named(name);
    const Resource* resource = model ? registry.catalogue().resource_of(*model) : nullptr;
    if (resource) return *resource;
    std::vector<std::string> names;
    for (const Model* known : registry.catalogue().models()) names.push_back(known->name);
    throw Malformed("http.bad_parameter", "There is no such model.")
        .with({{"model", "These exist: " + tamiti::listed(names) + "."}});
}

}  // namespace

const Shape& shape_of(tag<Matrix>) {
    static const Shape shape = answer<Matrix>(
        {field<&Matrix::resources>("resources",
                                   {.help = "What each role may do with the rows: none, some or all."}),
         field<&Matrix::routes>("routes", {.help = "Which roles may call the verbs."}),
         field<&Matrix::fields>(
             "fields", {.help = "Which roles may read and set the fields that not everybody may."})});
    return shape;
}

const Shape& shape_of(tag<Question>) {
    static const Shape shape = input<Question>(
        {field<&Question::user>("user", {.help = "Whom the question is about; yourself where left out."}),
         field<&Question::model>("model", {.max_length = 80, .example = "projects.project"}),
         field<&Question::id>(
             "id", {.max_length = 36, .help = "Of one row; without it the question is about any."}),
         field<&Question::verb>(
             "verb", {.max_length = 40,
                      .help = "`view`, `create`, `change`, `remove`, or a verb of a route on such rows."})});
    return shape;
}

std::vector<PermissionHeld> permissions(ReadTx& tx, const Actor& who) {
    std::vector<PermissionHeld> all;
    for (const Permission& permission : tx.site().permissions->all())
        all.push_back({.code = permission.code,
                       .label = permission.label,
                       .roles = listed(permission.roles),
                       .is_yours = permission.roles.meets(who.roles)});
    return all;
}

Matrix matrix(ReadTx& tx, const Actor&) {
    const Registry& registry = *tx.site().registry;
    Matrix made;
    made.resources.text = resources_json(registry);
    made.routes.text = routes_json(registry);
    made.fields.text = fields_json(registry);
    return made;
}

Explanation explain(ReadTx& tx, const Actor& who, const Question& asked) {
    const Registry& registry = *tx.site().registry;
    const Id<User> about = asked.user.value_or(Id<User>{who.id});
    if (about.value != who.id && !who.can("users.manage")) throw NotFound();
    const User user = tx.get(about);
    const Resource& resource = resource_asked(registry, asked.model);
    require_known_verb(resource, asked.verb);
    const std::optional<Uuid> row = row_asked(tx, who, resource, asked);
    const std::string doing = asked.verb + " " + (row ? "this " : "a ") + resource.model->noun;

    const Actor actor = actor_of(user, registry.permissions());
    Explanation answer{.roles = user.roles};
    add_field_rules(*resource.model, actor, asked.verb, answer);
    if (std::string fault = account_fault(user, tx.now()); !fault.empty())
        return decided(std::move(answer), DecidedBy::account, false, std::move(fault));
    const auto scope = scope_for(resource, asked.verb, actor);
    if (!scope)
        return decided(std::move(answer), DecidedBy::no_operation, false,
                       "Nobody can " + doing + ": the program doesn't offer it.");
    answer.scope = in_one_word(*scope);
    answer.permissions = deciding_permissions(registry, resource, asked.verb, actor);
    const std::string holding = answer.permissions.names.empty()
                                    ? std::string()
                                    : " It hangs on " + join(answer.permissions.names, ", ") + ".";
    if (scope->is_all())
        return decided(std::move(answer), DecidedBy::permission, true,
                       "The roles may " + asked.verb + " every " + resource.model->noun + "." + holding);
    if (scope->is_none())
        return decided(std::move(answer), DecidedBy::permission, false,
                       "The roles may not " + asked.verb + " any " + resource.model->noun + "." + holding);
    if (!row)
        return decided(std::move(answer), DecidedBy::scope, true,
                       "The policy gives some rows; name one to learn of it." + holding);
    // Whoever can't see a row can't do anything else with it either.
    const bool inside = tx.row_lies_in(*resource.model, *row, *scope) &&
                        tx.row_lies_in(*resource.model, *row, resource.visible_to(actor));
    return decided(std::move(answer), DecidedBy::row, inside,
                   inside ? "The row is among those that the policy gives." + holding
                          : "The row is not among those that the policy gives." + holding);
}

}  // namespace tamiti::users
