#include "core/mail/page.hpp"

#include <boost/describe/class.hpp>

#include "core/base/html.hpp"
#include "core/model/tx.hpp"

namespace tamiti::mail {
namespace {

http::Response page_of(const std::string& title, const std::string& content) {
    http::Response response;
    response.content_type = "text/html; charset=utf-8";
    response.body =
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>" +
        escape_html(title) +
        "</"
        "title>\n<style>body{font-family:sans-serif;margin:24px;max-width:960px}table{border-collapse:"
        "collapse}"
        "td,th{text-align:left;padding:4px 12px 4px 0}iframe{width:100%;height:480px;border:1px solid #ccc}"
        "pre{white-space:pre-wrap;background:#f4f4f4;padding:12px}</style>\n</head>\n<body>\n<h1>" +
        escape_html(title) + "</h1>\n" + content + "</body>\n</html>\n";
    response.set("Cache-Control", "no-store");
    response.set("Referrer-Policy", "no-referrer");
    response.set(
        "Content-Security-Policy",
        "default-src 'none'; style-src 'unsafe-inline'; img-src http: https: data:; frame-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    return response;
}

std::string cell(std::string_view text) {
    return "<td>" + escape_html(text) + "</td>";
}

struct Line {
    std::string id{};
    std::string written{};
    std::string state{};
    std::string recipient{};
    std::string subject{};
};
BOOST_DESCRIBE_STRUCT(Line, (), (id, written, state, recipient, subject))

http::Response list_page(ReadTx& tx) {
    const auto lines = tx.all<Line>(
        {R"(SELECT id, to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') AS written, state,
                   recipient, subject
            FROM core_mail ORDER BY created_at DESC, id DESC LIMIT 100)"});
    std::string table = "<table>\n<tr><th>Written (UTC)</th><th>State</th><th>To</th><th>Subject</th></tr>\n";
    for (const Line& line : lines)
        table += "<tr>" + cell(line.written) + cell(line.state) + cell(line.recipient) +
                 "<td><a href=\"/dev/mail/" + line.id + "\">" + escape_html(line.subject) +
                 "</a></td></tr>\n";
    return page_of("Mails", lines.empty() ? "<p>There are none yet.</p>\n" : table + "</table>\n");
}

struct Sheet {
    std::string subject{};
    std::string recipient{};
    std::string state{};
    std::string outcome{};
    std::optional<std::string> body_text{};
    std::optional<std::string> body_html{};
};
BOOST_DESCRIBE_STRUCT(Sheet, (), (subject, recipient, state, outcome, body_text, body_html))

http::Response mail_page(ReadTx& tx, const Uuid& id) {
    const auto mail = tx.find_one<Sheet>(
        {R"(SELECT subject, recipient, state, coalesce(last_error, answer, '') AS outcome, body_text, body_html
            FROM core_mail WHERE id = {})",
         id});
    if (!mail) throw NotFound("There is no such mail.");
    std::string content = "<p><a href=\"/dev/mail\">All mails</a></p>\n<p>To " +
                          escape_html(mail->recipient) + ", " + escape_html(mail->state) + " " +
                          escape_html(mail->outcome) + "</p>\n";
    if (!mail->body_html) return page_of(mail->subject, content + "<p>It was erased when it was sent.</p>\n");
    // The mail is in a frame without scripts; its links open beside it.
    std::string frame = *mail->body_html;
    if (const std::size_t head = frame.find("<head>"); head != frame.npos)
        frame.insert(head + 6, "<base target=\"_blank\">");
    content += "<iframe sandbox=\"allow-popups allow-popups-to-escape-sandbox\" srcdoc=\"" +
               escape_html(frame) + "\"></iframe>\n<pre>" + escape_html(mail->body_text.value_or(""));
    return page_of(mail->subject, content + "</pre>\n");
}

}  // namespace

std::optional<http::Response> dev_mail_page(Site& site, const std::vector<std::string>& segments) {
    const bool is_here =
        segments.size() >= 2 && segments.size() <= 3 && segments[0] == "dev" && segments[1] == "mail";
    if (!is_here || !site.settings->is_development()) return std::nullopt;
    return look(site, [&](ReadTx& tx) {
        if (segments.size() == 2) return list_page(tx);
        const auto id = Uuid::parse(segments[2]);
        if (!id) throw NotFound("There is no such mail.");
        return mail_page(tx, *id);
    });
}

}  // namespace tamiti::mail
