#include "core/program/print.hpp"

#include <algorithm>
#include <map>

#include "core/api/operations.hpp"
#include "core/base/problem_codes.hpp"
#include "core/base/settings.hpp"
#include "core/base/text.hpp"
#include "core/model/derived.hpp"
#include "core/model/label.hpp"
#include "core/model/member.hpp"
#include "core/model/stored_settings.hpp"

namespace tamiti::print {
namespace {

using Line = std::vector<std::string>;

/// Lines with their cells below each other; the last cell of a line is not padded.
std::string columns(const std::vector<Line>& lines, std::string_view indent = {}) {
    std::vector<std::size_t> widths;
    for (const Line& line : lines) {
        for (std::size_t i = 0; i + 1 < line.size(); ++i) {
            if (widths.size() <= i) widths.resize(i + 1, 0);
            widths[i] = std::max(widths[i], count_characters(line[i]));
        }
    }
    std::string text;
    for (const Line& line : lines) {
        std::string row(indent);
        for (std::size_t i = 0; i < line.size(); ++i) {
            row += line[i];
            if (i + 1 < line.size()) row.append(widths[i] - count_characters(line[i]) + 2, ' ');
        }
        row.erase(row.find_last_not_of(' ') + 1);
        text += row + "\n";
    }
    return text;
}

std::string filters_of(const Field& field) {
    std::vector<std::string> names;
    const Match filter = field.rules.filter;
    if (has(filter, Match::equal)) names.emplace_back("equal");
    if (has(filter, Match::any)) names.emplace_back("any");
    if (has(filter, Match::range)) names.emplace_back("range");
    if (has(filter, Match::contains)) names.emplace_back("contains");
    return join(names, "|");
}

std::string_view name_of(Delete rule) {
    switch (rule) {
        case Delete::cascade:
            return "cascade";
        case Delete::set_null:
            return "set null";
        case Delete::restrict:
            break;
    }
    return "restrict";
}

std::string default_of(const Field& field) {
    if (field.default_null || field.default_stored.empty() || field.default_stored == "{}" || field.target)
        return {};
    if (field.rules.required || field.rules.read_only) return {};
    return "default " + field.default_stored;
}

/// Everything written about a field, in the order of Rules.
std::string rules_of(const Field& field) {
    const Rules& rules = field.rules;
    std::vector<std::string> parts;
    const auto add = [&](bool is_set, std::string text) {
        if (is_set) parts.push_back(std::move(text));
    };
    add(rules.required, "required");
    add(rules.max_length > 0, "at most " + std::to_string(rules.max_length) + " characters");
    add(rules.minimum, std::string("from ") + (rules.minimum ? rules.minimum : ""));
    add(rules.maximum, std::string("up to ") + (rules.maximum ? rules.maximum : ""));
    add(field.type->name() == "decimal", std::to_string(rules.digits) + " digits");
    add(rules.sort, "sort");
    add(rules.filter != Match::none, "filter " + filters_of(field));
    add(rules.search != 0, std::string("search ") + rules.search);
    add(rules.read, std::string("read needs ") + (rules.read ? rules.read : ""));
    add(rules.write, std::string("write needs ") + (rules.write ? rules.write : ""));
    add(rules.true_for, std::string("true at first for ") + (rules.true_for ? rules.true_for : ""));
    add(rules.actor_first, "whoever writes at first");
    add(rules.read_only, "read-only");
    add(rules.create_only, "create-only");
    add(rules.unique, "unique");
    add(rules.personal, "personal");
    add(!field.record.empty(), "of the record " + field.record);
    const bool refers = field.target && field.type != &id_type();
    add(refers, "to " + (refers ? field.target().name : std::string()));
    add(refers && !field.type->is_set(), "on delete " + std::string(name_of(rules.on_delete)));
    add(!field.choices.empty(), "one of " + join(field.choices, "|"));
    for (const Step& step : field.rules.steps)
        add(true, step.from + " to " + (step.to.empty() ? "nothing" : join(step.to, "|")));
    if (std::string text = default_of(field); !text.empty()) parts.push_back(std::move(text));
    return join(parts, ", ");
}

Line field_line(const Field& field) {
    std::string stored;
    if (field.is_derived())
        return {field.name, std::string(field.type->name()), "no column",
                field.nullable ? "null" : "not null", rules_of(field) + ", is " + derived_value(field, "t")};
    for (const Column& column : field.type->columns(field)) {
        if (!stored.empty()) stored += ", ";
        stored += column.name == field.name ? column.type : column.name + " " + column.type;
    }
    return {field.name, std::string(field.type->name()), stored, field.nullable ? "null" : "not null",
            rules_of(field)};
}

std::string names_of(const Model& model, const std::vector<int>& positions) {
    std::vector<std::string> names;
    for (const int position : positions)
        names.push_back(model.fields[static_cast<std::size_t>(position)].name);
    return join(names, ", ");
}

std::string offered(const Registry& registry, const Model& model) {
    const Resource* resource = registry.catalogue().resource_of(model);
    if (!resource) return "not mounted";
    std::string text = std::string(api_root) + resource->path + ": list, read";
    if (resource->access.create) text += ", create";
    if (resource->access.change) text += ", change";
    if (resource->access.remove) text += ", delete";
    return text;
}

}  // namespace

std::string model(const Registry& registry, const Model& model) {
    std::string text = model.name + "\n";
    if (!model.doc.empty()) text += "  " + model.doc + "\n";
    text += columns({{"table", model.table},
                     {"resource", offered(registry, model)},
                     {"order", model.order},
                     {"brief", names_of(model, model.brief)},
                     {"label", label_text(model)},
                     {"found by", names_of(model, model.label_search)},
                     {"trash", model.deleted_at >= 0 ? "yes" : "no"},
                     {"carries", model.carries ? "yes" : "no"}},
                    "  ");
    std::vector<Line> lines;
    for (const auto& [filter, value] : model.unless_asked) lines.push_back({filter, value});
    if (!lines.empty()) text += "  lists, unless asked\n" + columns(lines, "    ");
    lines.clear();
    for (const Field& field : model.fields) lines.push_back(field_line(field));
    text += "  fields\n" + columns(lines, "    ");
    lines.clear();
    for (const Check& check : model.checks) lines.push_back({check.name, check.sql, check.message});
    if (!lines.empty()) text += "  checks\n" + columns(lines, "    ");
    lines.clear();
    for (const Unique& unique : model.unique) lines.push_back({unique.name, unique.field, unique.message});
    if (!lines.empty()) text += "  unique together\n" + columns(lines, "    ");
    return text;
}

std::string settings(const StoredSettings& of) {
    std::string text = of.name + "\n  " + of.doc + "\n";
    text += columns({{"settings", of.personal ? "of each person" : "of the studio"},
                     {"read", of.read.empty() ? "signed in" : of.read},
                     {"change", of.change.empty() ? "signed in" : of.change}},
                    "  ");
    std::vector<Line> lines;
    for (const Field& field : of.type.shape().fields)
        lines.push_back({field.name, std::string(field.type->name()), rules_of(field)});
    return text + "  fields\n" + columns(lines, "    ");
}

std::string all(const Registry& registry) {
    std::string text = models(registry);
    for (const StoredSettings* of : registry.settings()) text += "\n" + settings(*of);
    return text;
}

std::string models(const Registry& registry) {
    std::map<std::string, const Model*> by_name;
    for (const Model* one : registry.catalogue().models()) by_name.emplace(one->name, one);
    std::string text;
    for (const auto& [name, one] : by_name) text += (text.empty() ? "" : "\n") + model(registry, *one);
    return text;
}

std::string routes(const Registry& registry) {
    std::vector<Operation> all = registry.operations();
    std::stable_sort(all.begin(), all.end(),
                     [](const Operation& a, const Operation& b) { return a.path < b.path; });
    std::vector<Line> lines;
    for (const Operation& one : all)
        lines.push_back({std::string(http::name_of(one.method)), std::string(api_root) + one.path,
                         one.access(), one.summary});
    return columns(lines);
}

std::string errors(const Registry& registry) {
    std::vector<Line> lines;
    const auto add = [&](const ProblemKind& kind) {
        lines.push_back({std::to_string(kind.status), kind.code, kind.meaning});
    };
    for (const ProblemKind& kind : core_problems()) add(kind);
    for (const App& app : registry.apps())
        for (const ProblemKind& kind : app.problems) add(kind);
    for (const Model* one : registry.catalogue().models())
        for (const Unique& unique : one->unique) add({one->app + "." + unique.name, 409, unique.message});
    std::sort(lines.begin(), lines.end());
    lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
    return columns(lines);
}

std::string settings() {
    std::vector<Line> lines;
    for (const SettingDescription& one : setting_descriptions())
        lines.push_back({one.name,
                         one.secret                  ? "(secret)"
                         : one.default_value.empty() ? "-"
                                                     : one.default_value,
                         one.help});
    return columns(lines);
}

}  // namespace tamiti::print
