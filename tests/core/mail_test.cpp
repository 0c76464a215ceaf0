#include "core/mail/mail.hpp"

#include <gtest/gtest.h>

#include <boost/json/object.hpp>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "core/mail/jobs.hpp"
#include "core/mail/mime.hpp"
#include "tests/support/smtp.hpp"
#include "tests/support/studio.hpp"

namespace tamiti::mail {
namespace {

/// The studio with other settings of mail for as long as a test runs.
class Mails : public test::Studio {
protected:
    Mails() : settings_(*site().settings), usual_(site().settings) { site().settings = &settings_; }
    ~Mails() override { site().settings = usual_; }

    /// As in production with that server.
    void use(const std::string& url) {
        settings_.env = "prod";
        settings_.mail_url = url;
    }

    static Message to(const std::string& address) {
        return {
            .to = address,
            .template_name = "reset_password",
            .values = {{"name", "Ada"}, {"link", link(site(), "/verify?token=secret")}, {"minutes", "30"}}};
    }
    static std::string send_to(const std::string& address) {
        return transact(site(), Actor::system(), [&](Tx& tx) { return mail::send(tx, to(address)); }).text();
    }
    static std::string of_mail(const std::string& column, const std::string& id) {
        return sql("SELECT (" + column + ")::text FROM core_mail WHERE id = $1", id);
    }
    static std::string of_job(const std::string& column, const std::string& mail) {
        return sql("SELECT (" + column +
                       ")::text FROM core_job WHERE kind = 'core.send_mail' AND "
                       "arguments->>'mail' = $1",
                   mail);
    }

    /// A page of the program that is no part of the API.
    static test::Answer page(const std::string& path) {
        http::Request request;
        request.path = path;
        request.host = "localhost";
        request.id = "0123456789abcdef0123456789abcdef";
        request.client_address = "127.0.0.1";
        http::Response response = pipeline().serve(request);
        return {response.status, std::move(response.body), std::move(response.headers)};
    }

    Settings settings_;

private:
    const Settings* usual_;
};

TEST_F(Mails, AreSentByAJobOnceTheirTransactionCommitted) {
    test::SmtpPeer server;
    use(server.url());
    const std::string id = send_to("ada@example.com");
    EXPECT_TRUE(server.mails().empty()) << "it was sent before the job ran";
    EXPECT_EQ(of_mail("state", id), "waiting");
    run_jobs();
    const auto mails = server.mails();
    ASSERT_EQ(mails.size(), 1U);
    const auto& headers = mails[0].at("headers").as_object();
    EXPECT_EQ(headers.at("To").as_string(), "ada@example.com");
    EXPECT_EQ(std::string(headers.at("Message-ID").as_string().c_str()),
              message_id(Uuid::parse(id).value(), host_of(site().origin)));
    const std::string text = mails[0].at("parts").as_object().at("text/plain").as_string().c_str();
    EXPECT_NE(text.find(site().origin + "/verify?token=secret"), text.npos);
    EXPECT_EQ(of_mail("state", id), "sent");
    EXPECT_EQ(of_mail("answer", id), "250 2.0.0 Taken as 4711");
    EXPECT_EQ(of_mail("body_text IS NULL AND body_html IS NULL", id), "true")
        << "the link stayed in the database";
    EXPECT_EQ(of_job("state", id), "done");
    run_jobs();
    EXPECT_EQ(server.mails().size(), 1U);
}

TEST_F(Mails, OfWhatRolledBackAreNeverSent) {
    test::SmtpPeer server;
    use(server.url());
    const std::string before = sql("SELECT count(*) FROM core_mail");
    EXPECT_THROW(transact(site(), Actor::system(),
                          [](Tx& tx) {
                              mail::send(tx, to("ada@example.com"));
                              throw std::runtime_error("something else went wrong");
                          }),
                 std::runtime_error);
    run_jobs();
    EXPECT_TRUE(server.mails().empty());
    EXPECT_EQ(sql("SELECT count(*) FROM core_mail"), before);
}

TEST_F(Mails, WithFaultsThrowBeforeAnythingIsWritten) {
    const std::string before = sql("SELECT count(*) FROM core_mail");
    transact(site(), Actor::system(), [](Tx& tx) {
        for (const char* wrong : {"", "ada", "ada@example.com\r\nBcc: eve@evil.example", "ada@example.com\n",
                                  "Ada <a@b.example>"})
            EXPECT_THROW(mail::send(tx, to(wrong)), std::logic_error) << wrong;
        Message unknown = to("ada@example.com");
        unknown.template_name = "no_such";
        EXPECT_THROW(mail::send(tx, unknown), std::logic_error);
        Message missing = to("ada@example.com");
        missing.values.pop_back();
        EXPECT_THROW(mail::send(tx, missing), std::logic_error);
    });
    EXPECT_EQ(sql("SELECT count(*) FROM core_mail"), before);
}

TEST_F(Mails, TakeWhateverCharactersAValueHas) {
    test::SmtpPeer server;
    use(server.url());
    std::string hostile;
    for (int byte = 1; byte < 0x20; ++byte) hostile += {static_cast<char>(byte), 'x'};
    hostile += "\x7f";
    for (int byte = 0x80; byte < 0xa0; ++byte) hostile += {'\xc2', static_cast<char>(byte), 'y'};
    hostile += "\u2028z\u2029\u202a\u2066\u200b\ufeff";
    Message message = to("ada@example.com");
    message.values[0].second = hostile;
    const std::string id =
        transact(site(), Actor::system(), [&](Tx& tx) { return mail::send(tx, message); }).text();
    EXPECT_EQ(of_mail("body_text ~ '[\\x01-\\x09\\x0b-\\x1f\\x7f-\\x9f\\u2028\\u2029]'", id), "false");
    EXPECT_EQ(of_mail("state", id), "waiting") << "it is not sent before it is";
    run_jobs();
    EXPECT_EQ(server.mails().size(), 1U);
    EXPECT_EQ(of_mail("state", id), "sent");
}

TEST_F(Mails, RefusedForGoodFailWithTheReasonAndAreNotTriedAgain) {
    test::SmtpPeer server;
    use(server.url());
    const std::string id = send_to("refused@example.com");
    run_jobs();
    EXPECT_EQ(of_mail("state", id), "failed");
    EXPECT_EQ(of_mail("last_error", id), "550 5.1.1 No such person here");
    EXPECT_EQ(of_job("state", id), "cancelled");
    make_jobs_due("core.send_mail");
    run_jobs();
    EXPECT_EQ(of_mail("attempts", id), "1");
}

TEST_F(Mails, ThatAreGreylistedComeLater) {
    test::SmtpPeer server;
    use(server.url());
    const std::string id = send_to("grey@example.com");
    run_jobs();
    EXPECT_EQ(of_mail("state", id), "waiting");
    EXPECT_EQ(of_mail("last_error", id), "451 4.7.1 Greylisted, come back later");
    EXPECT_EQ(of_job("run_at > now() + interval '15 seconds'", id), "true") << "it is tried again at once";
    EXPECT_TRUE(server.mails().empty());
    make_jobs_due("core.send_mail");
    run_jobs();
    EXPECT_EQ(of_mail("state", id), "sent");
    EXPECT_EQ(of_mail("attempts", id), "2");
    EXPECT_EQ(server.mails().size(), 1U);
}

TEST_F(Mails, WithoutAServerWait) {
    use("smtp://127.0.0.1:1");
    const std::string id = send_to("ada@example.com");
    run_jobs();
    EXPECT_EQ(of_mail("state", id), "waiting");
    EXPECT_FALSE(of_mail("last_error", id).empty());
    use("");
    make_jobs_due("core.send_mail");
    run_jobs();
    EXPECT_EQ(of_mail("last_error", id), "TAMITI_MAIL_URL is not set.");
    test::SmtpPeer server;
    use(server.url());
    make_jobs_due("core.send_mail");
    run_jobs();
    EXPECT_EQ(of_mail("state", id), "sent");
}

TEST_F(Mails, WhoseFateNobodyKnowsGoAgainUnderTheSameId) {
    test::SmtpPeer server;
    use(server.url());
    const std::string id = send_to("dropped@example.com");
    run_jobs();
    EXPECT_EQ(of_mail("state", id), "waiting");
    EXPECT_TRUE(of_mail("last_error", id).starts_with("It may have been sent")) << of_mail("last_error", id);
    make_jobs_due("core.send_mail");
    run_jobs();
    const auto mails = server.mails();
    ASSERT_EQ(mails.size(), 2U);
    EXPECT_EQ(mails[0].at("headers").as_object().at("Message-ID"),
              mails[1].at("headers").as_object().at("Message-ID"));
    transact(site(), Actor::system(), [&](Tx& tx) {
        tx.execute({"DELETE FROM core_mail WHERE id = {}", id});
    });
    make_jobs_due("core.send_mail");
    run_jobs();
    EXPECT_EQ(of_job("state", id), "done") << "a job whose mail is gone has nothing to do";
}

TEST_F(Mails, AreCaughtInDevelopmentAndShown) {
    const std::string id = send_to("ada@example.com");
    run_jobs();
    EXPECT_EQ(of_mail("state", id), "caught");
    const test::Answer list = page("/dev/mail");
    EXPECT_EQ(list.status, 200);
    EXPECT_NE(list.body.find("/dev/mail/" + id), std::string::npos);
    const test::Answer one = page("/dev/mail/" + id);
    EXPECT_EQ(one.status, 200);
    EXPECT_NE(one.body.find("/verify?token=secret"), std::string::npos);
    EXPECT_NE(one.header("Content-Security-Policy").find("default-src 'none'"), std::string::npos);
    EXPECT_EQ(page("/dev/mail/" + Uuid::make().text()).status, 404);
    EXPECT_EQ(page("/dev/mail/nonsense").status, 404);
    use("smtp://127.0.0.1:1");
    EXPECT_EQ(page("/dev/mail").status, 404) << "in production nobody reads others' mails";
    EXPECT_EQ(page("/dev/mail/" + id).status, 404);
}

TEST_F(Mails, AreWrittenToAFolderWhereOneIsGiven) {
    const std::filesystem::path folder =
        std::filesystem::temp_directory_path() / ("tamiti-" + Uuid::make().text());
    settings_.mail_url = "file://" + folder.string();
    const std::string id = send_to("ada@example.com");
    run_jobs();
    std::ifstream file(folder / (id + ".eml"), std::ios::binary);
    const std::string message((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    EXPECT_NE(message.find("\r\nTo: <ada@example.com>\r\n"), message.npos) << message;
    EXPECT_EQ(of_mail("state", id), "caught");
    std::filesystem::remove_all(folder);
}

TEST_F(Mails, AreForgottenAfterNinetyDays) {
    const std::string old = send_to("old@example.com");
    const std::string recent = send_to("recent@example.com");
    run_jobs();
    const std::string waiting = send_to("waiting@example.com");
    transact(site(), Actor::system(), [&](Tx& tx) {
        tx.execute({"UPDATE core_mail SET created_at = now() - interval '91 days' WHERE id IN ({}, {})", old,
                    waiting});
        tx.execute({"UPDATE core_mail SET created_at = now() - interval '89 days' WHERE id = {}", recent});
        purge_mails(tx, {});
    });
    EXPECT_EQ(of_mail("id", old), "");
    EXPECT_EQ(of_mail("id", recent), recent);
    EXPECT_EQ(of_mail("id", waiting), waiting) << "a mail that was not sent was thrown away";
}

}  // namespace
}  // namespace tamiti::mail
