#include "apps/people/personal_rows.hpp"

#include <algorithm>
#include <boost/describe/class.hpp>
#include <optional>

#include "apps/users/service.hpp"
#include "core/model/catalogue.hpp"
#include "core/model/derived.hpp"
#include "core/model/list.hpp"
#include "core/model/member.hpp"
#include "core/model/output.hpp"

namespace tamiti::people {
namespace {

constexpr int page_rows = 100;

/// How many rows of a model name a person.
struct RowCount {
    std::int64_t all_rows = 0;
    std::int64_t shown_rows = 0;  ///< to the person
};
BOOST_DESCRIBE_STRUCT(RowCount, (), (all_rows, shown_rows))

/// The rows of one model that name a person.
struct NamingRows {
    ReadTx& tx;
    const Resource& resource;
    const Actor& self;  ///< the person
    Sql condition;      ///< over the row aliased t

    RowCount count() const {
        return tx.one<RowCount>(Sql{R"(SELECT (SELECT count(*) FROM {} t WHERE {}) AS all_rows,
                                              (SELECT count(*) FROM {} t WHERE {}) AS shown_rows)",
                                    db::name(resource.model->table), condition, shown(), condition});
    }

    /// What the person may see, and what is theirs whatever they may see: a table to select from.
    Sql shown() const {
        const Model& model = *resource.model;
        const Sql visible = visible_rows(resource, self);
        if (model.person < 0) return visible;
        const std::string& whose = model.fields[static_cast<std::size_t>(model.person)].name;
        return {"(SELECT * FROM {} AS o WHERE o.{} = {} OR o.id IN (SELECT v.id FROM {} v))",
                db::name(model.table), db::name(whose), self.id, visible};
    }
};

/// Writes the visible ones as an array, newest first, until there are `most` or the document has so many
/// bytes; answers how many it wrote.
std::int64_t write_rows(const NamingRows& rows, std::int64_t most, std::size_t document_bytes,
                        json::Writer& writer) {
    db::Params params;
    const Output output(*rows.tx.site().catalogue, rows.resource, rows.self, {}, params);
    const Sql select{"SELECT {}, t.id FROM {} t{} WHERE {}", Sql::verbatim(output.columns()), rows.shown(),
                     Sql::verbatim(output.joins()), rows.condition};
    std::int64_t written = 0;
    const auto is_full = [&] { return written == most || writer.buffer().size() >= document_bytes; };
    std::optional<Uuid> last;
    writer.begin_array();
    for (bool is_more = !is_full(); is_more;) {
        db::Params values = params;
        const Sql older = last ? Sql{"t.id < {}", *last} : Sql("true");
        const std::string statement =
            at_moment(Sql{"{} AND {} ORDER BY t.id DESC LIMIT {}", select, older, page_rows}.render(values),
                      rows.tx.now(), rows.self, values);
        // By place: an Output writes the rows, and their id comes behind what it reads.
        const db::Result page = rows.tx.transaction().run(statement, values);
        // By place: as above.
        for (const db::Row row : page) {
            if (is_full()) break;
            std::string json;
            output.write(row, json);
            writer.raw(json);
            ++written;
        }
        is_more = page.size() == page_rows && !is_full();
        // By place: as above.
        if (is_more) last = stored_uuid(page[page_rows - 1].text(output.column_count()));
    }
    writer.end_array();
    return written;
}

/// "It names the person", of a row of the model aliased t; nothing where no field can.
std::optional<Sql> names_person(const Model& model, const Uuid& person) {
    std::vector<Sql> any;
    for (const Field& field : model.fields) {
        if (!field.target || &field.target() != &model_of(tag<users::User>{})) continue;
        const bool is_list = field.type == &reference_list_type();
        any.push_back(is_list ? Sql{"t.{} @> ARRAY[{}::uuid]", db::name(field.name), person}
                              : Sql{"t.{} = {}", db::name(field.name), person});
    }
    if (any.empty()) return std::nullopt;
    return Sql{"({})", db::join(any, " OR ")};
}

void write_records_of(const NamingRows& rows, int most, std::size_t document_bytes, json::Writer& writer) {
    const RowCount count = rows.count();
    if (count.all_rows == 0) return;
    writer.begin_object();
    writer.key("model");
    writer.string(rows.resource.model->name);
    writer.key("rows");
    // No more than were counted, where somebody makes some meanwhile.
    const std::int64_t shown =
        write_rows(rows, std::min<std::int64_t>(most, count.shown_rows), document_bytes, writer);
    writer.key("withheld");
    writer.integer(count.all_rows - count.shown_rows);
    writer.key("left_out");
    writer.integer(count.shown_rows - shown);
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
        const auto condition = names_person(*resource->model, self.id);
        if (!condition) continue;
        write_records_of({tx, *resource, self, *condition}, bounds.rows, document_bytes, writer);
    }
    writer.end_array();
}

}  // namespace tamiti::people
