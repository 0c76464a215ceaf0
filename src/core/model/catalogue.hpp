#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/model/resource.hpp"

namespace tamiti {

class PlainOutputs;

/// What a verb does to one row, such as completing it: which of the rows that they see an actor may do it to.
struct VerbRight {
    std::string name{};  ///< "sign_off"
    Scope (*rows)(const Actor&) = nullptr;
};

/// Which models there are and where they are mounted: what expansions, filters through references, searches
/// and the trash walk over. It keeps addresses, so the resources must outlive it.
class Catalogue {
public:
    Catalogue();
    Catalogue(const Catalogue&) = delete;  // its resources know where it is
    Catalogue& operator=(const Catalogue&) = delete;

    /// Takes the resource of an app in. Throws std::logic_error where it doesn't say who sees it, or where
    /// its model or path is mounted already.
    void add(std::string_view app, Resource& resource);

    /// Takes in what an app's verb does to rows of that model. Throws std::logic_error where the model isn't
    /// mounted.
    void add(const Model& model, VerbRight verb);

    /// The verbs on rows of a model, in the order in which they were added.
    const std::vector<VerbRight>& verbs_of(const Model& model) const;

    /// The resources, and their models, in the order in which they were added.
    const std::vector<const Resource*>& resources() const { return resources_; }
    const std::vector<const Model*>& models() const { return models_; }

    /// The resource of a model, or nullptr where it has none.
    const Resource* resource_of(const Model& model) const;
    const Model* model_named(std::string_view name) const;

    /// How its rows leave: kept by Output, which is made for every answer.
    PlainOutputs& plain_outputs() const { return *plain_outputs_; }

private:
    std::vector<const Resource*> resources_{};
    std::vector<const Model*> models_{};
    std::unordered_map<const Model*, const Resource*> by_model_{};
    std::unordered_map<const Model*, std::vector<VerbRight>> verbs_{};
    std::shared_ptr<PlainOutputs> plain_outputs_;
};

}  // namespace tamiti
