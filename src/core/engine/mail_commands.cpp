#include "core/engine/mail_commands.hpp"

#include <boost/describe/class.hpp>
#include <cstdio>

#include "core/base/console.hpp"
#include "core/site/site.hpp"

namespace tamiti::mail {
namespace {

using Options = std::map<std::string, std::string>;

struct Line {
    std::string id{};
    std::string written{};
    std::string state{};
    std::string recipient{};
    std::string subject{};
    std::string error{};
};
BOOST_DESCRIBE_STRUCT(Line, (), (id, written, state, recipient, subject, error))

int list(Site& site, const Options&) {
    look(site, [](ReadTx& tx) {
        const auto lines = tx.all<Line>(
            {R"(SELECT id, to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') AS written, state,
                       recipient, subject, coalesce(last_error, '') AS error
                FROM core_mail ORDER BY created_at DESC, id DESC LIMIT 50)"});
        if (lines.empty()) std::printf("There are no mails.\n");
        for (const Line& line : lines)
            std::printf("%s  %s  %-7s  %s  %s%s\n", line.id.c_str(), line.written.c_str(), line.state.c_str(),
                        line.recipient.c_str(), line.subject.c_str(),
                        line.error.empty() ? "" : ("  (" + line.error + ")").c_str());
    });
    return 0;
}

struct Sheet {
    std::string recipient{};
    std::string subject{};
    std::string state{};
    std::string attempts{};
    std::string answer{};
    std::string last_error{};
    std::string body{};
};
BOOST_DESCRIBE_STRUCT(Sheet, (), (recipient, subject, state, attempts, answer, last_error, body))

void print(const char* label, const std::string& text) {
    if (!text.empty()) std::printf("%-11s %s\n", label, text.c_str());
}

int show(Site& site, const Options& options) {
    const auto id = Uuid::parse(options.at("id"));
    if (!id) return command_refused("That is no id of a mail; tamiti mail list shows them.");
    return look(site, [&](ReadTx& tx) {
        const auto mail =
            tx.find_one<Sheet>({R"(SELECT recipient, subject, state, attempts, coalesce(answer, '') AS answer,
                       coalesce(last_error, '') AS last_error,
                       coalesce(body_text, '(erased after it was sent)') AS body
                FROM core_mail WHERE id = {})",
                                *id});
        if (!mail) return command_refused("There is no mail with that id.");
        print("To:", mail->recipient);
        print("Subject:", mail->subject);
        print("State:", mail->state);
        print("Attempts:", mail->attempts);
        print("Answer:", mail->answer);
        print("Last error:", mail->last_error);
        std::printf("\n%s\n", mail->body.c_str());
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
