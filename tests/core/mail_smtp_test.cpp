#include <gtest/gtest.h>

#include <boost/json/object.hpp>

#include "core/mail/mime.hpp"
#include "core/mail/smtp.hpp"
#include "tests/support/smtp.hpp"

namespace tamiti::mail {
namespace {

using Outcome = Delivery::Outcome;

constexpr const char* sender = "studio@studio.example";

std::string text_of(const boost::json::object& mail, const char* member, const char* name) {
    return std::string(mail.at(member).as_object().at(name).as_string().c_str());
}

Delivery deliver_to(const test::SmtpPeer& server, const std::string& recipient,
                    const std::string& user_info = {}, int milliseconds = 20'000) {
    const Letter letter{.id = Uuid::make(),
                        .host = "studio.example",
                        .from = {"Tamiti Stüdio", sender},
                        .to = recipient,
                        .subject = "Thibitisha “anwani” yako",
                        .text = ".\n..hello é\n" + std::string(300, 'x') + "\nFrom me\n",
                        .html = "<p>é</p>\n",
                        .written_at = Clock{}.now()};
    return deliver({.url = server.url(user_info),
                    .greeting = "studio.example",
                    .timeout = std::chrono::milliseconds(milliseconds)},
                   sender, recipient, compose(letter));
}

TEST(MailSmtp, ArrivesAsItWasWritten) {
    test::SmtpPeer server;
    const Delivery delivery = deliver_to(server, "ada@example.com");
    ASSERT_EQ(delivery.outcome, Outcome::sent) << delivery.answer;
    EXPECT_EQ(delivery.answer, "250 2.0.0 Taken as 4711");
    const auto mails = server.mails();
    ASSERT_EQ(mails.size(), 1U);
    EXPECT_EQ(mails[0].at("sender").as_string(), sender);
    EXPECT_EQ(mails[0].at("recipients").as_array(), boost::json::array({"ada@example.com"}));
    EXPECT_EQ(mails[0].at("host").as_string(), "studio.example");
    EXPECT_EQ(mails[0].at("defects").as_int64(), 0);
    EXPECT_LE(mails[0].at("longest").as_int64(), 78);
    EXPECT_EQ(text_of(mails[0], "headers", "Subject"), "Thibitisha “anwani” yako");
    EXPECT_EQ(text_of(mails[0], "headers", "From"), "Tamiti Stüdio <studio@studio.example>");
    EXPECT_EQ(text_of(mails[0], "headers", "Auto-Submitted"), "auto-generated");
    EXPECT_EQ(text_of(mails[0], "parts", "text/plain"),
              ".\n..hello é\n" + std::string(300, 'x') + "\nFrom me\n");
    EXPECT_EQ(text_of(mails[0], "parts", "text/html"), "<p>é</p>\n");
}

TEST(MailSmtp, TellsRefusalsForGoodFromThoseForNow) {
    test::SmtpPeer server;
    const Delivery refused = deliver_to(server, "refused@example.com");
    EXPECT_EQ(refused.outcome, Outcome::refused);
    EXPECT_EQ(refused.answer, "550 5.1.1 No such person here");
    const Delivery full = deliver_to(server, "full@example.com");
    EXPECT_EQ(full.outcome, Outcome::refused);
    EXPECT_EQ(full.answer, "552 5.2.2 The mailbox is full");
    EXPECT_FALSE(full.is_unknown);
    const Delivery grey = deliver_to(server, "grey@example.com");
    EXPECT_EQ(grey.outcome, Outcome::later);
    EXPECT_EQ(grey.answer, "451 4.7.1 Greylisted, come back later");
    EXPECT_EQ(deliver_to(server, "grey@example.com").outcome, Outcome::sent);
}

TEST(MailSmtp, GivesUpOnAServerThatHangs) {
    test::SmtpPeer server;
    const auto began = std::chrono::steady_clock::now();
    const Delivery hangs = deliver_to(server, "hang@example.com", {}, 1'000);
    EXPECT_EQ(hangs.outcome, Outcome::later);
    EXPECT_FALSE(hangs.is_unknown) << "the message was never sent";
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(4));
    EXPECT_TRUE(server.mails().empty());
}

TEST(MailSmtp, KnowsWhenNobodyKnows) {
    test::SmtpPeer server;
    const Delivery dropped = deliver_to(server, "dropped@example.com");
    EXPECT_EQ(dropped.outcome, Outcome::later);
    EXPECT_TRUE(dropped.is_unknown) << dropped.answer;
    const Delivery silent = deliver_to(server, "silent@example.com", {}, 2'000);
    EXPECT_EQ(silent.outcome, Outcome::later);
    EXPECT_TRUE(silent.is_unknown) << silent.answer;
    EXPECT_EQ(server.mails().size(), 2U);
}

TEST(MailSmtp, SignsInAndBlamesAWrongPasswordOnNobody) {
    test::SmtpPeer server("a word");
    EXPECT_EQ(deliver_to(server, "ada@example.com", "studio:a%20word@").outcome, Outcome::sent);
    EXPECT_TRUE(server.mails().at(0).at("signed_in").as_bool());
    for (const char* user : {"", "studio:wrong@"}) {
        const Delivery delivery = deliver_to(server, "ada@example.com", user);
        EXPECT_EQ(delivery.outcome, Outcome::later) << user << delivery.answer;
        EXPECT_EQ(delivery.answer.find("wrong"), std::string::npos) << "the password must not be told";
    }
    EXPECT_EQ(server.mails().size(), 1U);
}

TEST(MailSmtp, SaysWhatIsWrongWithAServer) {
    test::SmtpPeer server("a word");
    EXPECT_EQ(smtp_fault({.url = server.url("studio:a%20word@")}), std::nullopt);
    EXPECT_TRUE(smtp_fault({.url = server.url("studio:wrong@")}));
    EXPECT_TRUE(smtp_fault({.url = "smtp://127.0.0.1:1"}));
    EXPECT_EQ(deliver({.url = "smtp://127.0.0.1:1"}, sender, "ada@example.com", "x").outcome, Outcome::later);
}

TEST(MailSmtp, SendsNoPasswordInTheClearToAnotherHost) {
    test::SmtpPeer server("a word");
    std::string url = server.url("studio:a%20word@");
    EXPECT_EQ(smtp_fault({.url = url}), std::nullopt);
    // The same server under a name that isn't known to be this host.
    url.replace(url.find("127.0.0.1"), 9, "0.0.0.0");
    const auto fault = smtp_fault({.url = url});
    ASSERT_TRUE(fault) << "it signed in without TLS";
}

}  // namespace
}  // namespace tamiti::mail
