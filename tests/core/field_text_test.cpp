#include "tests/core/field_tables.hpp"

namespace tamiti {
namespace {

std::string in_quotes(std::string_view text) {
    std::string out;
    json::append_string(out, text);
    return out;
}

TEST(FieldText, TakesOneLineWithoutBlanksAround) {
    expect_accepted(
        field_of(text_type()),
        {
            {R"("Launch film")", "Launch film", R"("Launch film")"},
            {R"("")", "", R"("")"},
            {R"("  two  blanks ")", "two  blanks", R"("two  blanks")"},
            {R"("Zoe\u0308\u200b\n")", "Zoë", R"("Zoë")"},
            {R"("\u202Egpj.exe")", "gpj.exe", R"("gpj.exe")"},
            {R"("Müller \"&\" \\ 🎬")", "Müller \"&\" \\ 🎬", R"("Müller \"&\" \\ 🎬")"},
            {in_quotes(std::string(200, 'x')), std::string(200, 'x'), in_quotes(std::string(200, 'x'))},
        });
}

TEST(FieldText, RefusesWhatIsNotOneLineOfText) {
    expect_refused(field_of(text_type()),
                   {
                       {"1", "Must be a string, not a number."},
                       {"true", "Must be a string, not true."},
                       {"[]", "Must be a string, not a list."},
                       {"{}", "Must be a string, not an object."},
                       {R"("two\nlines")", "Must be one line without tabs or control characters."},
                       {R"("a\tb")", "Must be one line without tabs or control characters."},
                       {R"("bell\u0007")", "Must be one line without tabs or control characters."},
                       {R"("two\u2028lines")", "Must be one line without tabs or control characters."},
                       {R"("it\u0092s")", "Must be one line without tabs or control characters."},
                       {in_quotes(std::string(201, 'x')), "Must have at most 200 characters, not 201."},
                   });
}

TEST(FieldText, OfAPersonsNameHoldsNoAddress) {
    const Field name = field_of(text_type(), {.names_person = true});
    for (const std::string good :
         {"Achieng", "J.R. Okello", "J.R.Okello", "Dr. Ng'ang'a", "Mary-Jane O.", "Zoë"})
        expect_accepted(name, {{in_quotes(good), good, in_quotes(good)}});
    const std::string sentence =
        "A name holds no address of a web site or of mail: leave a blank behind a point.";
    for (const std::string bad : {"Win at evil.example", "www.x.co", "t.co/x", "ada@mail.test", "https://x",
                                  "Ada. x.com", "bücher.example"})
        expect_refused(name, {{in_quotes(bad), sentence}});
}

TEST(FieldText, CountsCharactersNotBytes) {
    const Field field = field_of(text_type(), {.max_length = 3});
    expect_accepted(field, {{R"("🎬🎬🎬")", "🎬🎬🎬", R"("🎬🎬🎬")"}});
    expect_refused(field, {{R"("🎬🎬🎬🎬")", "Must have at most 3 characters, not 4."}});
}

TEST(FieldText, TakesAPasswordAsItIs) {
    expect_accepted(field_of(text_type(), {.verbatim = true}),
                    {{R"(" e\u0301\u00a0 ")", " e\u0301\u00a0 ", in_quotes(" e\u0301\u00a0 ")}});
}

TEST(FieldText, FiltersMeanWhatIsUnique) {
    const Field plain = field_of(text_type()), unique = field_of(text_type(), {.unique = true});
    EXPECT_EQ(text_type().equals(plain, "t", 3), "t.value = $3::text");
    EXPECT_EQ(text_type().equals(unique, "t", 3), "core_same(t.value) = core_same($3::text)");
    EXPECT_EQ(text_type().one_of(unique, "t", 3),
              "core_same(t.value) = ANY(ARRAY(SELECT core_same(one) FROM unnest($3::text[]) AS one))");
}

TEST(FieldText, IsEmptyWhenNothingOfItIsVisible) {
    EXPECT_TRUE(text_type().is_empty(""));
    EXPECT_TRUE(text_type().is_empty("\u200b\u3164"));
    EXPECT_TRUE(text_type().is_empty(" \t "));
    EXPECT_FALSE(text_type().is_empty(" x "));
}

TEST(FieldText, DeclaresItsLimits) {
    EXPECT_EQ(schema_of(field_of(text_type())), R"({"type":"string","maxLength":200})");
    EXPECT_EQ(schema_of(field_of(text_type(), {.required = true, .max_length = 80})),
              R"({"type":"string","minLength":1,"maxLength":80})");
    EXPECT_EQ(schema_of(field_of(long_text_type())), R"({"type":"string","maxLength":20000})");
}

TEST(FieldText, RefusesAFilterThatIsNotUtf8) {
    EXPECT_EQ(from_text(field_of(text_type()), "film"), "film");
    EXPECT_EQ(from_text(field_of(text_type()), "\xff"), "!Must be UTF-8.");
    EXPECT_EQ(from_text(field_of(text_type()), "a\nb"),
              "!Must be one line without tabs or control characters.");
}

TEST(FieldLongText, TakesParagraphs) {
    const Field field = field_of(long_text_type());
    expect_accepted(field,
                    {{R"("One.\n\n\tTwo.\r\n")", "One.\n\n\tTwo.", R"("One.\n\n\tTwo.")"},
                     {R"("One.\u2028Two.\u0085Three.")", "One.\nTwo.\nThree.", R"("One.\nTwo.\nThree.")"}});
    expect_refused(
        field, {
                   {R"("\u001b[31m")", "Must have no control characters other than tabs and line breaks."},
                   {R"("a\u2066hidden")", "Must have no control characters other than tabs and line breaks."},
                   {in_quotes(std::string(20'001, 'x')), "Must have at most 20000 characters, not 20001."},
               });
}

TEST(FieldEmail, KeepsTheAddressWithALowerCaseDomain) {
    expect_accepted(field_of(email_type()),
                    {
                        {R"("ada@studio.example")", "ada@studio.example", R"("ada@studio.example")"},
                        {R"(" Ada.L+film@Studio.EXAMPLE ")", "Ada.L+film@studio.example",
                         R"("Ada.L+film@studio.example")"},
                        {R"("")", "", R"("")"},
                    });
}

TEST(FieldEmail, RefusesWhatIsNoAddress) {
    const std::string sentence = "Must be a mail address such as ada@studio.example.";
    expect_refused(field_of(email_type()), {
                                               {R"("ada")", sentence},
                                               {R"("ada@studio")", sentence},
                                               {R"("a@b@studio.example")", sentence},
                                               {R"("ada @studio.example")", sentence},
                                               {"7", "Must be a string, not a number."},
                                               {in_quotes(std::string(250, 'a') + "@b.example"),
                                                "Must have at most 254 characters, not 260."},
                                           });
}

TEST(FieldEmail, TakesABlankOnlyWhereNothingElseCanMeanNone) {
    Field optional = field_of(email_type());
    optional.nullable = true;
    expect_refused(optional, {{R"("")", "Must be a mail address such as ada@studio.example."}});
    EXPECT_EQ(schema_of(optional), R"({"type":"string","maxLength":254,"format":"email"})");
    // Of a required field the caller says that it is missing.
    expect_accepted(field_of(email_type(), {.required = true}), {{R"(" ")", "", R"("")"}});
    EXPECT_TRUE(email_type().is_empty(""));
}

TEST(FieldEmail, ComparesWithoutCase) {
    EXPECT_EQ(email_type().equals(field_of(email_type()), "t", 3), "lower(t.value) = lower($3::text)");
}

TEST(FieldPhone, KeepsTheInternationalForm) {
    expect_accepted(field_of(phone_type()),
                    {
                        {R"("+256772123456")", "+256772123456", R"("+256772123456")"},
                        {R"("00256 (772) 123-456")", "+256772123456", R"("+256772123456")"},
                        {R"("")", "", R"("")"},
                    });
    const std::string sentence = "Must be a telephone number with its country's code, such as +256772123456.";
    expect_refused(field_of(phone_type()), {
                                               {R"("0772123456")", sentence},
                                               {R"("+12")", sentence},
                                               {R"("+1234567890123456")", sentence},
                                               {R"("call me")", sentence},
                                           });
}

TEST(FieldPhone, DeclaresItsForm) {
    EXPECT_EQ(schema_of(field_of(phone_type(), {.required = true})),
              R"({"type":"string","pattern":"^\\+[1-9][0-9]{7,14}$"})");
    EXPECT_EQ(schema_of(field_of(phone_type())), R"({"type":"string","pattern":"^(\\+[1-9][0-9]{7,14})?$"})");
}

TEST(FieldUrl, KeepsHttpAddresses) {
    expect_accepted(field_of(url_type()),
                    {
                        {R"("https://studio.example/reel?a=b#c")", "https://studio.example/reel?a=b#c",
                         R"("https://studio.example/reel?a=b#c")"},
                        {R"("HTTP://Studio.Example/Ü")", "http://studio.example/%C3%9C",
                         R"("http://studio.example/%C3%9C")"},
                    });
    const std::string sentence =
        "Must be an address with http or https, such as https://studio.example/reel.";
    expect_refused(field_of(url_type()), {
                                             {R"("javascript:alert")", sentence},
                                             {R"("studio.example")", sentence},
                                             {R"("https://user:secret@studio.example/")", sentence},
                                             {R"("https://")", sentence},
                                         });
}

TEST(FieldUrl, MeasuresTheEscapedAddress) {
    expect_refused(field_of(url_type(), {.max_length = 24}),
                   {{R"("https://studio.example/Ü")",
                     "Must have at most 24 characters, and as https://studio.example/%C3%9C it has 29."}});
}

TEST(FieldTimeZone, TakesNamesOfTheDatabase) {
    const Field field = field_of(time_zone_type());
    expect_accepted(field, {
                               {R"("Africa/Kampala")", "Africa/Kampala", R"("Africa/Kampala")"},
                               {R"("UTC")", "UTC", R"("UTC")"},
                           });
    const std::string sentence = "Must be a name of the IANA time zone database such as Africa/Kampala.";
    expect_refused(field, {{R"("Kampala")", sentence},
                           {R"("../etc/passwd")", sentence},
                           {R"("+03:00")", sentence},
                           {R"("")", sentence},
                           {R"(" ")", sentence}});
    EXPECT_EQ(field.type->schema(field).at("minLength"), 1) << "none of them is empty";
}

}  // namespace
}  // namespace tamiti
