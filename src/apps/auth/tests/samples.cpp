#include "tests/support/matrix/samples.hpp"
#include "tests/support/studio.hpp"

namespace tamiti::test {
namespace {

std::string in_a_month() {
    return format(Studio::clock().now() + std::chrono::days(30));
}

/// By their holder; an admin holds none of others.
std::map<std::string, Kinds> make_tokens() {
    Kinds kinds = {{"deleted", Uuid::make().text()}};
    for (const auto& [kind, holder] :
         std::map<std::string, std::string>{{"own", "owner"}, {"team", "mate"}, {"other", "boss"}}) {
        std::string digits = kinds[kind] = Uuid::make().text();
        change_rows(
            "INSERT INTO auth_personal_token (id, account, name, grants, expires_at) VALUES ($1, $2, "
            "'Script', '{*:read}', $3::timestamptz)",
            {kinds[kind], Studio::user(holder), in_a_month()});
        std::erase(digits, '-');
        change_rows("INSERT INTO auth_personal_token_key (hash, token) VALUES ($1, $2)",
                    {digits + digits, kinds[kind]});
    }
    return {{"/auth/tokens", kinds}};
}

std::string session_of(const std::string& name) {
    return Studio::sql(
        "SELECT id FROM auth_session WHERE account = $1 AND ended_at IS NULL ORDER BY created_at DESC LIMIT "
        "1",
        Studio::user(name));
}

std::map<std::string, Kinds> find_sessions() {
    return {{"/auth/sessions",
             {{"own", session_of("owner")},
              {"team", session_of("mate")},
              {"other", session_of("boss")},
              {"deleted", Uuid::make().text()}}}};
}

std::map<std::string, Kinds> whom_to_view() {
    return {{"/auth/view-as", kinds_at("/users")}};
}

Body new_token(const std::string&, const std::string&) {
    return {{"name", new_name()}, {"grants", {"projects:read"}}, {"expires_at", in_a_month()}};
}

const Samples samples({{{"/auth/tokens"}, make_tokens},
                       {{"/auth/sessions"}, find_sessions},
                       {{"/auth/view-as"}, whom_to_view}},
                      {{"POST /auth/tokens", {.body = new_token}},
                       {"POST /auth/view-as/{user}", {.body = [](const std::string&, const std::string&) {
                            return Body{{"reason", "Their list is empty."}};
                        }}}});

}  // namespace
}  // namespace tamiti::test
