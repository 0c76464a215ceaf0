#include <boost/json.hpp>

#include "core/audit/entries.hpp"
#include "core/base/text.hpp"
#include "core/model/member.hpp"
#include "core/model/summary.hpp"
#include "core/model/trash.hpp"
#include "core/openapi/openapi_parts.hpp"

namespace tamiti::openapi_parts {
namespace {

object query(std::string name, object schema, std::string description) {
    object made{{"name", std::move(name)}, {"in", "query"}, {"schema", std::move(schema)}};
    if (!description.empty()) made["description"] = std::move(description);
    return made;
}

/// Several values in one parameter, separated by commas.
object list_query(std::string name, object item, std::string description) {
    object schema{{"type", "array"}, {"minItems", 1}, {"items", std::move(item)}};
    object made = query(std::move(name), std::move(schema), std::move(description));
    made["style"] = "form";
    made["explode"] = false;
    return made;
}

object choices(const std::vector<std::string>& names) {
    array made;
    for (const auto& name : names) made.emplace_back(name);
    return {{"type", "string"}, {"enum", std::move(made)}};
}

/// A parameter that many operations share, under components.
object shared(Parts& parts, std::string_view name, object parameter) {
    return parts.components.refer_to("parameters", std::string(name), Components::engine(),
                                     std::move(parameter));
}

/// What a filter compares with: the field's own schema, or one of its items; plain text where a query can't
/// carry the JSON form.
object filter_schema(const Field& field) {
    object schema = field.type->schema(field);
    if (value* items = schema.if_contains("items"); items && items->is_object())
        schema = object(items->as_object());
    for (const char* other : {"minLength", "description", "examples"}) schema.erase(other);
    const value* type = schema.if_contains("type");
    if (!type || !type->is_string() || *type == "object" || *type == "array") return {{"type", "string"}};
    return schema;
}

/// Words that stand for values of the field.
std::string stand_ins(const Field& field) {
    const bool refers = field.type == &reference_type() || field.type == &reference_list_type();
    if (refers && field.target().noun == "user") return "`me` stands for your own id.";
    if (field.type == &date_type())
        return "`today`, `today+7d` and `today-7d` count from today in your time zone.";
    if (field.type == &timestamp_type())
        return "`today`, `today+7d` and `today-7d` are the first instants of those days.";
    if (field.type == &money_type()) return "An amount and its currency: `1250 USD`.";
    return {};
}

std::string filter_text(const Field& field, const std::string& sentence, bool has_value = true) {
    std::string text = sentence;
    if (const std::string words = stand_ins(field); has_value && !words.empty()) text += " " + words;
    if (field.rules.read) text += " Needs the permission `" + std::string(field.rules.read) + "`.";
    return text;
}

void add_set_filters(const Field& field, array& into) {
    if (!has(field.rules.filter, Match::any)) return;
    into.emplace_back(
        list_query(field.name + "__any", filter_schema(field), filter_text(field, "Has one of these.")));
    into.emplace_back(
        list_query(field.name + "__all", filter_schema(field), filter_text(field, "Has all of these.")));
}

void add_filters_of(const Field& field, array& into) {
    const Match filter = field.rules.filter;
    const object schema = filter_schema(field);
    if (field.type->is_set()) return add_set_filters(field, into);
    if (has(filter, Match::equal))
        into.emplace_back(query(field.name, schema, filter_text(field, "Equals this.")));
    if (filter != Match::none && field.nullable)
        into.emplace_back(query(field.name + "__isnull", {{"type", "boolean"}},
                                filter_text(field, "Has no value, or has one.", false)));
    if (has(filter, Match::any))
        into.emplace_back(list_query(field.name + "__in", schema, filter_text(field, "Is one of these.")));
    if (has(filter, Match::range)) {
        into.emplace_back(query(field.name + "__lt", schema, filter_text(field, "Is less than this.")));
        into.emplace_back(query(field.name + "__lte", schema, filter_text(field, "Is this or less.")));
        into.emplace_back(query(field.name + "__gt", schema, filter_text(field, "Is more than this.")));
        into.emplace_back(query(field.name + "__gte", schema, filter_text(field, "Is this or more.")));
    }
    if (has(filter, Match::contains))
        into.emplace_back(query(field.name + "__icontains", {{"type", "string"}},
                                filter_text(field, "Contains this text, whatever its case.")));
}

/// Whether every model has the field, so that its filters are the same everywhere.
bool is_everywhere(const Model& model, const Field& field) {
    const int at = model.position_of(field);
    return at == model.id || at == model.created_at || at == model.updated_at;
}

/// Says at the filter what lists do which have none on its field.
void add_unless_asked(const Model& model, const Field& field, array& filters) {
    for (const auto& [name, value] : model.unless_asked) {
        if (std::string_view(name).substr(0, name.find("__")) != field.name) continue;
        for (auto& each : filters) {
            object& filter = each.as_object();
            if (filter.at("name").as_string() != name) continue;
            std::string text(filter.at("description").as_string());
            text += " It is `" + value + "` where no filter is on `" + field.name + "`.";
            filter["description"] = std::move(text);
        }
    }
}

/// The filters of a field, each a component: a model's list and its summary have the same.
void add_filters(Parts& parts, const Model& model, const Field& field, array& into) {
    array filters;
    add_filters_of(field, filters);
    add_unless_asked(model, field, filters);
    for (value& filter : filters) {
        // "id" is also what paths carry.
        const std::string name = "Filter" + camel(std::string(filter.at("name").as_string()));
        if (is_everywhere(model, field))
            into.emplace_back(shared(parts, name, std::move(filter.as_object())));
        else
            into.emplace_back(parts.components.refer_to("parameters", schema_name(model) + name,
                                                        owner_of(model), std::move(filter.as_object())));
    }
}

object ordering(const Model& model) {
    std::vector<std::string> names;
    for (const Field& field : model.fields) {
        if (!field.rules.sort) continue;
        names.push_back(field.name);
        names.push_back("-" + field.name);
    }
    if (names.empty()) return {};
    return list_query("ordering", choices(names),
                      "Sort keys, first to last; a minus turns one around. Without it: `" + model.order +
                          "`. A unique key is always added at the end.");
}

void add_trash(Parts& parts, const Model& model, array& into) {
    const Resource* resource = parts.documented.catalogue.resource_of(model);
    if (!resource || !has_trash(*resource)) return;
    into.emplace_back(shared(parts, "Deleted",
                             query("deleted", {{"type", "boolean"}, {"default", false}},
                                   "Rows in the trash that you may restore, instead of the others.")));
}

void add_conditions(Parts& parts, array& into) {
    into.emplace_back(shared(
        parts, "Or",
        query("or", {{"type", "string"}},
              "Any of these conditions: `(status.eq.active,priority.in.(high,urgent))`. Each is a filter as "
              "`name.operator.value`, with `eq` where the filter has no ending and a point in place of `__`; "
              "or `and(…)`, `or(…)`, `not(…)`. Values with commas or brackets stand in double quotes.")));
    into.emplace_back(
        shared(parts, "Not",
               query("not", {{"type", "string"}}, "Not all of these conditions, written as those of `or`.")));
}

void add_pages(Parts& parts, array& into) {
    into.emplace_back(
        shared(parts, "Page",
               query("page", {{"type", "integer"}, {"minimum", 1}, {"default", 1}}, "The page, from 1.")));
    into.emplace_back(
        shared(parts, "PageSize",
               query("page_size", {{"type", "integer"}, {"minimum", 1}, {"maximum", 200}, {"default", 25}},
                     "Rows of a page.")));
}

void add_paging(Parts& parts, array& into) {
    add_pages(parts, into);
    into.emplace_back(shared(
        parts, "Cursor",
        query("cursor", {{"type", "string"}},
              "Pages that stay put while rows are added: send it empty for the first page, then follow "
              "`next`. There is no count, and `page` has no meaning.")));
    into.emplace_back(shared(
        parts, "Count",
        query("count", choices({"exact", "none", "estimated"}),
              "How `count` is found. By itself, and as `estimated`, which counts pages by cursor too, it is "
              "exact up to 10,000 and the least that is certain beyond, with `count_exact` false.")));
}

void into_file(Parts& parts, array& into) {
    into.emplace_back(shared(
        parts, "Format",
        query(
            "format", choices({"json", "csv", "xlsx"}),
            "`csv` and `xlsx` answer all rows as a file, without `page`, `page_size`, `cursor`, `count`, "
            "`expand` and `can`. Money has two columns, `…` and `…_currency`; what names rows by their ids, "
            "people too, has their labels beside them, `…_label`; times are in UTC.")));
}

void add_selection(Parts& parts, const Model& model, array& into) {
    std::vector<std::string> names;
    for (const Field& field : model.fields) names.push_back(field.name);
    const auto add = [&](const char* suffix, object parameter) {
        into.emplace_back(parts.components.refer_to("parameters", schema_name(model) + suffix,
                                                    owner_of(model), std::move(parameter)));
    };
    add("Fields", list_query("fields", choices(names), "Answer these fields alone."));
    const std::vector<std::string> embedded = expandable(parts.documented.catalogue, model, 2);
    if (!embedded.empty())
        add("Expand",
            list_query("expand", choices(embedded),
                       "Embed the rows that these references lead to; with `fields`, name them there too."));
    into.emplace_back(shared(parts, "Can",
                             query("can", {{"type", "boolean"}, {"default", false}},
                                   "With each row, `can`: what you may do to it.")));
    into.emplace_back(shared(
        parts, "IfNoneMatch",
        object{{"name", "If-None-Match"},
               {"in", "header"},
               {"schema", object{{"type", "string"}}},
               {"description", "An ETag that you have; when the answer is still the same, it is 304."}}));
}

/// What says which rows are meant.
array row_parameters(Parts& parts, const Model& model) {
    array made;
    for (const Field& field : model.fields) add_filters(parts, model, field, made);
    for (const FilterThrough& through : model.filters) add_filters(parts, model, through.field, made);
    add_conditions(parts, made);
    if (model.searchable)
        made.emplace_back(
            shared(parts, "Search",
                   query("search", {{"type", "string"}, {"maxLength", 200}},
                         "Words to find, in any form, also half typed or mistyped; best first.")));
    return made;
}

}  // namespace

array list_parameters(Parts& parts, const Model& model) {
    array made = row_parameters(parts, model);
    if (object order = ordering(model); !order.empty()) made.emplace_back(std::move(order));
    add_trash(parts, model, made);
    add_paging(parts, made);
    into_file(parts, made);
    add_selection(parts, model, made);
    return made;
}

array summary_parameters(Parts& parts, const Model& model) {
    array made = row_parameters(parts, model);
    add_trash(parts, model, made);
    if (const auto names = group_names(model, nullptr); !names.empty())
        made.emplace_back(list_query("group", choices(names),
                                     "Up to three fields. Of a period the first day is answered, of times in "
                                     "your time zone, of weeks the Monday."));
    if (const auto names = sum_names(model, nullptr); !names.empty())
        made.emplace_back(list_query("sum", choices(names), "What to add up, money by currency."));
    return made;
}

array read_parameters(Parts& parts, const Model& model) {
    array made;
    add_trash(parts, model, made);
    add_selection(parts, model, made);
    return made;
}

array history_parameters(Parts& parts) {
    array made{path_parameter(parts, "id")};
    add_pages(parts, made);
    made.emplace_back(
        shared(parts, "HistoryExpand",
               list_query("expand", choices(audit::expandable_in(audit::Detail::history)),
                          "Embed who did it, and the rows that references among the values lead to.")));
    made.emplace_back(shared(
        parts, "HistoryFormat",
        query("format", choices({"json", "csv", "xlsx"}),
              "`csv` and `xlsx` answer all changes as a file, a line for each field that changed, without "
              "`page`, `page_size` and `expand`; ids have labels beside them.")));
    return made;
}

object text_parameter(const std::string& name) {
    return object{{"name", name},
                  {"in", "path"},
                  {"required", true},
                  {"description", "The name of the " + name + "."},
                  {"schema", object{{"type", "string"}, {"minLength", 1}}},
                  {"example", "users.user"}};
}

array verb_parameters(Parts& parts, const Route& route) {
    array made;
    for (const auto& name : path_parameters(route.path))
        made.emplace_back(route.takes_text ? text_parameter(name) : path_parameter(parts, name));
    const bool reads_query = route.method == http::Method::get || route.options.takes_file > 0;
    if (!reads_query || !route.input) return made;
    for (const Field& field : route.input->fields) {
        object schema = field.type->schema(field);
        object parameter = field.type->is_set()
                               ? list_query(field.name, filter_schema(field), about(field, true))
                               : query(field.name, std::move(schema), about(field, true));
        if (field.rules.required) parameter["required"] = true;
        made.emplace_back(std::move(parameter));
    }
    return made;
}

object path_parameter(Parts& parts, const std::string& name) {
    std::string component;
    for (const auto part : split(name, '_')) {
        component += std::string(part);
        char& first = component[component.size() - part.size()];
        if (first >= 'a' && first <= 'z') first = static_cast<char>(first - 'a' + 'A');
    }
    return shared(parts, component,
                  object{{"name", name},
                         {"in", "path"},
                         {"required", true},
                         {"description", name == "id" ? "The row's id." : "The id of the " + name + "."},
                         {"schema", object{{"type", "string"}, {"format", "uuid"}}}});
}

object if_match(Parts& parts) {
    return shared(
        parts, "IfMatch",
        object{{"name", "If-Match"},
               {"in", "header"},
               {"schema", object{{"type", "string"}}},
               {"description",
                "The ETag of the row as you know it; when the row has changed since, nothing is done "
                "and the answer is 412 with the row as it is."}});
}

object idempotency_key(Parts& parts) {
    return shared(
        parts, "IdempotencyKey",
        object{
            {"name", "Idempotency-Key"},
            {"in", "header"},
            {"schema",
             object{{"type", "string"}, {"minLength", 1}, {"maxLength", 255}, {"pattern", "^[ -~]+$"}}},
            {"description",
             "A text of your own for this request, such as a UUID. Sent again with the same key and the same "
             "body, the request changes nothing and gets the first answer again."}});
}

}  // namespace tamiti::openapi_parts
