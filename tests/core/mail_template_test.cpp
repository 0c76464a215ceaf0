#include "core/mail/template.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>

#include "core/mail/mail.hpp"
#include "core/site/site.hpp"

namespace tamiti::mail {
namespace {

struct Branded {
    Settings settings;
    Site site;
    Branded() {
        site.settings = &settings;
        site.origin = "https://studio.example";
        site.colour = "#123456";
    }
};

std::string fault_of(const std::string& text) {
    try {
        parse_template("sample", text);
    } catch (const std::logic_error& error) {
        return error.what();
    }
    return "none";
}

constexpr const char* sample =
    "subject: Hello {{name}}\nname: Ada\nlink: https://a.example/\nwords: Yes\n\n"
    "Dear {{name}} of {{site}},\nwelcome & enjoy.\n\n=> Look: {{link}}\n\n> {{words}}\n";

TEST(MailTemplates, AreThereInEveryLanguageForEveryMailThatPeopleGet) {
    const std::set<std::string> wanted = {"verify_address",
                                          "reset_password",
                                          "password_changed",
                                          "new_sign_in",
                                          "session_ended_reuse",
                                          "invitation",
                                          "address_changed_old",
                                          "confirm_new_address",
                                          "account_deactivated",
                                          "registration_known",
                                          "second_factor_changed",
                                          "personal_token_expiring",
                                          "export_ready",
                                          "mention",
                                          "password_set_by_operator"};
    std::map<std::string, std::set<std::string>> found;
    for (const Template& one : templates()) found[one.language].insert(one.name);
    ASSERT_EQ(found.size(), 3U);
    EXPECT_EQ(found["sw"], found["en"]);
    EXPECT_EQ(found["fr"], found["en"]);
    for (const std::string& name : wanted) EXPECT_TRUE(found["en"].contains(name)) << name;
}

TEST(MailTemplates, FillInFromTheirOwnSamples) {
    Branded studio;
    for (const Template& one : templates()) {
        const std::string file = one.name + "." + one.language;
        const Rendered made = render(studio.site, one, one.samples);
        EXPECT_FALSE(made.subject.empty()) << file;
        for (const std::string& part : {made.subject, made.text, made.html}) {
            EXPECT_EQ(part.find("{{"), part.npos) << file << "\n" << part;
            EXPECT_EQ(part.find("}}"), part.npos) << file << "\n" << part;
        }
        for (const auto& [name, value] : one.samples)
            EXPECT_NE((made.text + made.subject).find(value), std::string::npos) << file << " lacks " << name;
        EXPECT_NE(made.html.find("#123456"), std::string::npos) << file;
        EXPECT_NE(made.html.find("lang=\"" + one.language + "\""), std::string::npos) << file;
        EXPECT_EQ(one.samples.size(), template_named(one.name, "en").samples.size()) << file;
    }
}

TEST(MailTemplates, FallBackToEnglish) {
    EXPECT_EQ(template_named("verify_address", "fr").language, "fr");
    EXPECT_EQ(template_named("verify_address", "sw-KE").language, "sw");
    EXPECT_EQ(template_named("verify_address", "tlh").language, "en");
    EXPECT_EQ(template_named("verify_address", "").language, "en");
    EXPECT_THROW(template_named("no_such", "en"), std::logic_error);
    EXPECT_THROW(template_named("layout", "html"), std::logic_error);
}

TEST(MailTemplates, SayTheSameInTextAndHtml) {
    Branded studio;
    studio.site.name = "Ink & Co";
    const Rendered made =
        render(studio.site, parse_template("sample", sample),
               {{"name", "Ada <b>"}, {"link", "https://a.example/?x=1&y=2"}, {"words", "One\nTwo <i>"}});
    EXPECT_EQ(made.subject, "Hello Ada <b>");
    EXPECT_EQ(made.text,
              "Dear Ada <b> of Ink & Co,\nwelcome & enjoy.\n\nLook:\nhttps://a.example/?x=1&y=2\n\n"
              "> One\n> Two <i>\n\n-- \nInk & Co\nhttps://studio.example\n");
    EXPECT_NE(made.html.find("<p>Dear Ada &lt;b&gt; of Ink &amp; Co, welcome &amp; enjoy.</p>"),
              std::string::npos);
    EXPECT_NE(made.html.find("href=\"https://a.example/?x=1&amp;y=2\""), std::string::npos) << made.html;
    EXPECT_NE(made.html.find(">One<br>\nTwo &lt;i&gt;</blockquote>"), std::string::npos) << made.html;
    EXPECT_EQ(made.html.find("<img"), std::string::npos);
    studio.site.logo = "https://studio.example/logo.png";
    const Rendered with_logo = render(studio.site, parse_template("sample", sample),
                                      {{"name", "A"}, {"link", "https://a.example/"}, {"words", "W"}});
    EXPECT_NE(with_logo.html.find("<img src=\"https://studio.example/logo.png\" alt=\"Ink &amp; Co\""),
              std::string::npos);
}

TEST(MailTemplates, MayNameTheirValuesAsTheLayoutDoes) {
    Branded studio;
    const Template one =
        parse_template("sample",
                       "subject: News\ntext: T\nhtml: H\nsubject_of: S\norigin: O\nlanguage: L\n"
                       "logo: G\n\n{{html}} {{origin}} {{language}} {{logo}} {{subject_of}}\n\n> {{text}}\n");
    const Rendered made = render(studio.site, one,
                                 {{"text", "their text"},
                                  {"html", "their html"},
                                  {"origin", "their origin"},
                                  {"language", "their language"},
                                  {"logo", "their logo"},
                                  {"subject_of", "S"}});
    EXPECT_EQ(made.text, "their html their origin their language their logo S\n\n> their text\n\n-- \n" +
                             studio.site.name + "\n" + studio.site.origin + "\n");
    EXPECT_NE(made.html.find("<p>their html their origin their language their logo S</p>"),
              std::string::npos);
    EXPECT_NE(made.html.find(">their text</blockquote>"), std::string::npos) << made.html;
}

TEST(MailTemplates, RefuseMissingAndUnknownValues) {
    Branded studio;
    const Template one = parse_template("sample", sample);
    const Values whole = {{"name", "A"}, {"link", "https://a.example/"}, {"words", "W"}};
    EXPECT_NO_THROW(render(studio.site, one, whole));
    for (std::size_t left_out = 0; left_out < whole.size(); ++left_out) {
        Values some = whole;
        some.erase(some.begin() + static_cast<std::ptrdiff_t>(left_out));
        EXPECT_THROW(render(studio.site, one, some), std::logic_error) << whole[left_out].first;
    }
    Values more = whole;
    more.emplace_back("colour", "red;}");
    EXPECT_THROW(render(studio.site, one, more), std::logic_error);
}

TEST(MailTemplates, PutOnlyWebAddressesOnButtons) {
    Branded studio;
    const Template one = parse_template("sample", sample);
    for (const char* wrong : {"", "javascript:alert(1)", "data:text/html,x", "//a.example",
                              "https://a.example/\"onx=", "https://a.example/ b",
                              "https://a.example/\r\nBcc: x", "https://a.example/\xc3\xa4"})
        EXPECT_THROW(render(studio.site, one, {{"name", "A"}, {"link", wrong}, {"words", "W"}}),
                     std::logic_error)
            << wrong;
}

TEST(MailTemplates, TameTheWordsOfStrangers) {
    Branded studio;
    const Template one = parse_template("sample", sample);
    const auto subject_for = [&](const std::string& name) {
        return render(studio.site, one, {{"name", name}, {"link", "https://a.example/"}, {"words", "W"}})
            .subject;
    };
    EXPECT_EQ(subject_for("A\r\nBcc: eve@evil.example"), "Hello A Bcc: eve@evil.example");
    EXPECT_EQ(subject_for("win at https://evil.example"), "Hello win at https: / /evil.example");
    EXPECT_EQ(subject_for("\xe2\x80\xae"
                          "Ada\xe2\x81\xa9"),
              "Hello Ada");
    EXPECT_EQ(subject_for("{{link}} {{{link}}}"), "Hello {{link}} {{{link}}}")
        << "a value was taken for a template";
    EXPECT_LE(subject_for(std::string(5000, 'a')).size(), 160U);
    EXPECT_THROW(subject_for("\xff"), std::logic_error);
    const Rendered umlauts = render(
        studio.site, one, {{"name", "A"}, {"link", "https://a.example/"}, {"words", std::string(4000, 'w')}});
    EXPECT_LT(umlauts.text.size(), 2300U);
}

TEST(MailTemplates, AreRefusedWithTheirFault) {
    EXPECT_EQ(fault_of(sample), "none");
    const std::string prefix = "templates/mail/sample.mustache: ";
    EXPECT_EQ(fault_of("subject: A"), prefix + "a blank line must follow the head");
    EXPECT_EQ(fault_of("name: A\n\nHello {{name}}\n"), prefix + "it has no subject");
    EXPECT_EQ(fault_of("subject: A\nnonsense\n\nHello\n"),
              prefix + "a line of the head must be like name: value");
    EXPECT_EQ(fault_of("subject: A\n\nHello {{name}}\n"), prefix + "the head lacks name");
    EXPECT_EQ(fault_of("subject: A\nname: B\n\nHello\n"), prefix + "nothing uses name");
    EXPECT_EQ(fault_of("subject: A\nname: B\n\nHello {{#name}}x{{/name}}\n"),
              prefix + "a tag must be like {{name}}");
    EXPECT_EQ(fault_of("subject: A\nname: B\n\nHello {{{name}}}\n"), prefix + "a tag must be like {{name}}");
    EXPECT_EQ(fault_of("subject: A\nlink: B\n\n=> Go {{link}}\n"),
              prefix + "a button must be like => Label: {{link}}");
}

TEST(MailLink, StartsWithTheOriginOfTheSite) {
    Branded studio;
    EXPECT_EQ(link(studio.site, "/verify?token=abc"), "https://studio.example/verify?token=abc");
    EXPECT_THROW(link(studio.site, "verify"), std::logic_error);
    EXPECT_THROW(link(studio.site, "//evil.example"), std::logic_error);
}

}  // namespace
}  // namespace tamiti::mail
