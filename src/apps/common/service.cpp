#include "apps/common/service.hpp"

#include "core/base/json.hpp"
#include "core/base/text.hpp"
#include "core/base/unicode.hpp"
#include "core/model/captions.hpp"
#include "core/model/catalogue.hpp"
#include "core/model/input.hpp"
#include "core/model/member.hpp"
#include "core/model/output.hpp"

namespace tamiti::common {
namespace {

Json choices_of(const Model& model, const Field& field, const Actor& who) {
    Json choices{.text = ""};
    json::Writer writer(choices.text);
    writer.begin_array();
    for (const auto& choice : field.choices) {
        writer.begin_object();
        writer.key("value");
        writer.string(choice);
        writer.key("label");
        writer.string(words_in(who.language, choice_caption(model, field, choice)));
        writer.end_object();
    }
    writer.end_array();
    return choices;
}

}  // namespace

std::vector<Enumeration> enums(ReadTx& tx, const Actor& who) {
    std::vector<Enumeration> all;
    for (const Model* model : tx.site().catalogue->models())
        for (const Field& field : model->fields)
            if (!field.choices.empty() && readable(field, who))
                all.push_back({model->name + "." + field.name, choices_of(*model, field, who)});
    return all;
}

const Shape& shape_of(tag<TagSearch>) {
    static const Shape shape = input<TagSearch>({field<&TagSearch::search>("search", {.max_length = 100}),
                                                 field<&TagSearch::model>("model", {.max_length = 100})});
    return shape;
}

std::vector<TagCount> tags(ReadTx& tx, const Actor& who, const TagSearch& query) {
    const Catalogue& catalogue = *tx.site().catalogue;
    if (query.model && !catalogue.model_named(*query.model)) {
        const std::string sentence = "There is no model of this name, such as projects.project.";
        throw Malformed("http.bad_parameter", sentence).with({{"model", sentence}});
    }
    std::vector<Sql> words;
    for (const Model* model : catalogue.models()) {
        if (query.model && model->name != *query.model) continue;
        for (const Field& field : model->fields) {
            if (field.type != &tags_type() || !readable(field, who)) continue;
            words.push_back({"SELECT unnest(t.{}) AS name FROM {} AS t", db::name(field.name),
                             visible_rows(*catalogue.resource_of(*model), who)});
        }
    }
    if (words.empty()) return {};
    const Sql sought = query.search ? Sql("WHERE starts_with(name, {})", folded(*query.search)) : Sql();
    return tx.all<TagCount>(Sql{R"(SELECT name, count(*) FROM ({}) AS used {}
                                   GROUP BY name ORDER BY count(*) DESC, name COLLATE "und-x-icu" LIMIT 200)",
                                db::join(words, " UNION ALL "), sought});
}

}  // namespace tamiti::common
