#include "apps/projects/service_clients.hpp"

#include "core/model/input.hpp"
#include "core/model/write.hpp"

namespace tamiti::projects {

const Shape& shape_of(tag<ClientGuest>) {
    static const Shape shape = input<ClientGuest>(
        {field<&ClientGuest::email>("email", {.example = "namuli@nilebreeze.example"}),
         field<&ClientGuest::first_name>("first_name", {.max_length = 80, .names_person = true}),
         field<&ClientGuest::last_name>("last_name", {.max_length = 80, .names_person = true}),
         field<&ClientGuest::job_title>("job_title", {.max_length = 120}),
         field<&ClientGuest::message>("message", {.max_length = 1000, .help = "A few words for the mail."})});
    return shape;
}

users::Invitation invite(Tx& tx, const Actor& who, Client client, ClientGuest guest) {
    const auto invitation = make(tx, who,
                                 users::Invitation{.email = guest.email,
                                                   .first_name = guest.first_name.value_or(""),
                                                   .last_name = guest.last_name.value_or(""),
                                                   .job_title = guest.job_title.value_or(""),
                                                   .roles = {Role::client},
                                                   .message = {guest.message.value_or("")}});
    tx.execute({"INSERT INTO projects_client_invitation (invitation, client) VALUES ({}, {})", invitation.id,
                client.id});
    return invitation;
}

void welcome(Tx& tx, const people::InvitationAccepted& event) {
    const auto client = tx.find_one<Id<Client>>(
        {"SELECT client FROM projects_client_invitation WHERE invitation = {}", event.invitation});
    if (!client) return;
    tx.update<Client>({"people = people || {}::uuid", event.account},
                      where("id = {} AND NOT people @> ARRAY[{}::uuid]", *client, event.account));
}

}  // namespace tamiti::projects
