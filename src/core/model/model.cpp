#include "core/model/model.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>

#include "core/base/text.hpp"
#include "core/model/conditions.hpp"
#include "core/model/derived.hpp"
#include "core/model/fields/json_forms.hpp"
#include "core/model/label.hpp"
#include "core/model/member.hpp"
#include "core/model/seen.hpp"
#include "core/model/steps.hpp"

namespace tamiti {
namespace {

[[noreturn]] void fault(const Model& model, const std::string& what) {
    throw std::logic_error(model.name + ": " + what);
}

void check_field(const Model& model, const Field& field) {
    const auto& rules = field.rules;
    if (rules.search && rules.read)
        fault(model, field.name + " is searched, so it can't need a permission to be read");
    if (rules.search && (rules.search < 'A' || rules.search > 'D'))
        fault(model, field.name + " has a search weight beyond A to D");
    const auto wanted = static_cast<unsigned>(rules.filter);
    if ((wanted & ~static_cast<unsigned>(field.type->matches())) != 0)
        fault(model,
              field.name + " asks for a filter that " + std::string(field.type->name()) + " doesn't have");
    if (rules.on_delete == Delete::set_null && !field.nullable)
        fault(model, field.name + " can't be null, so not set to null");
    if (is_condition(field.name)) fault(model, field.name + " is what lists call their conditions");
    check_steps(model, field);
    for (const auto& [choice, label] : field.rules.labels)
        if (std::ranges::find(field.choices, choice) == field.choices.end())
            fault(model, field.name + " labels the choice " + choice + ", which it doesn't have");
}

void find_well_known(Model& model) {
    model.id = model.position_of("id");
    model.version = model.position_of("version");
    model.created_at = model.position_of("created_at");
    model.updated_at = model.position_of("updated_at");
    model.deleted_at = model.position_of("deleted_at");
    if (model.id < 0) fault(model, "a model needs uuid_model");
    if (model.version < 0) fault(model, "a model needs time_stamped_model");
}

Sql select_list(const Model& model) {
    std::string columns;
    for (const Field& field : model.fields) {
        if (!columns.empty()) columns += ", ";
        columns += field.is_derived() ? "NULL" : field.type->select(field, "t");
    }
    return Sql::verbatim(std::move(columns));
}

void find_records(Model& model) {
    for (const Field& field : model.fields) {
        if (field.record.empty() || field.type == &row_type()) continue;
        const int at = model.position_of(field);
        model.records.push_back({field.record, at, at + 1});  // described together, the row behind the model
    }
}

void find_person(Model& model, const std::string& person) {
    model.person = person.empty() ? -1 : model.position_of(person);
    if (!person.empty() && model.person < 0)
        fault(model, "there is no field " + person + " to say whose the row is");
    const bool has_personal =
        std::ranges::any_of(model.fields, [](const Field& field) { return field.rules.personal; });
    if (has_personal && model.person < 0)
        fault(model, "personal fields need `person`, the field that says whose they are");
    if (!has_personal && model.person >= 0) fault(model, "`person` is for models with personal fields");
    if (model.person >= 0 && model.fields[static_cast<std::size_t>(model.person)].rules.personal)
        fault(model, person + " says whose the row is, so it can't be erased with them");
}

void check_within(const Model& model) {
    const Field* within = model.find(model.within);
    if (!within) fault(model, "there is no field " + model.within + " to reach rows by");
    if (within->type->column_type(*within) != "uuid" || within->nullable)
        fault(model, "`within` is a reference that is never null, which " + model.within + " is not");
}

}  // namespace

int Model::position_of(std::string_view field_name) const {
    const auto found = positions.find(std::string(field_name));
    return found == positions.end() ? -1 : found->second;
}

const Field* Model::find(std::string_view field_name) const {
    const int position = position_of(field_name);
    return position < 0 ? nullptr : &fields[static_cast<std::size_t>(position)];
}

const Field& Model::field(std::string_view field_name) const {
    const Field* found = find(field_name);
    if (!found) throw std::logic_error(name + " has no field " + std::string(field_name));
    return *found;
}

std::string insertion_of(const Model& model, std::size_t rows) {
    std::vector<Column> columns;
    for (const Field& field : model.fields)
        if (!field.is_derived()) std::ranges::move(field.type->columns(field), std::back_inserter(columns));
    std::vector<std::string> names;
    for (const Column& column : columns) names.push_back(column.name);
    std::string values;
    int parameter = 0;
    for (std::size_t row = 0; row < rows; ++row) {
        std::vector<std::string> placeholders;
        for (const Column& column : columns) placeholders.push_back(placeholder(++parameter, column.type));
        values += (values.empty() ? "(" : ", (") + join(placeholders, ", ") + ")";
    }
    return "INSERT INTO " + model.table + " AS t (" + join(names, ", ") + ") VALUES " + values;
}

Model make_model(std::string name, Description description, std::size_t members) {
    Model model{.name = std::move(name),
                .app = {},
                .noun = {},
                .table = std::move(description.table),
                .doc = std::move(description.doc),
                .fields = {},
                .checks = std::move(description.checks),
                .unique = std::move(description.unique),
                .order = std::move(description.order),
                .brief = {},
                .console = std::move(description.console),
                .schema = std::move(description.schema),
                .within = std::move(description.within),
                .unless_asked = std::move(description.unless_asked),
                .filters = std::move(description.filters),
                .carries = description.carries};
    const std::size_t dot = model.name.find('.');
    if (dot == std::string::npos) fault(model, "a model's name is app.noun");
    model.app = model.name.substr(0, dot);
    model.noun = model.name.substr(dot + 1);
    for (FieldGroup& group : description.fields) {
        for (Field& field : group.fields) {
            const int position = static_cast<int>(model.fields.size());
            if (!model.positions.emplace(field.name, position).second)
                fault(model, "two fields are named " + field.name);
            field.json_key = "\"" + field.name + "\":";
            check_field(model, field);
            model.searchable = model.searchable || field.rules.search != 0;
            model.fields.push_back(std::move(field));
        }
    }
    for (Field& field : model.fields)
        if (field.is_derived()) complete_derived(model, field);
    find_records(model);
    if (model.fields.size() - model.records.size() != members)
        fault(model, std::to_string(members) + " members but " + std::to_string(model.fields.size()) +
                         " described fields");
    find_well_known(model);
    complete_guards(model);
    model.columns = select_list(model);
    model.insertion = insertion_of(model, 1);
    find_person(model, description.person);
    check_within(model);
    model.brief.push_back(model.id);
    for (const auto& brief : description.brief) {
        const Field* field = model.find(brief);
        if (!field) fault(model, "the brief form has no field " + brief);
        if (field->is_derived()) fault(model, "the brief form has no room for the derived field " + brief);
        model.brief.push_back(model.position_of(brief));
    }
    complete_label(model, description);
    for (const FilterThrough& filter : model.filters)
        if (model.find(filter.field.name)) fault(model, filter.field.name + " is a field and a filter");
    check_console(model);
    return model;
}

}  // namespace tamiti
