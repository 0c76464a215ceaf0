#include <algorithm>

#include "core/base/sentences.hpp"
#include "core/base/text.hpp"
#include "core/base/unicode.hpp"
#include "core/model/conditions.hpp"
#include "core/model/fields/json_forms.hpp"
#include "core/model/list.hpp"
#include "core/model/member.hpp"
#include "core/model/seen.hpp"
#include "core/model/token_grants.hpp"

namespace tamiti {
namespace {

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
        parameter_ = name;
        refuse_twice(name);
        if (is_condition(name))
            all_.own.push_back(together(read_condition(name, value)));
        else
            add(all_, {.filter = name, .written = name, .value = value});
    }

    std::string conditions() const { return joined(all_, " AND "); }

private:
    /// One filter. Its values are listed where conditions list them, and else separated by commas where it
    /// takes several.
    struct Asked {
        std::string filter;
        std::string written;
        std::string value;
        const std::vector<std::string>* listed = nullptr;
    };

    /// What is asked of the rows that one reference leads to. In one subquery, because the planner's work
    /// grows with the square of their number and more.
    struct Crossing {
        const Field* field;
        std::string rows;
        std::vector<std::string> conditions{};
    };

    /// Conditions that hold together in one way.
    struct Group {
        std::vector<std::string> own{};
        std::vector<Crossing> crossings{};
    };

    static std::string joined(const Group& group, std::string_view by) {
        std::vector<std::string> all = group.own;
        for (const Crossing& one : group.crossings)
            all.push_back("t." + one.field->name + " IN (SELECT x.id FROM " + one.rows + " x WHERE " +
                          join(one.conditions, by) + ")");
        return join(all, by);
    }

    // What isn't known to hold (a field without a value) doesn't hold, so its opposite does.
    std::string together(const Condition& condition) {
        Group group;
        for (const Condition& part : condition.parts) {
            if (part.kind == Condition::Kind::one)
                add(group, {part.filter, part.written, part.values.front(), &part.values});
            else
                group.own.push_back(together(part));
        }
        const bool is_any = condition.kind == Condition::Kind::any;
        const std::string all = "(" + joined(group, is_any ? " OR " : " AND ") + ")";
        return condition.kind == Condition::Kind::none ? "(" + all + " IS NOT TRUE)" : all;
    }

    void add(Group& group, const Asked& asked) {
        if (++taken_ > most_filters + model_.unless_asked.size())
            throw Malformed("http.too_many_filters",
                            "A list takes at most " + std::to_string(most_filters) + " filters.");
        asked_ = &asked;
        const std::string found = on_model(model_, "t", asked.filter);
        if (!found.empty())
            group.own.push_back(found);
        else if (!through_reference(group, asked.filter))
            throw Malformed("http.unknown_filter",
                            "There is no filter \"" + asked.written +
                                "\". These exist: " + listed(filter_names(model_, &who_)) + ".")
                .with({{parameter_, is_condition(parameter_) ? "There is no filter \"" + asked.written + "\"."
                                                             : "There is no such filter."}});
    }

    /// The condition of a filter on the model's own field, or through rows that refer to it; empty where it
    /// has no such filter.
    std::string on_model(const Model& model, std::string_view row, std::string_view name) {
        for (const FilterThrough& through : model.filters)
            if (name == through.field.name) return refers(through, row);
        const std::size_t split_at = name.find("__");
        const Field* found = model.find(name.substr(0, split_at));
        if (!found || !readable(*found, who_)) return {};
        const Field& field = as_seen(model, *found, who_);
        if (split_at == std::string_view::npos)
            return has(field.rules.filter, Match::equal) ? equals(field, row) : std::string();
        const std::string_view rest = name.substr(split_at + 2);
        for (const Operation& operation : operations)
            if (rest == operation.suffix)
                return applies(field, operation) ? compare(field, row, operation) : std::string();
        return {};
    }

    // One level through a reference: the rows it leads to must be visible and match.
    bool through_reference(Group& group, std::string_view name) {
        const std::size_t split_at = name.find("__");
        const Field* field = model_.find(name.substr(0, split_at));
        if (!field || split_at == name.npos || !readable(*field, who_)) return false;
        if (field->type != &reference_type() || field->rules.filter == Match::none) return false;
        const Resource* target = catalogue_.resource_of(field->target());
        if (!target || !token_allows(who_, *target, "read")) return false;
        auto crossing = std::ranges::find(group.crossings, field, &Crossing::field);
        if (crossing == group.crossings.end())
            crossing = group.crossings.insert(crossing, {field, walked_rows(*target, who_).render(params_)});
        std::string inner = on_model(*target->model, "x", name.substr(split_at + 2));
        if (inner.empty()) return false;
        crossing->conditions.push_back(std::move(inner));
        return true;
    }

    [[noreturn]] void refuse(const std::string& sentence) const {
        throw Malformed("http.bad_filter",
                        "The filter " + asked_->written + " has a value that can't be used: " + sentence)
            .with({{parameter_, sentence}});
    }

    std::string stored(const Field& field, std::string_view value) {
        std::vector<FieldError> errors;
        Faults faults(errors, who_.calling_code);
        auto text = field.type->accept_text(field, value, who_, asked_->written, faults);
        if (!text || !errors.empty())
            refuse(errors.empty() ? "This value can't be read." : errors.front().message);
        return *text;
    }

    std::string refers(const FilterThrough& through, std::string_view row) {
        const int parameter = params_.add(stored(through.field, asked_->value));
        const std::string type = through.field.type->column_type(through.field);
        std::string condition = through.condition;
        for (const auto& [mark, text] : {std::pair<std::string, std::string>{"{row}", std::string(row)},
                                         {"{value}", "$" + std::to_string(parameter) + "::" + type}})
            for (std::size_t at = condition.find(mark); at != condition.npos;
                 at = condition.find(mark, at + text.size()))
                condition.replace(at, mark.size(), text);
        return "(" + condition + ")";
    }

    std::string equals(const Field& field, std::string_view row) {
        return field.type->equals(field, row, params_.add(stored(field, asked_->value)));
    }

    std::string compare(const Field& field, std::string_view row, const Operation& operation) {
        const std::string column = column_of(field, row);
        const std::string& value = asked_->value;
        if (operation.suffix == "isnull") {
            if (value != "true" && value != "false") refuse("Must be true or false.");
            return column + (value == "true" ? " IS NULL" : " IS NOT NULL");
        }
        if (operation.suffix == "icontains")
            return column + " ILIKE $" + std::to_string(params_.add(escape_like(kept_line(value))));
        if (!operation.comparison.empty()) return compare_range(field, row, operation.comparison, value);
        const std::vector<std::string> parts = asked_->listed ? *asked_->listed : names_in(value);
        if (parts.empty() || parts.size() > most_values)
            refuse("Takes 1 to 200 values, separated by commas.");
        std::vector<std::string> values;
        for (const auto& part : parts) values.push_back(stored(field, part));
        const int parameter = params_.add(values);
        if (operation.suffix == "all")
            return column + " @> $" + std::to_string(parameter) + "::" + field.type->column_type(field);
        return field.type->one_of(field, row, parameter);
    }

    /// A day that is given for a timestamp means the whole day: up to it is before it ends, beyond it is from
    /// its end on.
    std::string compare_range(const Field& field, std::string_view row, std::string_view comparison,
                              const std::string& value) {
        const std::string first = stored(field, value);
        const bool goes_behind = comparison == "<=" || comparison == ">";
        const auto end = goes_behind ? field.type->end_of_span(value, who_) : std::nullopt;
        if (!end) return field.type->compares(field, row, comparison, params_, first);
        return field.type->compares(field, row, comparison == "<=" ? "<" : ">=", params_, *end);
    }

    /// The field whose equality a filter of that name asks for, of the model's own or one reference further.
    const Field* compared_field(std::string_view name) const {
        if (const Field* own = model_.find(name)) return own;
        const std::size_t split_at = name.find("__");
        const Field* reference = model_.find(name.substr(0, split_at));
        if (!reference || split_at == name.npos || reference->type != &reference_type()) return nullptr;
        return reference->target().find(name.substr(split_at + 2));
    }

    /// A row has one value of a field, so two filters for its equality find nothing, which nobody means.
    void refuse_twice(const std::string& name) {
        const Field* field = compared_field(name);
        if (!field || field->type->is_set() || !has(field->rules.filter, Match::equal)) return;
        if (std::ranges::find(plain_, name) == plain_.end()) return plain_.push_back(name);
        const std::string hint = has(field->rules.filter, Match::any)
                                     ? "For several values write " + name + "__in=a,b."
                                     : "Give it once.";
        const std::string sentence = "The filter " + name + " is given twice. " + hint;
        throw Malformed("http.bad_filter", sentence).with({{name, sentence}});
    }

    const Catalogue& catalogue_;
    const Model& model_;
    const Actor& who_;
    db::Params& params_;
    std::vector<std::string> plain_{};  // filters for equality that were taken
    std::string parameter_{};           // that is being read, for messages
    const Asked* asked_ = nullptr;      // what of it
    std::size_t taken_ = 0;
    Group all_{};
};

}  // namespace

std::vector<std::string> filter_operators() {
    std::vector<std::string> names;
    for (const Operation& operation : operations) names.emplace_back(operation.suffix);
    return names;
}

bool is_filter_operator(std::string_view word) {
    return std::ranges::any_of(operations, [&](const Operation& each) { return each.suffix == word; });
}

bool takes_several(std::string_view filter_operator) {
    return std::ranges::any_of(operations, [&](const Operation& each) {
        return each.suffix == filter_operator && each.needs == Match::any;
    });
}

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
    for (const FilterThrough& through : model.filters) names.push_back(through.field.name);
    return names;
}

std::string filter_conditions(const Catalogue& catalogue, const Model& model, const Actor& who,
                              const std::vector<std::pair<std::string, std::string>>& filters,
                              db::Params& params) {
    FilterReader reader(catalogue, model, who, params);
    for (const auto& [name, value] : filters) reader.take(name, value);
    return reader.conditions();
}

}  // namespace tamiti
