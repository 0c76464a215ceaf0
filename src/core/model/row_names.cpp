#include "core/model/row_names.hpp"

#include "core/base/json.hpp"
#include "core/model/derived.hpp"
#include "core/model/label.hpp"
#include "core/model/output.hpp"

namespace tamiti {
namespace {

constexpr std::size_t most_known = 20'000;

Selection brief_of(const Model& model, const Actor& who) {
    Selection selection;
    for (const int position : model.brief) {
        const Field& field = model.fields[static_cast<std::size_t>(position)];
        if (readable(field, who)) selection.fields.push_back(field.name);
    }
    return selection;
}

}  // namespace

void RowNames::want(const Model& model, std::string_view id) {
    wanted_[&model].emplace(id);
}

void RowNames::look_up(db::Transaction& transaction) {
    if (known_.size() > most_known) known_.clear();
    for (const auto& [model, ids] : wanted_) {
        std::vector<std::string> unknown;
        for (const std::string& id : ids)
            if (known_.try_emplace({model, id}).second) unknown.push_back(id);
        const Resource* resource = catalogue_.resource_of(*model);
        if (resource && !unknown.empty()) look_up(transaction, *resource, unknown);
    }
    wanted_.clear();
}

void RowNames::look_up(db::Transaction& transaction, const Resource& resource,
                       const std::vector<std::string>& ids) {
    const Model& model = *resource.model;
    db::Params params;
    const Sql rows{"{} AS t WHERE t.id = ANY({}::uuid[])", visible_rows(resource, who_), ids};
    if (form_ == Form::label) {
        const Sql labels{"SELECT t.id, {} FROM {}", label_sql(model, "t"), rows};
        const std::string sql = at_moment(labels.render(params), now_, who_, params);
        for (const auto row : transaction.run(sql, params))
            known_[{&model, std::string(row.text(0))}] = row.text(1);
        return;
    }
    const Output output(catalogue_, resource, who_, brief_of(model, who_), params);
    const std::string select = "SELECT " + output.columns() + " FROM " + rows.render(params);
    const std::string sql = at_moment(select, now_, who_, params);
    for (const auto row : transaction.run(sql, params)) {
        std::string brief;
        output.write(row, brief);
        known_[{&model, std::string(row.text(0))}] = std::move(brief);  // id comes first
    }
}

const std::string* RowNames::find(const Model& model, std::string_view id) const {
    const auto found = known_.find({&model, std::string(id)});
    return found == known_.end() || !found->second ? nullptr : &*found->second;
}

std::string RowNames::embedded(const Model& model, std::string_view id) const {
    if (const std::string* brief = find(model, id)) return *brief;
    std::string unseen = "{\"id\":";
    json::append_string(unseen, id);
    return unseen + "}";
}

const Model* person_model(const Catalogue& catalogue) {
    for (const Model* model : catalogue.models())
        if (model->person >= 0 && model->person == model->id) return model;
    return nullptr;
}

}  // namespace tamiti
