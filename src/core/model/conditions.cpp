#include "core/model/conditions.hpp"

#include <algorithm>

#include "core/base/problem.hpp"
#include "core/base/text.hpp"
#include "core/model/list.hpp"

namespace tamiti {
namespace {

constexpr int most_levels = 4;

/// "eq" is what a filter without an operator is.
bool is_operator(std::string_view word) {
    return word == "eq" || is_filter_operator(word);
}

/// Reads from left to right, each letter once.
class Reader {
public:
    Reader(std::string_view parameter, std::string_view text) : parameter_(parameter), text_(text) {}

    Condition read() {
        Condition all = group(parameter_ == "or" ? Condition::Kind::any : Condition::Kind::none, 1);
        if (at_ != text_.size()) refuse("something follows the last bracket");
        return all;
    }

private:
    [[noreturn]] void refuse(const std::string& what) const {
        const std::string sentence = "The conditions in " + std::string(parameter_) +
                                     " can't be read: " + what + ", at character " + std::to_string(at_ + 1) +
                                     ". Write them like (status.eq.active,priority.in.(high,urgent)).";
        throw Malformed("http.bad_filter", sentence).with({{std::string(parameter_), sentence}});
    }

    bool is_at(char letter) const { return at_ < text_.size() && text_[at_] == letter; }

    void need(char letter) {
        if (!is_at(letter)) refuse(std::string("a ") + letter + " is missing");
        ++at_;
    }

    std::string_view word() {
        const std::size_t from = at_;
        while (at_ < text_.size() && ((text_[at_] >= 'a' && text_[at_] <= 'z') || text_[at_] == '_' ||
                                      (text_[at_] >= '0' && text_[at_] <= '9')))
            ++at_;
        if (at_ == from) refuse("a name is missing");
        return text_.substr(from, at_ - from);
    }

    Condition group(Condition::Kind kind, int level) {
        if (level > most_levels) refuse("there are more than four levels of brackets");
        Condition made{.kind = kind};
        need('(');
        made.parts.push_back(term(level));
        while (is_at(',')) {
            ++at_;
            made.parts.push_back(term(level));
        }
        need(')');
        return made;
    }

    Condition term(int level) {
        const std::string_view first = word();
        if (is_at('(') && first == "and") return group(Condition::Kind::all, level + 1);
        if (is_at('(') && first == "or") return group(Condition::Kind::any, level + 1);
        if (is_at('(') && first == "not") return group(Condition::Kind::none, level + 1);
        if (++terms_ > most_filters)
            refuse("there are more than " + std::to_string(most_filters) + " conditions");
        Condition made{.filter = std::string(first), .written = std::string(first)};
        std::string_view last;
        while (!is_operator(last)) {
            if (!is_at('.')) refuse(made.written + " has no operator: " + names());
            ++at_;
            last = word();
            made.written += "." + std::string(last);
            if (last != "eq") made.filter += "__" + std::string(last);
        }
        need('.');
        if (!takes_several(last)) {
            made.values.push_back(value());
            return made;
        }
        need('(');
        made.values.push_back(value());
        while (is_at(',')) {
            ++at_;
            made.values.push_back(value());
        }
        need(')');
        return made;
    }

    static std::string names() {
        return "one of eq, " + join(filter_operators(), ", ") + " comes before the value";
    }

    std::string value() {
        if (is_at('"')) return quoted();
        const std::size_t from = at_;
        while (at_ < text_.size() && text_[at_] != ',' && text_[at_] != ')') {
            if (text_[at_] == '(' || text_[at_] == '"')
                refuse("a value with brackets or quotes stands in quotes");
            ++at_;
        }
        return std::string(text_.substr(from, at_ - from));
    }

    std::string quoted() {
        std::string made;
        for (++at_; !is_at('"'); ++at_) {
            if (is_at('\\')) ++at_;
            if (at_ >= text_.size()) refuse("a quote isn't closed");
            made += text_[at_];
        }
        ++at_;
        return made;
    }

    std::string_view parameter_;
    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t terms_ = 0;
};

bool is_on(std::string_view filter, std::string_view field) {
    return filter.substr(0, filter.find("__")) == field;
}

bool names_field(const Condition& condition, std::string_view field) {
    return is_on(condition.filter, field) || std::ranges::any_of(condition.parts, [&](const Condition& part) {
               return names_field(part, field);
           });
}

}  // namespace

bool is_condition(std::string_view parameter) {
    return parameter == "or" || parameter == "not";
}

Condition read_condition(std::string_view parameter, std::string_view text) {
    return Reader(parameter, text).read();
}

bool names_field(const std::vector<std::pair<std::string, std::string>>& filters, std::string_view field) {
    return std::ranges::any_of(filters, [&](const auto& filter) {
        return is_condition(filter.first) ? names_field(read_condition(filter.first, filter.second), field)
                                          : is_on(filter.first, field);
    });
}

}  // namespace tamiti
