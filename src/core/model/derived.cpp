#include "core/model/derived.hpp"

#include <cctype>
#include <set>
#include <stdexcept>
#include <vector>

#include "core/base/text.hpp"

namespace tamiti {
namespace {

[[noreturn]] void fault(const Model& model, const Field& field, const std::string& what) {
    throw std::logic_error(model.name + "." + field.name + ": " + what);
}

bool is_of_word(char letter) {
    return letter == '_' || std::isalnum(static_cast<unsigned char>(letter)) != 0;
}

/// Reads an expression as it is described and writes it as it is kept.
class Marking {
public:
    Marking(const Model& model, const Field& field) : model_(model), field_(field), text_(field.expression) {
        for (const Field& each : model.fields)
            if (!each.is_derived())
                for (const Column& column : each.type->columns(each)) columns_.insert(column.name);
    }

    std::string kept() {
        while (at_ < text_.size()) {
            const char letter = text_[at_];
            if (letter == '\'' || letter == '"')
                quoted(letter);
            else if (letter == '{')
                placeholder();
            else if (letter == '$')
                fault(model_, field_,
                      "its expression has a $, but {now}, {today} and {row} are all there is");
            else if (letter == '(' || letter == ')')
                bracket(letter);
            else if (is_of_word(letter))
                word();
            else
                copy(1);
        }
        if (!selects_.empty()) unmatched();
        return std::move(kept_);
    }

private:
    void copy(std::size_t letters) {
        kept_ += text_.substr(at_, letters);
        at_ += letters;
    }

    [[noreturn]] void unmatched() const {
        fault(model_, field_, "the brackets or quotes of its expression don't match");
    }

    void quoted(char quote) {
        const std::size_t end = text_.find(quote, at_ + 1);
        if (end == std::string_view::npos) unmatched();
        copy(end + 1 - at_);
    }

    void placeholder() {
        const std::size_t end = text_.find('}', at_);
        const std::string_view name = text_.substr(at_, end == text_.npos ? end : end + 1 - at_);
        if (name != "{now}" && name != "{today}" && name != "{row}")
            fault(model_, field_,
                  "its expression has " + std::string(name) +
                      ", but {now}, {today} and {row} are all there is");
        kept_ += "$" + std::string(name.substr(1, name.size() - 2));
        at_ = end + 1;
    }

    // Inside a SELECT a bare name is a column of what that reads from.
    void bracket(char bracket) {
        copy(1);
        if (bracket == '(') {
            const std::size_t next = text_.find_first_not_of(" \n", at_);
            const bool begins = next != text_.npos && lower(text_.substr(next, 6)) == "select";
            selects_.push_back(begins || (!selects_.empty() && selects_.back()));
        } else if (selects_.empty()) {
            unmatched();
        } else {
            selects_.pop_back();
        }
    }

    void word() {
        std::size_t end = at_;
        while (end < text_.size() && is_of_word(text_[end])) ++end;
        const char before = at_ == 0 ? ' ' : text_[at_ - 1];
        const char after = end < text_.size() ? text_[end] : ' ';
        const bool is_bare = before != '.' && before != ':' && after != '.' && after != '(';
        const bool is_inside = !selects_.empty() && selects_.back();
        if (is_bare && !is_inside && columns_.contains(std::string(text_.substr(at_, end - at_))))
            kept_ += "$row.";
        copy(end - at_);
    }

    const Model& model_;
    const Field& field_;
    std::string_view text_;
    std::set<std::string> columns_{};
    std::size_t at_ = 0;
    std::string kept_{};
    std::vector<bool> selects_{};  // of each open bracket: whether it stands in a SELECT
};

void replace_all(std::string& text, std::string_view mark, const std::string& instead) {
    for (std::size_t at = text.find(mark); at != text.npos; at = text.find(mark, at + instead.size()))
        text.replace(at, mark.size(), instead);
}

void check_rules(const Model& model, const Field& field) {
    const Rules& rules = field.rules;
    const auto refuse = [&](bool is_set, const std::string& rule) {
        if (is_set) fault(model, field, "a derived field has no column, so it can't be " + rule);
    };
    refuse(rules.required, "required");
    refuse(rules.write, "written with a permission");
    refuse(rules.create_only, "sent on create");
    refuse(rules.search, "searched");
    refuse(rules.unique, "unique");
    refuse(rules.personal, "personal");
    refuse(!rules.steps.empty(), "moved along steps");
    refuse(field.target, "a reference");
    refuse(field.type->is_set(), "a list");
    refuse(field.type->columns(field).size() != 1, "of a type that has two");
    if (trim(field.expression) == "()") fault(model, field, "a derived field needs an expression");
}

}  // namespace

bool names_word(std::string_view sql, std::string_view word) {
    for (std::size_t at = sql.find(word); at != sql.npos; at = sql.find(word, at + 1)) {
        const std::size_t end = at + word.size();
        if ((at == 0 || !is_of_word(sql[at - 1])) && (end == sql.size() || !is_of_word(sql[end])))
            return true;
    }
    return false;
}

void complete_derived(const Model& model, Field& field) {
    check_rules(model, field);
    const std::string type = field.type->column_type(field);
    std::string value = Marking(model, field).kept() + "::" + type;
    if (!field.nullable) {
        std::string initial = field.default_stored;
        replace_all(initial, "'", "''");
        value = "coalesce(" + value + ", '" + initial + "'::" + type + ")";
    }
    field.expression = "(" + value + ")";
    field.rules.read_only = true;
}

std::string derived_value(const Field& field, std::string_view row) {
    std::string value = field.expression;
    replace_all(value, "$row", std::string(row));
    return value;
}

std::string at_moment(std::string sql, Timestamp now, const Actor& who, db::Params& params) {
    constexpr std::string_view now_mark = "$now";
    constexpr std::string_view today_mark = "$today";
    if (sql.find(now_mark) != sql.npos)
        replace_all(sql, now_mark, "$" + std::to_string(params.add(now)) + "::timestamptz");
    if (sql.find(today_mark) != sql.npos)
        replace_all(sql, today_mark,
                    "$" + std::to_string(params.add(day_in_zone(now, who.time_zone))) + "::date");
    return sql;
}

}  // namespace tamiti
