#include "tests/support/matrix/samples.hpp"
#include "tests/support/studio.hpp"

namespace tamiti::test {
namespace {

std::string invitation(const std::string& by, const std::string& email) {
    const std::string id = Studio::make("boss", "/invitations", {{"roles", {"staff"}}, {"email", email}});
    change_rows("UPDATE users_invitation SET invited_by = $1::uuid WHERE id = $2::uuid",
                {Studio::user(by), id});
    return id;
}

std::map<std::string, Kinds> make_invitations() {
    return {{"/invitations",
             {{"own", invitation("owner", "own@studio.test")},
              {"team", invitation("manager", "team@studio.test")},
              {"other", invitation("boss", "other@studio.test")},
              {"deleted", Uuid::make().text()}}}};
}

std::map<std::string, Kinds> make_imports() {
    Kinds kinds = {{"deleted", Uuid::make().text()}};
    for (const auto& [kind, by] :
         std::map<std::string, std::string>{{"own", "owner"}, {"team", "mate"}, {"other", "boss"}}) {
        kinds[kind] = Uuid::make().text();
        change_rows("INSERT INTO users_import (id, imported_by, row_count) VALUES ($1, $2, 1)",
                    {kinds[kind], Studio::user(by)});
    }
    return {{"/user-imports", kinds}};
}

Body new_invitation(const std::string&, const std::string&) {
    static int number = 0;
    return {{"roles", {"staff"}}, {"email", "guest" + std::to_string(++number) + "@studio.test"}};
}

const Samples samples({{{"/invitations"}, make_invitations}, {{"/user-imports"}, make_imports}},
                      {{"POST /invitations", {.body = new_invitation}}});

}  // namespace
}  // namespace tamiti::test
