#include "core/mail/page.hpp"

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

http::Response list_page(ReadTx& tx) {
    const auto rows = tx.rows(
        "SELECT id, to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS'), state, recipient, "
        "subject "
        "FROM core_mail ORDER BY created_at DESC, id DESC LIMIT 100");
    std::string table = "<table>\n<tr><th>Written (UTC)</th><th>State</th><th>To</th><th>Subject</th></tr>\n";
    for (const db::Row row : rows)
        table += "<tr>" + cell(row.text(1)) + cell(row.text(2)) + cell(row.text(3)) +
                 "<td><a href=\"/dev/mail/" + std::string(row.text(0)) + "\">" + escape_html(row.text(4)) +
                 "</a></td></tr>\n";
    return page_of("Mails", rows.empty() ? "<p>There are none yet.</p>\n" : table + "</table>\n");
}

http::Response mail_page(ReadTx& tx, const Uuid& id) {
    const auto rows = tx.rows(
        "SELECT subject, recipient, state, coalesce(last_error, answer, ''), body_text, body_html "
        "FROM core_mail WHERE id = $1",
        id);
    if (rows.empty()) throw NotFound("There is no such mail.");
    const db::Row row = rows[0];
    std::string content = "<p><a href=\"/dev/mail\">All mails</a></p>\n<p>To " + escape_html(row.text(1)) +
                          ", " + escape_html(row.text(2)) + " " + escape_html(row.text(3)) + "</p>\n";
    if (row.is_null(5))
        return page_of(std::string(row.text(0)), content + "<p>It was erased when it was sent.</p>\n");
    // The mail is in a frame without scripts; its links open beside it.
    std::string frame(row.text(5));
    if (const std::size_t head = frame.find("<head>"); head != frame.npos)
        frame.insert(head + 6, "<base target=\"_blank\">");
    content += "<iframe sandbox=\"allow-popups allow-popups-to-escape-sandbox\" srcdoc=\"" +
               escape_html(frame) + "\"></iframe>\n<pre>" + escape_html(row.text(4));
    return page_of(std::string(row.text(0)), content + "</pre>\n");
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
