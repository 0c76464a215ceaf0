#include "core/model/token_grants.hpp"

#include <algorithm>

#include "core/model/resource.hpp"

namespace tamiti {
bool is_granted(const std::vector<std::string>& grants, std::string_view app, std::string_view verb) {
    const auto holds = [&](std::string_view grant) {
        const std::size_t colon = grant.find(':');
        if (colon == std::string_view::npos || grant.substr(colon + 1) != verb) return false;
        return grant.substr(0, colon) == app || grant.substr(0, colon) == "*";
    };
    return std::any_of(grants.begin(), grants.end(), holds);
}

bool token_allows(const Actor& who, const Resource& resource, std::string_view verb) {
    if (who.token.is_nil()) return true;
    if (!resource.answers_tokens) return false;
    // The app that mounts it, which need not be the one that its model belongs to.
    const std::string_view app = resource.app.empty() ? resource.model->app : resource.app;
    return who.grants && is_granted(*who.grants, app, verb);
}

Actor holder_of(const Actor& who) {
    Actor holder = who;
    holder.token = {};
    holder.grants.reset();
    return holder;
}

}  // namespace tamiti
