#include "core/jobs/kinds.hpp"

#include <stdexcept>

namespace tamiti {

void JobKinds::add(const JobKind& kind) {
    if (!by_name_.emplace(kind.name, &kind).second) throw std::logic_error("two jobs are named " + kind.name);
    all_.push_back(&kind);
}

const JobKind* JobKinds::named(std::string_view name) const {
    const auto found = by_name_.find(name);
    return found == by_name_.end() ? nullptr : found->second;
}

}  // namespace tamiti
