#include "core/mail/template.hpp"

#include <algorithm>
#include <kainjow/mustache.hpp>
#include <stdexcept>

#include "core/base/html.hpp"
#include "core/base/text.hpp"
#include "core/model/brand.hpp"
#include "core/site/ramp.hpp"
#include "core/site/site.hpp"

namespace tamiti::mail {
namespace {

namespace mustache = kainjow::mustache;

// The names in a template's tags. Only {{name}} is allowed: a mail that decides something hides it from those
// who read the program.
std::vector<std::string> tags_of(std::string_view text) {
    std::vector<std::string> names;
    for (std::size_t at = text.find("{{"); at != text.npos; at = text.find("{{", at)) {
        const std::size_t end = text.find("}}", at);
        const std::string_view name =
            end == text.npos ? std::string_view() : text.substr(at + 2, end - at - 2);
        if (name.empty() || name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") != name.npos)
            throw std::logic_error("a tag must be like {{name}}");
        names.emplace_back(name);
        at = end + 2;
    }
    return names;
}

bool contains(const std::vector<std::string>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

const std::string* value_of(const Values& values, std::string_view name) {
    const auto found =
        std::find_if(values.begin(), values.end(), [&](const auto& value) { return value.first == name; });
    return found == values.end() ? nullptr : &found->second;
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    for (std::size_t at = text.find(from); at != text.npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
    return text;
}

// Text as HTML shows it; line ends become <br>.
std::string html_lines(std::string_view text) {
    return replaced(escape_html(text), "\n", "<br>\n");
}

// "=> Confirm: {{link}}" as a button; in text the address stands below its label.
void add_button(Template& to, std::string_view line) {
    const std::size_t colon = line.rfind(": {{");
    if (colon == line.npos || !line.ends_with("}}") || line.find('\n') != line.npos)
        throw std::logic_error("a button must be like => Label: {{link}}");
    const std::string label(line.substr(3, colon - 3));
    const std::string link(line.substr(colon + 2));
    to.links.push_back(link.substr(2, link.size() - 4));
    to.text += label + ":\n" + link + "\n\n";
    to.html += "<p style=\"margin:24px 0\"><a href=\"" + link +
               "\" style=\"background:{{colour}};color:#ffffff;padding:12px 20px;border-radius:6px;"
               "text-decoration:none;display:inline-block\">" +
               html_lines(label) + "</a></p>\n";
}

void add_paragraph(Template& to, std::string_view paragraph) {
    if (paragraph.starts_with("=> ")) return add_button(to, paragraph);
    if (paragraph.starts_with("> ")) {
        const auto quoted = tags_of(paragraph);
        to.quotes.insert(to.quotes.end(), quoted.begin(), quoted.end());
        to.text += std::string(paragraph) + "\n\n";
        to.html +=
            "<blockquote style=\"margin:16px 0;padding:0 16px;border-left:3px solid {{colour}};"
            "color:#444444\">" +
            html_lines(paragraph.substr(2)) + "</blockquote>\n";
        return;
    }
    to.text += std::string(paragraph) + "\n\n";
    std::string line(paragraph);
    std::replace(line.begin(), line.end(), '\n', ' ');
    to.html += "<p>" + html_lines(line) + "</p>\n";
}

void read_head(Template& to, std::string_view head) {
    for (const std::string_view line : split(head, '\n')) {
        const std::size_t colon = line.find(": ");
        if (colon == line.npos) throw std::logic_error("a line of the head must be like name: value");
        const std::string name(line.substr(0, colon));
        const std::string value(line.substr(colon + 2));
        if (name == "subject") {
            to.subject = value;
        } else {
            to.samples.emplace_back(name, value);
        }
    }
    if (to.subject.empty()) throw std::logic_error("it has no subject");
}

void check_names(const Template& made) {
    const std::vector<std::string> used = tags_of(made.subject + made.text);
    for (const std::string& name : used)
        if (name != "site" && !value_of(made.samples, name)) throw std::logic_error("the head lacks " + name);
    for (const auto& [name, sample] : made.samples)
        if (name == "site" || name == "colour") throw std::logic_error("every mail has the value " + name);
    for (const auto& [name, sample] : made.samples)
        if (!contains(used, name)) throw std::logic_error("nothing uses " + name);
}

// Without control characters and marks that turn the direction of text; line ends stay where `lines` says.
// What this lets through the table of mails takes, whatever a value is: rows may be older than the fields'
// rules.
std::string without_controls(std::string_view text, bool lines) {
    std::string clean;
    const auto put_blank = [&] {
        if (!clean.empty() && clean.back() != ' ') clean += ' ';
    };
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto byte = static_cast<unsigned char>(text[at]);
        const std::string_view two = text.substr(at, 2), three = text.substr(at, 3);
        const bool turns = (three >= "\xe2\x80\xaa" && three <= "\xe2\x80\xae") ||
                           (three >= "\xe2\x81\xa6" && three <= "\xe2\x81\xa9");
        const bool ends_line = three == "\xe2\x80\xa8" || three == "\xe2\x80\xa9" || two == "\xc2\x85";
        if (turns && three.size() == 3) {
            at += 2;
        } else if (ends_line || text[at] == '\n') {
            if (lines)
                clean += '\n';
            else
                put_blank();
            at += text[at] == '\n' ? 0 : byte == 0xc2 ? 1 : 2;
        } else if (byte < 0x20 || byte == 0x7f) {
            if (text[at] != '\r') put_blank();
        } else if (two >= "\xc2\x80" && two <= "\xc2\x9f" && two.size() == 2) {
            put_blank();
            ++at;
        } else {
            clean += text[at];
        }
    }
    return clean;
}

std::string cut(const std::string& text, std::size_t characters) {
    if (count_characters(text) <= characters) return text;
    std::size_t end = 0;
    for (std::size_t count = 0; end < text.size(); ++end) {
        const bool starts = (static_cast<unsigned char>(text[end]) & 0xc0) != 0x80;
        if (starts && ++count == characters) break;
    }
    return text.substr(0, end) + "…";
}

bool is_web_address(std::string_view text) {
    return (text.starts_with("https://") || text.starts_with("http://")) && text.size() <= 2000 &&
           std::all_of(text.begin(), text.end(), [](char letter) {
               return letter > ' ' && letter < '\x7f' && letter != '"' && letter != '<' && letter != '>';
           });
}

std::string fit(const Template& from, const std::string& name, const std::string& value) {
    const auto refuse = [&](const char* why) {
        throw std::logic_error("mail " + from.name + ": the value " + name + why);
    };
    if (!is_utf8(value)) refuse(" is no UTF-8");
    if (contains(from.links, name)) {
        if (!is_web_address(value)) refuse(" is no address for a button");
        return value;
    }
    if (contains(from.quotes, name)) return replaced(cut(without_controls(value, true), 2000), "\n", "\n> ");
    // A stranger's name is no place for "https://…", which mail programs would make a link in our name.
    return replaced(cut(without_controls(value, false), 200), "://", ": / /");
}

std::string filled(const std::string& source, const mustache::data& data, bool html) {
    mustache::mustache engine(source);
    if (!engine.is_valid()) throw std::logic_error("mail: " + engine.error_message());
    engine.set_custom_escape(
        [html](const std::string& text) { return html ? html_lines(replaced(text, "\n> ", "\n")) : text; });
    return engine.render(data);
}

std::string layout(std::string_view file) {
    for (const EmbeddedTemplate& embedded : embedded_templates())
        if (embedded.file == file) return std::string(embedded.text);
    throw std::logic_error("templates/mail lacks " + std::string(file));
}

}  // namespace

Template parse_template(std::string_view file, std::string_view text) {
    Template made;
    const std::size_t dot = file.find('.');
    made.name = file.substr(0, dot);
    made.language = dot == file.npos ? "en" : file.substr(dot + 1);
    try {
        const std::size_t blank = text.find("\n\n");
        if (blank == text.npos) throw std::logic_error("a blank line must follow the head");
        read_head(made, text.substr(0, blank));
        std::string_view body = trim(text.substr(blank));
        while (!body.empty()) {
            const std::size_t end = std::min(body.find("\n\n"), body.size());
            add_paragraph(made, trim(body.substr(0, end)));
            body = trim(body.substr(end));
        }
        check_names(made);
    } catch (const std::logic_error& error) {
        throw std::logic_error("templates/mail/" + std::string(file) + ".mustache: " + error.what());
    }
    return made;
}

const std::vector<Template>& templates() {
    static const std::vector<Template> all = [] {
        std::vector<Template> read;
        for (const EmbeddedTemplate& embedded : embedded_templates())
            if (!embedded.file.starts_with("layout."))
                read.push_back(parse_template(embedded.file, embedded.text));
        return read;
    }();
    return all;
}

const Template& template_named(std::string_view name, std::string_view language) {
    const std::string_view primary = language.substr(0, language.find_first_of("-_"));
    const Template* english = nullptr;
    for (const Template& one : templates()) {
        if (one.name != name) continue;
        if (one.language == primary) return one;
        if (one.language == "en") english = &one;
    }
    if (!english)
        throw std::logic_error("there is no template templates/mail/" + std::string(name) + ".mustache");
    return *english;
}

Rendered render(const Site& site, const Template& from, const Values& values) {
    return render(site, {.name = site.name, .colour = site.colour, .logo = {site.logo}}, from, values);
}

Rendered render(const Site& site, const Brand& brand, const Template& from, const Values& values) {
    const Colour colour = Colour::parse(brand.colour).value_or(Colour{});
    const std::string behind_white = ramp_of(colour, Theme::light).brand.text();
    mustache::data data;
    data.set("site", without_controls(brand.name, false));
    data.set("colour", behind_white);
    for (const auto& [name, sample] : from.samples) {
        const std::string* value = value_of(values, name);
        if (!value) throw std::logic_error("mail " + from.name + ": the value " + name + " is missing");
        data.set(name, fit(from, name, *value));
    }
    for (const auto& [name, value] : values)
        if (!value_of(from.samples, name))
            throw std::logic_error("mail " + from.name + ": there is no value " + name);
    Rendered made;
    made.subject = cut(filled(from.subject, data, false), 150);
    // Values of its own, since a template may give its values the names of these.
    mustache::data around;
    around.set("site", without_controls(brand.name, false));
    around.set("colour", behind_white);
    around.set("subject", made.subject);
    around.set("language", from.language);
    around.set("origin", site.origin);
    if (!brand.logo.text.empty()) around.set("logo", brand.logo.text);
    around.set("text", filled(from.text, data, false));
    around.set("html", filled(from.html, data, true));
    static const std::string text_layout = layout("layout.text");
    static const std::string html_layout = layout("layout.html");
    made.text = filled(text_layout, around, false);
    made.html = filled(html_layout, around, true);
    return made;
}

}  // namespace tamiti::mail
