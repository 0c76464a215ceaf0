#include "core/engine/mail_commands.hpp"

#include <cstdio>

#include "core/base/console.hpp"
#include "core/site/site.hpp"

namespace tamiti::mail {
namespace {

using Options = std::map<std::string, std::string>;

int list(Site& site, const Options&) {
    look(site, [](ReadTx& tx) {
        const auto rows = tx.rows(
            "SELECT id, to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS'), state, recipient, "
            "subject, "
            "coalesce(last_error, '') FROM core_mail ORDER BY created_at DESC, id DESC LIMIT 50");
        if (rows.empty()) std::printf("There are no mails.\n");
        for (const db::Row row : rows) {
            const std::string error(row.text(5));
            std::printf("%s  %s  %-7s  %s  %s%s\n", std::string(row.text(0)).c_str(),
                        std::string(row.text(1)).c_str(), std::string(row.text(2)).c_str(),
                        std::string(row.text(3)).c_str(), std::string(row.text(4)).c_str(),
                        error.empty() ? "" : ("  (" + error + ")").c_str());
        }
    });
    return 0;
}

int show(Site& site, const Options& options) {
    const auto id = Uuid::parse(options.at("id"));
    if (!id) return command_refused("That is no id of a mail; tamiti mail list shows them.");
    return look(site, [&](ReadTx& tx) {
        const auto rows = tx.rows(
            "SELECT recipient, subject, state, attempts, coalesce(answer, ''), coalesce(last_error, ''), "
            "coalesce(body_text, '(erased after it was sent)') FROM core_mail WHERE id = $1",
            *id);
        if (rows.empty()) return command_refused("There is no mail with that id.");
        const db::Row row = rows[0];
        const char* labels[] = {"To", "Subject", "State", "Attempts", "Answer", "Last error"};
        for (int column = 0; column < 6; ++column)
            if (!row.text(column).empty())
                std::printf("%-11s %s\n", (std::string(labels[column]) + ":").c_str(),
                            std::string(row.text(column)).c_str());
        std::printf("\n%s\n", std::string(row.text(6)).c_str());
        return 0;
    });
}

}  // namespace

std::vector<Command> commands() {
    return {
        {.name = "mail list", .help = "Print the latest mails, the newest first", .run = list},
        {.name = "mail show",
         .help = "Print one mail",
         .options =
             {{.name = "id", .help = "as tamiti mail list prints it", .required = true, .positional = true}},
         .run = show},
    };
}

}  // namespace tamiti::mail
