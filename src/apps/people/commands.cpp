#include "apps/people/commands.hpp"

#include <algorithm>
#include <cstdio>

#include "apps/people/service_invitations.hpp"
#include "apps/users/service.hpp"
#include "core/base/console.hpp"
#include "core/base/text.hpp"
#include "core/model/member.hpp"

namespace tamiti::people {
namespace {

/// The roles of "content,digital"; empty where one of them doesn't exist.
std::vector<Role> roles_of(const std::string& text) {
    const std::vector<std::string> known = enum_names<Role>();
    std::vector<Role> roles;
    for (std::string_view part : split(text, ',')) {
        const std::string name(trim(part));
        if (std::find(known.begin(), known.end(), name) == known.end()) return {};
        roles.push_back(enum_value<Role>(name));
    }
    return roles;
}

int invite(Site& site, const std::map<std::string, std::string>& options) {
    users::Invitation invitation;
    invitation.email.text = normalise_email(options.at("email"));
    if (invitation.email.empty()) return command_refused("Give an email address such as ada@studio.example.");
    const auto given = options.find("roles");
    invitation.roles = roles_of(given == options.end() ? "staff" : given->second);
    if (invitation.roles.empty())
        return command_refused(
            "Give roles such as content,digital. These exist: " + join(enum_names<Role>(), ", ") + ".");
    if (invitation.roles.size() > 1 && RoleSet(invitation.roles).has(Role::client))
        return command_refused("A client can't hold other roles as well.");
    const Actor operators = Actor::system("command users invite");
    const bool is_new = transact(site, operators, [&](Tx& tx) {
        make_room_for(tx, {invitation.email.text});
        prepare_invitation(tx, operators, invitation);
        if (users::is_invited(tx, invitation.email.text)) return false;
        tx.insert(invitation);
        send_invitation(tx, invitation.id);
        return true;
    });
    if (!is_new) return command_refused("This address has an invitation already.");
    std::printf("Invited %s; the link works until %s.\n", invitation.email.text.c_str(),
                format(*invitation.expires_at).c_str());
    return 0;
}

}  // namespace

std::vector<Command> commands() {
    return {{.name = "users invite",
             .help = "Invite somebody by mail",
             .options = {{.name = "email", .help = "the address", .required = true, .positional = true},
                         {.name = "roles", .help = "such as content,digital; staff where left out"}},
             .run = invite}};
}

}  // namespace tamiti::people
