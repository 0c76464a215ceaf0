#include "apps/users/commands.hpp"

#include <charconv>
#include <cstdio>

#include "apps/users/service.hpp"
#include "apps/users/service_lifecycle.hpp"
#include "apps/users/service_purge.hpp"
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
    if (const std::string fault = unknown_word("role", role, enum_names<Role>());
        !role.empty() && !fault.empty())
        return command_refused(fault);
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

constexpr int shortest_rest = 30;  // days; whoever comes back next week would find themselves erased
constexpr int longest_rest = 3650;

/// The number of days after which an ended account is forgotten; nothing where the text is none that is
/// taken.
std::optional<int> days_of(const std::string& text) {
    int days = 0;
    const char* end = text.data() + text.size();
    const auto [stopped, fault] = std::from_chars(text.data(), end, days);
    if (fault != std::errc{} || stopped != end || days < shortest_rest || days > longest_rest)
        return std::nullopt;
    return days;
}

std::string fate(Site& site, const Actor& operators, const EndedAccount& ended, Timestamp before,
                 bool is_rehearsal) {
    if (ended.has_work)
        return "stays: open work names them; hand it over with users deactivate --reassign-to";
    if (is_rehearsal) return "would be erased";
    const bool is_gone = transact(
        site, operators, [&](Tx& tx) { return purge_account(tx, operators, ended.person.id, before); });
    return is_gone ? "erased" : "stays: it has changed meanwhile";
}

int purge_expired(Site& site, const Options& options) {
    const std::optional<int> days = days_of(option(options, "days"));
    if (!days)
        return command_refused("--days is a number from " + std::to_string(shortest_rest) + " to " +
                               std::to_string(longest_rest) + ".");
    const bool is_rehearsal = options.contains("dry-run");
    const Actor operators = Actor::system("command users purge-expired");
    Timestamp before{};
    const auto ended = look(site, [&](ReadTx& tx) {
        before = tx.now() - std::chrono::days(*days);
        return ended_accounts(tx, before);
    });
    for (const EndedAccount& account : ended)
        std::printf("%-34s ended %s  %s\n", account.person.username.c_str(),
                    format(*account.person.expires_at).c_str(),
                    fate(site, operators, account, before, is_rehearsal).c_str());
    if (ended.empty()) std::printf("No temporary account ended more than %d days ago.\n", *days);
    return 0;
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
        {.name = "users purge-expired",
         .help = "Make the people of temporary accounts that ended long ago unrecognisable, for good",
         .options = {{.name = "days", .help = "how many days ago at least, 30 or more", .required = true},
                     {.name = "dry-run", .help = "only say whom it would be", .flag = true}},
         .run = purge_expired},
    };
}

}  // namespace tamiti::users
