#include "core/model/positions.hpp"

namespace tamiti {
namespace {

Sql living(const Model& model) {
    return model.deleted_at < 0 ? Sql("true") : Sql("deleted_at IS NULL");
}

}  // namespace

void make_place(Tx& tx, const Model& model, const Scope& siblings, const Uuid& row, int place) {
    const Sql table = db::name(model.table);
    const Sql others{"{} AND id <> {} AND {}", siblings, row, living(model)};
    // The places from there on that follow each other without a gap: each is as far from its number as the
    // first.
    const Sql following{
        R"(SELECT id FROM (SELECT id, position, dense_rank() OVER (ORDER BY position) AS number
                             FROM {} WHERE {} AND position >= {}) AS behind
                           WHERE position - number = {} - 1)",
        table, others, place, place};
    tx.update_rows(
        model, Sql("position = position + 1"),
        where("id IN (SELECT id FROM {} WHERE id IN ({}) ORDER BY id FOR UPDATE)", table, following));
}

void close_gaps(Tx& tx, const Model& model, const Scope& siblings) {
    const Sql table = db::name(model.table);
    tx.execute({R"(UPDATE {} AS moved SET position = counted.place, updated_at = {}, version = version + 1
                   FROM (SELECT id, row_number() OVER (ORDER BY position, id) AS place FROM {}
                         WHERE {} AND {}) AS counted
                   WHERE moved.id = counted.id AND moved.position <> counted.place)",
                table, tx.now(), table, siblings, living(model)});
}

}  // namespace tamiti
