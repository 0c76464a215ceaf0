#include "core/mail/mime.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace tamiti::mail {
namespace {

Letter letter() {
    return {.id = Uuid::parse("0199f3f0-0000-7000-8000-000000000001").value(),
            .host = "studio.example",
            .from = {"Tamiti Studio", "studio@studio.example"},
            .to = "ada@example.com",
            .subject = "Hello",
            .text = "Hello\n",
            .html = "<p>Hello</p>\n",
            .written_at = parse_timestamp("2026-11-22T14:05:09Z").value()};
}

TEST(MailMime, WritesAWholeMessage) {
    const std::string boundary = "=_0199f3f0-0000-7000-8000-000000000001";
    EXPECT_EQ(compose(letter()),
              "Date: Sun, 22 Nov 2026 14:05:09 +0000\r\n"
              "From: \"Tamiti Studio\" <studio@studio.example>\r\n"
              "To: <ada@example.com>\r\n"
              "Subject: Hello\r\n"
              "Message-ID: <0199f3f0-0000-7000-8000-000000000001@studio.example>\r\n"
              "Auto-Submitted: auto-generated\r\n"
              "Content-Language: en\r\n"
              "MIME-Version: 1.0\r\n"
              "Content-Type: multipart/alternative;\r\n boundary=\"" +
                  boundary + "\"\r\n\r\n--" + boundary +
                  "\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: "
                  "quoted-printable\r\n\r\n"
                  "Hello\r\n\r\n--" +
                  boundary +
                  "\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: "
                  "quoted-printable\r\n\r\n"
                  "<p>Hello</p>\r\n\r\n--" +
                  boundary + "--\r\n");
}

TEST(MailMime, LetsNoValueAddAHeader) {
    Letter hostile = letter();
    hostile.subject = "Hello\r\nBcc: eve@evil.example";
    hostile.from.name = "Studio\"\r\nBcc: eve@evil.example";
    const std::string message = compose(hostile);
    EXPECT_EQ(message.find("\r\nBcc"), message.npos);
    EXPECT_NE(message.find("From: \"Studio\\\"  Bcc: eve@evil.example\" <studio@studio.example>\r\n"),
              message.npos)
        << message;
    for (const char* wrong : {"", "ada@example.com\r\nBcc: x", "ada@example.com\n", "ada@example.com> SIZE=1",
                              "a b@c.d", "a@b.c,d@e.f", "\xc3\xa4@b.c"}) {
        Letter to = letter();
        to.to = wrong;
        EXPECT_THROW(compose(to), std::logic_error) << wrong;
        Letter from = letter();
        from.from.address = wrong;
        EXPECT_THROW(compose(from), std::logic_error) << wrong;
    }
}

TEST(MailMime, EncodesHeadersThatAreNotAscii) {
    EXPECT_EQ(encoded_header("plain"), "plain");
    EXPECT_EQ(encoded_header("Été"), "=?utf-8?B?w4l0w6k=?=");
    EXPECT_EQ(encoded_header("=?utf-8?Q?forged?="), "=?utf-8?B?PT91dGYtOD9RP2ZvcmdlZD89?=");
    std::string lengthy;
    for (int i = 0; i < 100; ++i) lengthy += "é";
    std::size_t begin = 0;
    const std::string encoded = encoded_header(lengthy);
    for (std::size_t end = encoded.find("\r\n"); end != encoded.npos; end = encoded.find("\r\n", begin)) {
        EXPECT_LE(end - begin, 76U);
        begin = end + 2;
    }
    EXPECT_GT(begin, 0U) << "it must be folded";
}

TEST(MailMime, FoldsSubjectsAtSeventySixCharacters) {
    const auto lines_of = [](std::string subject) {
        Letter about = letter();
        about.subject = std::move(subject);
        const std::string mail = compose(about);
        std::vector<std::string> lines;
        std::size_t at = mail.find("Subject: ");
        do {
            const std::size_t end = mail.find("\r\n", at);
            lines.push_back(mail.substr(at, end - at));
            at = end + 2;
        } while (mail[at] == ' ');
        return lines;
    };
    std::string words, accents;
    for (int i = 0; i < 30; ++i) words += i ? " festival" : "festival";
    for (int i = 0; i < 60; ++i) accents += "fête ";
    for (const std::string& subject : {words, accents, std::string(140, 'x')}) {
        const auto lines = lines_of(subject);
        EXPECT_GT(lines.size(), 1U) << subject;
        for (const std::string& line : lines) EXPECT_LE(line.size(), 76U) << line;
    }
    std::string whole;
    for (const std::string& line : lines_of(words)) whole += line;
    EXPECT_EQ(whole, "Subject: " + words) << "unfolded it is as it was";
    EXPECT_EQ(lines_of("Your festival"), std::vector<std::string>{"Subject: Your festival"});
}

TEST(MailMime, EncodesBodies) {
    EXPECT_EQ(quoted_printable("a=b"), "a=3Db");
    EXPECT_EQ(quoted_printable("é"), "=C3=A9");
    EXPECT_EQ(quoted_printable("end \nnext\t"), "end=20\r\nnext=09");
    EXPECT_EQ(quoted_printable(".\n.."), "=2E\r\n=2E.");
    EXPECT_EQ(quoted_printable("a\rb"), "a=0Db");
    const std::string wide = quoted_printable(std::string(1000, 'x') + "\n" + std::string(500, '='));
    std::size_t begin = 0;
    for (std::size_t end = wide.find("\r\n"); end != wide.npos; end = wide.find("\r\n", begin)) {
        EXPECT_LE(end - begin, 76U);
        begin = end + 2;
    }
}

TEST(MailMime, ReadsSenders) {
    EXPECT_EQ(parse_mailbox("Tamiti Studio <a@b.c>").name, "Tamiti Studio");
    EXPECT_EQ(parse_mailbox("Tamiti Studio <a@b.c>").address, "a@b.c");
    EXPECT_EQ(parse_mailbox("\"Ink, Co\" <a@b.c>").name, "Ink, Co");
    EXPECT_EQ(parse_mailbox("a@b.c").name, "");
    EXPECT_EQ(parse_mailbox("a@b.c").address, "a@b.c");
    EXPECT_EQ(host_of("https://studio.example"), "studio.example");
    EXPECT_EQ(host_of("http://127.0.0.1:8000"), "127.0.0.1");
}

}  // namespace
}  // namespace tamiti::mail
