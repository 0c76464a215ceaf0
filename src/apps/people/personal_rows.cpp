#include "apps/people/personal_rows.hpp"

#include <algorithm>
#include <optional>

#include "apps/users/service.hpp"
#include "core/model/catalogue.hpp"
#include "core/model/list.hpp"
#include "core/model/member.hpp"
#include "core/model/output.hpp"

namespace tamiti::people {
namespace {

constexpr int page_rows = 100;

/// The rows of one model that name a person.
struct NamingRows {
    ReadTx& tx;
    const Resource& resource;
    const Actor& self;      ///< the person
    std::string condition;  ///< over the row aliased t; the person is $1

    struct Count {
        std::int64_t all = 0;
        std::int64_t visible = 0;  ///< to the person
    };
    Count count() const {
        db::Params params = db::Params::of(self.id);
        const auto number_of = [&](const std::string& from) {
            return "(SELECT count(*) FROM " + from + " t WHERE " + condition + ")";
        };
        const std::string visible = shown_rows(params);
        const db::Result found = tx.transaction().run(
            "SELECT " + number_of(resource.model->table) + ", " + number_of(visible), params);
        return {found[0].integer(0), found[0].integer(1)};
    }

    /// What the person may see, and what is theirs whatever they may see.
    std::string shown_rows(db::Params& params) const {
        const Model& model = *resource.model;
        const std::string visible = visible_rows(resource, self).render(params);
        if (model.person < 0) return visible;
        const std::string& whose = model.fields[static_cast<std::size_t>(model.person)].name;
        return "(SELECT * FROM " + model.table + " AS o WHERE o." + whose +
               " = $1 OR o.id IN (SELECT v.id FROM " + visible + " v))";
    }
};

/// Writes the visible ones as an array, newest first, until there are `most` or the document has so many
/// bytes; answers how many it wrote.
std::int64_t write_rows(const NamingRows& rows, std::int64_t most, std::size_t document_bytes,
                        json::Writer& writer) {
    db::Params params = db::Params::of(rows.self.id);
    const std::string visible = rows.shown_rows(params);
    const Output output(*rows.tx.site().catalogue, rows.resource, rows.self, {}, params);
    const std::string select = "SELECT " + output.columns() + ", t.id FROM " + visible + " t" +
                               output.joins() + " WHERE " + rows.condition;
    std::int64_t written = 0;
    const auto is_full = [&] { return written == most || writer.buffer().size() >= document_bytes; };
    std::optional<Uuid> last;
    writer.begin_array();
    for (bool is_more = !is_full(); is_more;) {
        db::Params values = params;
        const std::string after = last ? " AND t.id < $" + std::to_string(values.add(*last)) : std::string();
        const db::Result page = rows.tx.transaction().run(
            select + after + " ORDER BY t.id DESC LIMIT " + std::to_string(page_rows), values);
        for (const db::Row row : page) {
            if (is_full()) break;
            std::string json;
            output.write(row, json);
            writer.raw(json);
            ++written;
        }
        is_more = page.size() == page_rows && !is_full();
        if (is_more) last = stored_uuid(page[page_rows - 1].text(output.column_count()));
    }
    writer.end_array();
    return written;
}

/// "names the person in $1" over the row aliased t; empty where no field of the model can.
std::string names_person(const Model& model) {
    std::string condition;
    for (const Field& field : model.fields) {
        if (!field.target || &field.target() != &model_of(tag<users::User>{})) continue;
        const bool is_list = field.type == &reference_list_type();
        condition += condition.empty() ? "(" : " OR ";
        condition += is_list ? "t." + field.name + " @> ARRAY[$1::uuid]" : "t." + field.name + " = $1::uuid";
    }
    return condition.empty() ? condition : condition + ")";
}

void write_records_of(const NamingRows& rows, int most, std::size_t document_bytes, json::Writer& writer) {
    const NamingRows::Count count = rows.count();
    if (count.all == 0) return;
    writer.begin_object();
    writer.key("model");
    writer.string(rows.resource.model->name);
    writer.key("rows");
    // No more than were counted, where somebody makes some meanwhile.
    const std::int64_t shown =
        write_rows(rows, std::min<std::int64_t>(most, count.visible), document_bytes, writer);
    writer.key("withheld");
    writer.integer(count.all - count.visible);
    writer.key("left_out");
    writer.integer(count.visible - shown);
    writer.end_object();
}

}  // namespace

void write_personal_rows(ReadTx& tx, const users::User& person, json::Writer& writer, RecordBounds bounds) {
    writer.key("account");
    std::string account;
    const Catalogue& catalogue = *tx.site().catalogue;
    const Resource& people = *catalogue.resource_of(model_of(tag<users::User>{}));
    read(tx, people, Actor::system(), person.id.value, {}, account);
    writer.raw(account);
    const Actor self = users::actor_of(person, *tx.site().permissions);
    const std::size_t document_bytes = writer.buffer().size() + bounds.bytes;
    writer.key("records");
    writer.begin_array();
    for (const Resource* resource : catalogue.resources()) {
        const std::string condition = names_person(*resource->model);
        if (condition.empty()) continue;
        write_records_of({tx, *resource, self, condition}, bounds.rows, document_bytes, writer);
    }
    writer.end_array();
}

}  // namespace tamiti::people
