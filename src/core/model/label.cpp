#include "core/model/label.hpp"

#include <algorithm>
#include <stdexcept>

#include "core/base/sentences.hpp"
#include "core/model/member.hpp"
#include "core/model/record.hpp"
#include "core/model/resource.hpp"
#include "core/model/tx.hpp"

namespace tamiti {
namespace {

constexpr int longest_label = 200;

[[noreturn]] void fault(const Model& model, const std::string& what) {
    throw std::logic_error(model.name + ": " + what);
}

bool is_text(const Field& field) {
    return has(field.type->matches(), Match::contains);
}

int place_of(const Model& model, std::string_view name) {
    const Field* field = model.find(name);
    if (!field) fault(model, "the label names " + std::string(name) + ", which is no field");
    if (field->rules.read)
        fault(model, field->name + " needs a permission to be read, so no row is called by it");
    if (field->target || field->type->is_set() || field->type == &json_type() || field->type == &row_type())
        fault(model,
              field->name + " is " + with_article(field->type->name()) + ", so no row is called by it");
    return model.position_of(*field);
}

std::vector<LabelPart> parts_of(const Model& model, std::string_view label) {
    if (label.find_first_of("{}") == label.npos) return {{.field = place_of(model, label)}};
    std::vector<LabelPart> parts;
    while (!label.empty()) {
        const std::size_t open = label.find('{');
        const std::string text(label.substr(0, open));
        if (text.find('}') != text.npos) fault(model, "the label has a } without its {");
        if (!text.empty()) parts.push_back({.text = text});
        if (open == label.npos) break;
        const std::size_t close = label.find('}', open);
        if (close == label.npos) fault(model, "the label has a { without its }");
        parts.push_back({.field = place_of(model, label.substr(open + 1, close - open - 1))});
        label.remove_prefix(close + 1);
    }
    return parts;
}

/// What a model without a label calls its rows.
std::vector<LabelPart> usual_parts(const Model& model) {
    for (const int position : model.brief) {
        const Field& field = model.fields[static_cast<std::size_t>(position)];
        if (is_text(field) && !field.rules.read && field.record.empty()) return {{.field = position}};
    }
    return {{.text = noun_of(model)}};
}

}  // namespace

void complete_label(Model& model, const Description& description) {
    model.label = description.label.empty() ? usual_parts(model) : parts_of(model, description.label);
    for (const std::string& name : description.label_search) {
        const int position = place_of(model, name);
        if (!is_text(model.fields[static_cast<std::size_t>(position)]))
            fault(model, name + " is no text, so no row is found by it");
        model.label_search.push_back(position);
    }
    if (!description.label_search.empty()) return;
    for (const LabelPart& part : model.label)
        if (part.field >= 0 && is_text(model.fields[static_cast<std::size_t>(part.field)]))
            model.label_search.push_back(part.field);
}

std::string label_text(const Model& model) {
    std::string text;
    for (const LabelPart& part : model.label)
        text +=
            part.field < 0 ? part.text : "{" + model.fields[static_cast<std::size_t>(part.field)].name + "}";
    return text;
}

Sql label_sql(const Model& model, std::string_view alias) {
    std::vector<Sql> pieces;
    for (const LabelPart& part : model.label) {
        if (part.field < 0) {
            pieces.push_back(db::literal(part.text));
        } else {
            const Field& field = model.fields[static_cast<std::size_t>(part.field)];
            pieces.push_back(Sql::verbatim(field.type->select(field, alias)));
        }
    }
    return {"coalesce(nullif(left(btrim(concat({})), {}), ''), {})", db::join(pieces, ", "),
            Sql::verbatim(std::to_string(longest_label)), db::literal(noun_of(model))};
}

std::string noun_of(const Model& model) {
    std::string noun = model.noun;
    std::ranges::replace(noun, '_', ' ');
    return noun;
}

std::string label_of(ReadTx& tx, const Record& record) {
    const Model& model = *carrier(tx, record, "on").model;
    const auto label = tx.value<std::optional<std::string>>(Sql{
        "SELECT {} FROM {} AS t WHERE t.id = {}", label_sql(model, "t"), db::name(model.table), record.row});
    return label ? noun_of(model) + " " + *label : noun_of(model);
}

}  // namespace tamiti
