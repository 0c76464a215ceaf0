#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tamiti {
struct Brand;
struct Site;
}  // namespace tamiti

/// The templates of mails. One file says a mail once, for text and for HTML:
///
///     subject: Confirm your address
///     name: Ada
///     link: https://studio.example/verify#token=sample
///
///     Hello {{name}},
///
///     => Confirm my address: {{link}}
///
/// The lines of the head name every value with a sample of it; `{{site}}`, the studio's name, is always
/// there. A paragraph that starts with => is a button, one that starts with > a quotation of somebody.
namespace tamiti::mail {

/// A file of templates/mail as the build embedded it.
struct EmbeddedTemplate {
    std::string_view file;  ///< "verify_address.sw"
    std::string_view text;
};
const std::vector<EmbeddedTemplate>& embedded_templates();

using Values = std::vector<std::pair<std::string, std::string>>;

/// One template in one language.
struct Template {
    std::string name;
    std::string language;
    Values samples{};     ///< the values it takes, in the order of its head
    std::string subject;  ///< these three as mustache
    std::string text;
    std::string html;
    std::vector<std::string> links{};   ///< values that are addresses of buttons
    std::vector<std::string> quotes{};  ///< values that may have several lines
};

/// A mail ready to be sent.
struct Rendered {
    std::string subject;
    std::string text;
    std::string html;
};

/// Reads one file; a fault in it throws std::logic_error that names the file.
Template parse_template(std::string_view file, std::string_view text);

/// Every template, read once.
const std::vector<Template>& templates();

/// The template in that language ("sw", "sw-KE"), in English where it has none; an unknown name throws
/// std::logic_error.
const Template& template_named(std::string_view name, std::string_view language);

/// Fills a template in, under the name and in the colour of that brand, which is made as dark as white
/// letters on it need. Values are the words of strangers: they are cut to 200 characters (quotations to
/// 2,000), lose control characters and what mail programs would turn into links; buttons take only http and
/// https addresses. A value that is missing, unknown or unfit for a button throws std::logic_error.
Rendered render(const Site& site, const Brand& brand, const Template& from, const Values& values);

/// The same with the brand that the site begins with.
Rendered render(const Site& site, const Template& from, const Values& values);

}  // namespace tamiti::mail
