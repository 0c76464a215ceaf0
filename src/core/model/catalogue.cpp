#include "core/model/catalogue.hpp"

#include <algorithm>
#include <stdexcept>

#include "core/model/list.hpp"
#include "core/model/token_grants.hpp"

namespace tamiti {

namespace {

/// Throws where what a resource says of records can't be.
void check_records(const Resource& resource) {
    const Model& model = *resource.model;
    const std::string_view name = resource.access.seen_with;
    if (name.empty()) return;
    if (!record_named(model, name))
        throw std::logic_error("the resource " + resource.path + " is seen with " + std::string(name) +
                               ", but " + model.name + " has no Record of that name");
    // Otherwise who sees a row would have to be asked of rows that may be about that very row.
    if (model.carries)
        throw std::logic_error(model.name +
                               " is seen with the record that it is about, so it can't carry others");
}

}  // namespace

Scope Resource::seen_by(const Actor& who, const RecordsNamed& about) const {
    const Scope rows = access.view(who);
    if (access.seen_with.empty() || rows.is_none()) return rows;
    return of_visible_records(who, *catalogue, *record_named(*model, access.seen_with), about) && rows;
}

Scope Resource::visible_to(const Actor& who, const RecordsNamed& about) const {
    if (who.is_system) return Scope::all();
    return token_allows(who, *this, "read") ? seen_by(who, about) : Scope::none();
}

namespace {

// What a list does unless it is asked must hold for whoever lists: it is no reason to look at hidden fields.
void check_unless_asked(const Catalogue& catalogue, const Model& model) {
    const Actor nobody;
    for (const auto& filter : model.unless_asked) {
        try {
            db::Params unused;
            filter_conditions(catalogue, model, nobody, {filter}, unused);
        } catch (const Problem& problem) {
            throw std::logic_error(model.name +
                                   ": what its lists do unless asked can't be done: " + problem.detail());
        }
    }
}

}  // namespace

Catalogue::Catalogue() : plain_outputs_(std::make_shared<PlainOutputs>()) {}

void Catalogue::add(std::string_view app, Resource& resource) {
    if (!resource.access.view)
        throw std::logic_error("the resource " + resource.path + " does not say who sees it");
    check_records(resource);
    for (const Resource* other : resources_)
        if (other->path == resource.path) throw std::logic_error("two resources at " + resource.path);
    if (!by_model_.emplace(resource.model, &resource).second)
        throw std::logic_error("the model " + resource.model->name + " is mounted twice");
    resource.app = app;
    resource.catalogue = this;
    check_unless_asked(*this, *resource.model);
    resources_.push_back(&resource);
    models_.push_back(resource.model);
}

void Catalogue::add(const Model& model, VerbRight verb) {
    if (!resource_of(model))
        throw std::logic_error(verb.name + " is a verb on rows of " + model.name + ", which no app mounts");
    verbs_[&model].push_back(std::move(verb));
}

const std::vector<VerbRight>& Catalogue::verbs_of(const Model& model) const {
    static const std::vector<VerbRight> none;
    const auto found = verbs_.find(&model);
    return found == verbs_.end() ? none : found->second;
}

const Resource* Catalogue::resource_of(const Model& model) const {
    const auto found = by_model_.find(&model);
    return found == by_model_.end() ? nullptr : found->second;
}

const Model* Catalogue::model_named(std::string_view name) const {
    const auto found =
        std::find_if(models_.begin(), models_.end(), [&](const Model* model) { return model->name == name; });
    return found == models_.end() ? nullptr : *found;
}

}  // namespace tamiti
