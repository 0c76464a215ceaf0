#include "core/mail/jobs.hpp"

#include <boost/describe/class.hpp>
#include <filesystem>
#include <fstream>
#include <optional>

#include "core/jobs/job.hpp"
#include "core/mail/mime.hpp"
#include "core/mail/smtp.hpp"

namespace tamiti::mail {
namespace {

/// What the job reads of a mail.
struct StoredMail {
    std::string recipient{};
    std::string subject{};
    std::string body_text{};
    std::string body_html{};
    std::string language{};
    Timestamp created_at{};
};
BOOST_DESCRIBE_STRUCT(StoredMail, (), (recipient, subject, body_text, body_html, language, created_at))

/// The row as the job needs it; nothing where it is gone or not waiting any more.
std::optional<Letter> waiting_letter(Site& site, const Uuid& id) {
    return look(site, [&](ReadTx& tx) -> std::optional<Letter> {
        const auto mail =
            tx.find_one<StoredMail>({R"(SELECT recipient, subject, body_text, body_html, language, created_at
                FROM core_mail WHERE id = {} AND state = 'waiting')",
                                     id});
        if (!mail) return std::nullopt;
        return Letter{.id = id,
                      .host = host_of(site.origin),
                      .from = parse_mailbox(site.mail_from),
                      .to = mail->recipient,
                      .subject = mail->subject,
                      .text = mail->body_text,
                      .html = mail->body_html,
                      .language = mail->language,
                      .written_at = mail->created_at};
    });
}

// Written beside its place and moved there, so that whoever looks sees whole mails only.
void put_into_folder(const std::string& folder, const Letter& letter) {
    const std::filesystem::path place = std::filesystem::path(folder) / (letter.id.text() + ".eml");
    const std::filesystem::path fresh = place.string() + ".new";
    std::filesystem::create_directories(folder);
    std::ofstream file(fresh, std::ios::binary);
    file << compose(letter);
    file.close();
    if (!file) throw std::runtime_error("the mail can't be written to " + folder);
    std::filesystem::rename(fresh, place);
}

Delivery send_out(Site& site, const Letter& letter, bool& caught) {
    const std::string& url = site.settings->mail_url;
    caught = url.empty() ? site.settings->is_development() : url.starts_with("file://");
    if (url.empty() && !caught) return {.answer = "TAMITI_MAIL_URL is not set."};
    if (url.empty()) return {.outcome = Delivery::Outcome::sent, .answer = "caught: see tamiti mail list"};
    if (caught) {
        put_into_folder(url.substr(7), letter);
        return {.outcome = Delivery::Outcome::sent, .answer = "written to a folder"};
    }
    return deliver({.url = url, .greeting = letter.host}, letter.from.address, letter.to, compose(letter));
}

JobResult note_sent(Tx& tx, const Uuid& id, const Delivery& delivery, bool caught) {
    const bool keep = caught && tx.settings().is_development();
    tx.execute(Sql{R"(UPDATE core_mail
                      SET state = {}, sent_at = now(), attempts = attempts + 1, answer = {}, last_error = NULL,
                          body_text = CASE WHEN {} THEN body_text END, body_html = CASE WHEN {} THEN body_html END
                      WHERE id = {} AND state = 'waiting')",
                   caught ? "caught" : "sent", delivery.answer, keep, keep, id});
    return done();
}

JobResult note_refused(Tx& tx, const Uuid& id, const Delivery& delivery) {
    tx.execute(Sql{R"(UPDATE core_mail
                      SET state = 'failed', attempts = attempts + 1, answer = {}, last_error = {},
                          body_text = NULL, body_html = NULL
                      WHERE id = {} AND state = 'waiting')",
                   delivery.answer, delivery.answer, id});
    return cancel("The mail was refused for good: " + delivery.answer);
}

}  // namespace

JobResult send_mail(JobRun& run, const SendMail& job) {
    const auto id = Uuid::parse(job.mail);
    if (!id) return cancel("The job names no mail.");
    const auto letter = waiting_letter(run.site, *id);
    if (!letter) return done();
    bool caught = false;
    const Delivery delivery = send_out(run.site, *letter, caught);
    if (delivery.outcome == Delivery::Outcome::sent)
        return run.complete_with([&](Tx& tx) { return note_sent(tx, *id, delivery, caught); });
    if (delivery.outcome == Delivery::Outcome::refused)
        return run.complete_with([&](Tx& tx) { return note_refused(tx, *id, delivery); });
    const std::string why =
        delivery.is_unknown
            ? "It may have been sent; it goes again with the same Message-ID: " + delivery.answer
            : delivery.answer;
    run.transact([&](Tx& tx) {
        tx.execute(Sql{R"(UPDATE core_mail SET attempts = attempts + 1, last_error = {}
                          WHERE id = {} AND state = 'waiting')",
                       why, *id});
    });
    return retry(why);
}

JobResult purge_mails(Tx& tx, const PurgeMails& job) {
    tx.execute(Sql{R"(DELETE FROM core_mail
                      WHERE state <> 'waiting' AND created_at < now() - make_interval(days => {}::int))",
                   job.days});
    return done();
}

std::vector<JobKind> jobs() {
    using std::chrono::seconds;
    return {job<SendMail>(send_mail, {.queue = "mail",
                                      .max_attempts = 25,
                                      .timeout = seconds(60),
                                      .first_retry = seconds(30),
                                      .longest_retry = seconds(3600)}),
            job<PurgeMails>(purge_mails)};
}

std::vector<Schedule> schedules() {
    return {daily("03:40", PurgeMails{})};
}

}  // namespace tamiti::mail
