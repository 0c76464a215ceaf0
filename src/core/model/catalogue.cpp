#include "core/model/catalogue.hpp"

#include <algorithm>
#include <stdexcept>

#include "core/model/list.hpp"
#include "core/model/token_grants.hpp"

namespace tamiti {

Scope Resource::visible_to(const Actor& who) const {
    if (who.is_system) return Scope::all();
    if (!token_allows(who, *this, "read")) return Scope::none();
    return access.view_in ? access.view_in(who, *catalogue) : access.view(who);
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

void Catalogue::add(std::string_view app, Resource& resource) {
    if (!resource.access.has_view())
        throw std::logic_error("the resource " + resource.path + " does not say who sees it");
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
