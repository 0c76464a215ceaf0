#include "core/model/uses.hpp"

#include <algorithm>

#include "core/base/text.hpp"
#include "core/model/label.hpp"
#include "core/model/listing.hpp"
#include "core/model/member.hpp"
#include "core/model/nested.hpp"
#include "core/model/output.hpp"
#include "core/model/record.hpp"

namespace tamiti {
namespace {

constexpr int most_shown = 5;
constexpr std::size_t most_named = 3;  // of each field, in the sentence of a refusal

/// One way in which rows refer to others.
struct Reference {
    const Resource* resource = nullptr;
    std::string field;
    Sql leads_there;       ///< condition over the row aliased t
    RecordsNamed about{};  ///< of a Record
};

bool restricts(const Field& field, const Model& model) {
    return field.type == &reference_type() && field.rules.on_delete == Delete::restrict &&
           &field.target() == &model;
}

bool refers(const Field& field, const Model& model, Referring referring) {
    if (referring == Referring::restricting) return restricts(field, model);
    return field.target && field.type != &id_type() && &field.target() == &model;
}

/// The column's index of elements answers containment, and nothing else of a list.
Sql leads_to(const Field& field, const Uuid& id) {
    const Sql column = db::name(field.name);
    return field.type->is_set() ? Sql("t.{} @> ARRAY[{}]::uuid[]", column, id) : Sql("t.{} = {}", column, id);
}

/// Every reference to the row that the actor may read.
std::vector<Reference> references_to(const Catalogue& catalogue, const Actor& who, const Model& model,
                                     const Uuid& id, Referring referring) {
    std::vector<Reference> found;
    for (const Resource* resource : catalogue.resources()) {
        if (resource->visible_to(who).is_none()) continue;
        const Model& from = *resource->model;
        for (const Field& field : from.fields)
            if (refers(field, model, referring) && readable(field, who))
                found.push_back({resource, field.name, leads_to(field, id)});
        if (!model.carries || referring == Referring::restricting) continue;
        for (const RecordFields& record : from.records) {
            if (!readable(from.fields[static_cast<std::size_t>(record.row)], who)) continue;
            const Sql condition{"t.{} = {} AND t.{} = {}", db::name(record.name + "_model"),
                                db::literal(model.name), db::name(record.name + "_row"), id};
            const bool is_seen_with = resource->access.seen_with == record.name;
            found.push_back({resource, record.name, condition,
                             is_seen_with ? RecordsNamed{model.name, true} : RecordsNamed{}});
        }
    }
    return found;
}

struct Found {
    int place = 0;  ///< of the reference
    Uuid id{};
    std::string label{};
    int count = 0;
};
BOOST_DESCRIBE_STRUCT(Found, (), (place, id, label, count))

/// The first rows that refer by one reference, each with how many there are.
std::string rows_of(const Reference& reference, std::size_t place, const Actor& who, db::Params& params) {
    const Model& model = *reference.resource->model;
    const std::string label = label_sql(model, "t").render(params);
    const std::string condition = reference.leads_there.render(params);
    const std::string most = std::to_string(most_counted_uses);
    const std::string found = first_visible(*reference.resource, who, "t.id, " + label + " AS label",
                                            condition, most_counted_uses, params, reference.about);
    return "(SELECT " + std::to_string(place) +
           " AS place, f.id, f.label, (count(*) OVER ())::int AS count FROM "
           "(SELECT * FROM (" +
           found + ") s LIMIT " + most + ") f ORDER BY f.id LIMIT " + std::to_string(most_shown) + ")";
}

std::string plural_of(const Resource& resource) {
    std::string words = resource.path.substr(1);
    for (char& letter : words)
        if (letter == '-' || letter == '/') letter = ' ';
    return words;
}

/// "projects Harvest campaign, Nile film and 3 more"
std::string in_words(const Use& use, const Resource& resource) {
    std::vector<std::string> names;
    for (const UsingRow& row : use.rows)
        if (names.size() < most_named) names.push_back(row.label);
    const int more = use.count - static_cast<int>(names.size());
    std::string text = plural_of(resource) + " " + join(names, ", ");
    if (use.count >= most_counted_uses) return text + " and many more";
    return more > 0 ? text + " and " + std::to_string(more) + " more" : text;
}

}  // namespace

std::vector<Use> uses_of(ReadTx& tx, const Actor& who, const Model& model, const Uuid& id,
                         Referring referring) {
    const std::vector<Reference> references = references_to(*tx.site().catalogue, who, model, id, referring);
    if (references.empty()) return {};
    std::string sql;
    db::Params params;
    for (std::size_t place = 0; place < references.size(); ++place)
        sql += (place == 0 ? "" : " UNION ALL ") + rows_of(references[place], place, who, params);
    std::vector<Use> uses;
    int last = -1;
    for (Found& row : rows_of<Found>(
             tx.transaction().run("SELECT * FROM (" + sql + ") used ORDER BY place, id", params))) {
        const Reference& reference = references[static_cast<std::size_t>(row.place)];
        if (row.place != last) uses.push_back({reference.resource->model->name, reference.field, row.count});
        last = row.place;
        uses.back().rows.push_back(
            {row.id, std::move(row.label), reference.resource->path + "/" + row.id.text()});
    }
    return uses;
}

const Shape& uses_shape() {
    static const Shape shape = shape_of<Uses>();
    return shape;
}

void write_uses(ReadTx& tx, const Resource& resource, const Actor& who, const Uuid& id, std::string_view root,
                std::string& out) {
    if (!tx.row_lies_in(*resource.model, id, resource.visible_to(who))) throw NotFound();
    Uses answer{uses_of(tx, who, *resource.model, id)};
    for (Use& use : answer.uses)
        for (UsingRow& row : use.rows) row.path.insert(0, root);
    write_shape(uses_shape(), who, &answer, out);
}

bool is_restricted(const Catalogue& catalogue, const Model& model) {
    return std::ranges::any_of(catalogue.models(), [&](const Model* other) {
        return std::ranges::any_of(other->fields,
                                   [&](const Field& field) { return restricts(field, model); });
    });
}

Problem still_in_use(ReadTx& tx, const Actor& who, const Model& model, const Uuid& id) {
    const Catalogue& catalogue = *tx.site().catalogue;
    std::vector<std::string> users;
    for (const Use& use : uses_of(tx, who, model, id, Referring::restricting))
        users.push_back(in_words(use, *catalogue.resource_of(*catalogue.model_named(use.model))));
    const std::string is_used = "This " + noun_of(model) + " is in use";
    return Conflict("data.reference",
                    users.empty() ? is_used + "." : is_used + ": " + join(users, "; ") + ".");
}

}  // namespace tamiti
