#include <algorithm>
#include <cctype>

#include "core/base/text.hpp"
#include "core/model/fields/json_forms.hpp"
#include "core/model/list.hpp"
#include "core/model/member.hpp"
#include "core/model/token_grants.hpp"

namespace tamiti {
namespace {

constexpr std::size_t most_filters = 20;
constexpr std::size_t most_values = 200;

struct Operation {
    std::string_view suffix;
    Match needs;
    std::string_view comparison{};
};
constexpr Operation operations[] = {
    {"in", Match::any},          {"any", Match::any},         {"all", Match::any},
    {"lt", Match::range, "<"},   {"lte", Match::range, "<="}, {"gt", Match::range, ">"},
    {"gte", Match::range, ">="}, {"isnull", Match::equal},    {"icontains", Match::contains},
};

bool applies(const Field& field, const Operation& operation) {
    if (operation.suffix == "isnull") return field.nullable && field.rules.filter != Match::none;
    if (operation.suffix == "any" || operation.suffix == "all")
        return field.type->is_set() && has(field.rules.filter, Match::any);
    return has(field.rules.filter, operation.needs);
}

std::string escape_like(std::string_view text) {
    std::string escaped = "%";
    for (char c : text) {
        if (c == '%' || c == '_' || c == '\\') escaped += '\\';
        escaped += c;
    }
    return escaped + "%";
}

/// Builds the conditions of filters, one after the other; everything they need in one place.
class FilterReader {
public:
    FilterReader(const Catalogue& catalogue, const Model& model, const Actor& who, db::Params& params)
        : catalogue_(catalogue), model_(model), who_(who), params_(params) {}

    void take(const std::string& name, const std::string& value) {
        name_ = name;
        const std::string found = on_model(model_, "t", name, value, true);
        if (found.empty())
            throw Malformed("http.unknown_filter", "There is no filter \"" + name + "\". These exist: " +
                                                       join(filter_names(model_, &who_), ", ") + ".")
                .with({{name, "There is no such filter."}});
        own_.push_back(found);
    }

    std::string conditions() const {
        std::vector<std::string> all = own_;
        for (const Crossing& one : crossings_)
            all.push_back("t." + one.field->name + " IN (SELECT x.id FROM " + one.rows + " x WHERE " +
                          join(one.conditions, " AND ") + ")");
        return join(all, " AND ");
    }

private:
    /// What is asked of the rows that one reference leads to. In one subquery, because the planner's work
    /// grows with the square of their number and more.
    struct Crossing {
        const Field* field;
        std::string rows;
        std::vector<std::string> conditions{};
    };

    std::string on_model(const Model& model, std::string_view row, std::string_view name,
                         const std::string& value, bool may_cross) {
        const std::size_t split_at = name.find("__");
        const Field* found = model.find(name.substr(0, split_at));
        if (!found || !readable(*found, who_)) return {};
        const Field& field = *found;
        if (split_at == std::string_view::npos)
            return has(field.rules.filter, Match::equal) ? equals(field, row, value) : std::string();
        const std::string_view rest = name.substr(split_at + 2);
        for (const Operation& operation : operations)
            if (rest == operation.suffix)
                return applies(field, operation) ? compare(field, row, operation, value) : std::string();
        if (may_cross && field.type == &reference_type() && field.rules.filter != Match::none)
            return through(field, rest, value);
        return {};
    }

    // One level through a reference: the rows it leads to must be visible and match.
    std::string through(const Field& field, std::string_view rest, const std::string& value) {
        const Resource* target = catalogue_.resource_of(field.target());
        if (!target || !token_allows(who_, *target, "read")) return {};
        auto crossing = std::find_if(crossings_.begin(), crossings_.end(),
                                     [&](const Crossing& one) { return one.field == &field; });
        if (crossing == crossings_.end())
            crossing = crossings_.insert(crossing, {&field, walked_rows(*target, who_).render(params_)});
        std::string inner = on_model(*target->model, "x", rest, value, false);
        if (inner.empty()) return {};
        crossing->conditions.push_back(std::move(inner));
        return "true";  // what was found comes with everything else that is asked of this reference
    }

    std::string stored(const Field& field, std::string_view value) {
        std::vector<FieldError> errors;
        Faults faults(errors);
        auto text = field.type->accept_text(field, value, who_, name_, faults);
        if (!text || !errors.empty()) {
            const std::string sentence =
                errors.empty() ? "This value can't be read." : errors.front().message;
            throw Malformed("http.bad_filter",
                            "The filter " + name_ + " has a value that can't be used: " + sentence)
                .with({{name_, sentence}});
        }
        return *text;
    }

    std::string equals(const Field& field, std::string_view row, const std::string& value) {
        return field.type->equals(field, row, params_.add(stored(field, value)));
    }

    std::string compare(const Field& field, std::string_view row, const Operation& operation,
                        const std::string& value) {
        const std::string column = column_of(field, row);
        if (operation.suffix == "isnull") {
            if (value != "true" && value != "false")
                throw Malformed("http.bad_filter", "The filter " + name_ + " is true or false.")
                    .with({{name_, "Must be true or false."}});
            return column + (value == "true" ? " IS NULL" : " IS NOT NULL");
        }
        if (operation.suffix == "icontains")
            return column + " ILIKE $" + std::to_string(params_.add(escape_like(value)));
        if (!operation.comparison.empty())
            return field.type->compares(field, row, operation.comparison, params_, stored(field, value));
        const std::vector<std::string> parts = names_in(value);
        if (parts.empty() || parts.size() > most_values)
            throw Malformed("http.bad_filter",
                            "The filter " + name_ + " takes 1 to 200 values, separated by commas.")
                .with({{name_, "Takes 1 to 200 values, separated by commas."}});
        std::vector<std::string> values;
        for (const auto& part : parts) values.push_back(stored(field, part));
        const int parameter = params_.add(values);
        if (operation.suffix == "all")
            return column + " @> $" + std::to_string(parameter) + "::" + field.type->column_type(field);
        return field.type->one_of(field, row, parameter);
    }

    const Catalogue& catalogue_;
    const Model& model_;
    const Actor& who_;
    db::Params& params_;
    std::string name_{};
    std::vector<std::string> own_{};
    std::vector<Crossing> crossings_{};
};

bool is_word(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x80 || std::isalnum(byte) != 0;
}

// "Film, NBC-26" → "'film':* & 'nbc-26':*": every word counts and may be unfinished. A hyphen inside a word
// belongs to it; everything else that isn't a letter or digit separates, so no sign of the query language
// gets through.
std::string search_words(std::string_view text) {
    std::string words;
    for (std::size_t i = 0; i < text.size();) {
        if (!is_word(text[i])) {
            ++i;
            continue;
        }
        words += words.empty() ? "'" : " & '";
        for (; i < text.size() &&
               (is_word(text[i]) || (text[i] == '-' && i + 1 < text.size() && is_word(text[i + 1])));
             ++i)
            words +=
                text[i] == '-' ? '-' : static_cast<char>(std::tolower(static_cast<unsigned char>(text[i])));
        words += "':*";
    }
    return words;
}

}  // namespace

std::vector<std::string> filter_names(const Model& model, const Actor* who) {
    std::vector<std::string> names;
    for (const Field& field : model.fields) {
        if (who && !readable(field, *who)) continue;
        if (has(field.rules.filter, Match::equal)) names.push_back(field.name);
        for (const Operation& operation : operations)
            if (applies(field, operation)) names.push_back(field.name + "__" + std::string(operation.suffix));
        if (field.type == &reference_type() && field.rules.filter != Match::none)
            names.push_back(field.name + "__…");
    }
    return names;
}

std::string filter_conditions(const Catalogue& catalogue, const Model& model, const Actor& who,
                              const std::vector<std::pair<std::string, std::string>>& filters,
                              db::Params& params) {
    if (filters.size() > most_filters)
        throw Malformed("http.too_many_filters", "A list takes at most 20 filters.");
    FilterReader reader(catalogue, model, who, params);
    for (const auto& [name, value] : filters) reader.take(name, value);
    return reader.conditions();
}

bool may_be_misspelt(std::string_view text) {
    return std::none_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

SearchClause search_clause(std::string_view text, Spelling spelling, db::Params& params) {
    if (spelling == Spelling::wrong) {
        const std::string typed = "$" + std::to_string(params.add(lower(text)));
        return {.condition = typed + " <% t.search_text",
                .rank = "word_similarity(" + typed + ", t.search_text)"};
    }
    const std::string query = "to_tsquery('simple', $" + std::to_string(params.add(search_words(text))) + ")";
    return {.condition = "t.search @@ " + query, .rank = "ts_rank(t.search, " + query + ")", .query = query};
}

}  // namespace tamiti
