#include "apps/common/records.hpp"
#include "apps/common/service.hpp"
#include "core/base/json.hpp"
#include "core/base/text.hpp"
#include "core/model/member.hpp"
#include "core/model/token_grants.hpp"

namespace tamiti::common {
namespace {

// What a tag field becomes: each word of $1 is $2, and of equal words the first stays where it is.
std::string merged(const std::string& field) {
    return "(SELECT coalesce(array_agg(kept.word ORDER BY kept.place), '{}') FROM (SELECT replaced.word, "
           "min(replaced.place) AS place FROM (SELECT CASE WHEN used.word = ANY($1) THEN $2 ELSE used.word "
           "END AS word, used.place FROM unnest(" +
           field + ") WITH ORDINALITY AS used (word, place)) AS replaced GROUP BY replaced.word) AS kept)";
}

// The tag fields of a model that the actor may write: some words, such as zones, decide who sees what.
std::vector<std::string> tag_fields(const Model& model, const Actor& who) {
    std::vector<std::string> names;
    for (const Field& field : model.fields) {
        const bool is_closed = field.rules.read_only || (field.rules.write && !who.can(field.rules.write));
        if (field.type == &tags_type() && !is_closed) names.push_back(field.name);
    }
    return names;
}

int merge_in(Tx& tx, const Actor& who, const Model& model, const std::vector<std::string>& from,
             const std::string& into, bool dry_run) {
    std::vector<std::string> uses;
    std::string sets;
    for (const std::string& field : tag_fields(model, who)) {
        uses.push_back(field + " && $1");
        sets += field + " = " + merged(field) + ", ";
    }
    if (uses.empty()) return 0;
    const std::string condition = " WHERE " + join(uses, " OR ");
    if (dry_run)
        return static_cast<int>(
            tx.rows("SELECT count(*) FROM " + model.table + condition, from)[0].integer(0));
    sets += "version = version + 1";
    if (model.updated_at < 0)
        return tx.execute("UPDATE " + model.table + " SET " + sets + condition, from, into).affected();
    return tx
        .execute("UPDATE " + model.table + " SET " + sets + ", updated_at = $3" + condition, from, into,
                 tx.now())
        .affected();
}

}  // namespace

Rules rules_for(tag<TagMerge>, std::string_view member) {
    return {.required = member == "from", .max_length = 50};
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
