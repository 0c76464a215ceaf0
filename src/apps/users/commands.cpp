#include "apps/users/commands.hpp"

#include <algorithm>
#include <cstdio>

#include "apps/users/service.hpp"
#include "apps/users/service_lifecycle.hpp"
#include "core/base/console.hpp"
#include "core/base/text.hpp"
#include "core/model/member.hpp"

namespace tamiti::users {
namespace {

using Options = std::map<std::string, std::string>;

std::string option(const Options& options, const std::string& name) {
    const auto given = options.find(name);
    return given == options.end() ? std::string() : given->second;
}

std::string standing(const User& user, Timestamp now) {
    if (user.erased_at) return "erased";
    if (!user.is_active) return "closed";
    if (user.expires_at && *user.expires_at <= now) return "expired";
    return user.is_verified ? "open" : "unverified";
}

int list_people(Site& site, const Options& options) {
    const std::string role = option(options, "role");
    const std::vector<std::string> roles = enum_names<Role>();
    if (!role.empty() && std::find(roles.begin(), roles.end(), role) == roles.end())
        return command_refused("There is no role \"" + role + "\". These exist: " + join(roles, ", ") + ".");
    look(site, [&](ReadTx& tx) {
        std::printf("%-34s %-11s %-24s %-34s %s\n", "username", "account", "roles", "email", "last log in");
        for (const User& user :
             tx.select<User>({"({} = '' OR t.roles @> ARRAY[{}]) ORDER BY t.username", role, role})) {
            std::vector<std::string> held;
            for (Role each : user.roles) held.push_back(enum_name(each));
            std::printf("%-34s %-11s %-24s %-34s %s\n", user.username.c_str(),
                        standing(user, tx.now()).c_str(), join(held, ",").c_str(), user.email.text.c_str(),
                        user.last_login_at ? format(*user.last_login_at).c_str() : "never");
        }
    });
    return 0;
}

int deactivate_person(Site& site, const Options& options) {
    const std::string name = option(options, "username"), successor = option(options, "reassign-to");
    try {
        const auto departure = transact(
            site, Actor::system("command users deactivate"), [&](Tx& tx) -> std::optional<Departure> {
                const auto user = named(tx, name);
                Leaving leaving;
                if (!successor.empty()) {
                    const auto next = named(tx, successor);
                    if (!next) return std::nullopt;
                    leaving.reassign_to = next->id;
                }
                if (const std::string reason = option(options, "reason"); !reason.empty())
                    leaving.reason = reason;
                if (!user) return std::nullopt;
                return deactivate(tx, Actor::system("command users deactivate"), user->id, leaving);
            });
        if (!departure) return command_refused("There is no such user. `tamiti users list` shows all.");
        std::printf("Closed the account of %s: %d rows changed hands, %d invitations were cancelled.\n",
                    name.c_str(), departure->reassigned, departure->invitations_cancelled);
        return 0;
    } catch (const Problem& problem) {
        std::string sentence = problem.detail();
        for (const FieldError& error : problem.errors()) sentence += " " + error.message;
        return command_refused(sentence);
    }
}

}  // namespace

std::vector<Command> commands() {
    return {
        {.name = "users list",
         .help = "List the accounts: username, whether it is open, roles, address, last log in",
         .options = {{.name = "role", .help = "only those who hold this role"}},
         .run = list_people},
        {.name = "users deactivate",
         .help = "Close an account at once: its sessions, tokens and invitations end",
         .options = {{.name = "username", .help = "whose account", .required = true, .positional = true},
                     {.name = "reassign-to", .help = "username of who takes over the open work"},
                     {.name = "reason", .help = "for the record"}},
         .run = deactivate_person},
    };
}

}  // namespace tamiti::users
