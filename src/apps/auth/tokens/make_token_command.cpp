#include "apps/auth/tokens/make_token_command.hpp"

#include <charconv>
#include <cstdio>

#include "apps/auth/tokens/personal_tokens.hpp"
#include "apps/users/service.hpp"
#include "core/base/console.hpp"
#include "core/base/text.hpp"

namespace tamiti::auth {
namespace {

std::optional<int> days_of(const std::map<std::string, std::string>& options) {
    const auto given = options.find("days");
    if (given == options.end()) return 90;
    int days = 0;
    const char* end = given->second.data() + given->second.size();
    const auto [stopped, fault] = std::from_chars(given->second.data(), end, days);
    if (fault != std::errc{} || stopped != end || days < 1 || days > 365) return std::nullopt;
    return days;
}

std::optional<MadePersonalToken> make(Tx& tx, const std::map<std::string, std::string>& options, int days) {
    const auto person = users::named(tx, options.at("username"));
    if (!person) return std::nullopt;
    NewPersonalToken asked{.name = options.at("name"), .expires_at = tx.now() + std::chrono::days(days)};
    for (const std::string_view grant : split(options.at("grants"), ','))
        asked.grants.names.push_back(lower(trim(grant)));
    return make_personal_token_of(tx, person->id, std::move(asked));
}

int run(Site& site, const std::map<std::string, std::string>& options) {
    const std::optional<int> days = days_of(options);
    if (!days) return command_refused("--days: give a number from 1 to 365.");
    try {
        const auto token = transact(site, Actor::system("command tokens make"),
                                    [&](Tx& tx) { return make(tx, options, *days); });
        if (!token) return command_refused("There is no account with that username.");
        std::printf("%s\n", token->token.c_str());
        return 0;
    } catch (const Problem& problem) {
        std::string sentence = problem.errors().empty() ? problem.detail() : "";
        for (const FieldError& error : problem.errors()) sentence += error.field + ": " + error.message + " ";
        return command_refused(sentence);
    }
}

}  // namespace

Command make_token_command() {
    return {.name = "tokens make",
            .help = "Make a personal access token for an account, and print it this once",
            .options = {{.name = "username", .help = "whose", .required = true},
                        {.name = "name", .help = "what it is for", .required = true},
                        {.name = "grants", .help = "such as projects:read,projects:write", .required = true},
                        {.name = "days", .help = "how long it holds, 90 unless said, 365 at most"}},
            .run = run};
}

}  // namespace tamiti::auth
