#include "apps/common/records.hpp"
#include "apps/common/service.hpp"
#include "core/base/json.hpp"
#include "core/base/text.hpp"
#include "core/model/input.hpp"
#include "core/model/member.hpp"
#include "core/model/token_grants.hpp"

namespace tamiti::common {
namespace {

// What a tag field becomes: each of those words is the other, and of equal words the first stays where it is.
Sql merged(const Sql& field, const std::vector<std::string>& from, const std::string& into) {
    return {R"({} = (
                 SELECT coalesce(array_agg(kept.word ORDER BY kept.place), ARRAY[]::text[])
                 FROM (SELECT replaced.word, min(replaced.place) AS place
                       FROM (SELECT CASE WHEN used.word = ANY({}) THEN {} ELSE used.word END AS word, used.place
                             FROM unnest({}) WITH ORDINALITY AS used (word, place)) AS replaced
                       GROUP BY replaced.word) AS kept))",
            field, from, into, field};
}

// The tag fields of a model that the actor may write: some words, such as zones, decide who sees what.
std::vector<Sql> tag_fields(const Model& model, const Actor& who) {
    std::vector<Sql> names;
    for (const Field& field : model.fields) {
        const bool is_closed = field.rules.read_only || (field.rules.write && !who.can(field.rules.write));
        if (field.type == &tags_type() && !is_closed) names.push_back(db::name(field.name));
    }
    return names;
}

int merge_in(Tx& tx, const Actor& who, const Model& model, const std::vector<std::string>& from,
             const std::string& into, bool dry_run) {
    std::vector<Sql> uses;
    std::vector<Sql> sets;
    for (const Sql& field : tag_fields(model, who)) {
        uses.push_back({"{} && {}", field, from});
        sets.push_back(merged(field, from, into));
    }
    if (uses.empty()) return 0;
    const Scope having(db::join(uses, " OR "));
    if (dry_run) return tx.value<int>(Sql{"SELECT count(*) FROM {} WHERE {}", db::name(model.table), having});
    return tx.update_rows(model, db::join(sets, ", "), having, Trash::included);
}

}  // namespace

const Shape& shape_of(tag<TagMerge>) {
    static const Shape shape = input<TagMerge>(
        {field<&TagMerge::from>("from", {.required = true, .max_length = 50}),
         field<&TagMerge::into>("into", {.max_length = 50}), field<&TagMerge::dry_run>("dry_run")});
    return shape;
}

TagsMerged merge_tags(Tx& tx, const Actor& who, const TagMerge& merge) {
    const std::string into = normalise_tag(merge.into);
    if (into.empty()) throw Invalid("into", "Must be a tag of 1 to 50 characters without commas.");
    std::vector<std::string> from = merge.from.names;
    std::erase(from, into);
    if (from.empty()) throw Invalid("from", "Name at least one other tag than the one it becomes.");
    // One merge at a time: two that cross would each leave the other's words behind.
    tx.hold("common.merge_tags");
    TagsMerged answer{.into = into, .models = {.text = ""}, .dry_run = merge.dry_run};
    json::Writer counts(answer.models.text);
    counts.begin_object();
    for (const Model* model : tx.site().catalogue->models()) {
        if (!token_allows(who, *tx.site().catalogue->resource_of(*model), "write")) continue;
        const int rows = merge_in(tx, who, *model, from, into, merge.dry_run);
        if (rows == 0) continue;
        counts.key(model->name);
        counts.integer(rows);
        answer.rows += rows;
    }
    counts.end_object();
    return answer;
}

}  // namespace tamiti::common
