#include "core/model/verb_names.hpp"

namespace tamiti {

std::string_view name_of(Verb verb) {
    switch (verb) {
        case Verb::list:
            return "list";
        case Verb::summary:
            return "summary";
        case Verb::create:
            return "create";
        case Verb::read:
            return "read";
        case Verb::replace:
            return "replace";
        case Verb::change:
            return "change";
        case Verb::remove:
            return "remove";
        case Verb::history:
            return "history";
        case Verb::uses:
            return "uses";
        case Verb::restore:
            return "restore";
        case Verb::bulk:
            return "bulk";
        case Verb::none:
            break;
    }
    return {};
}

}  // namespace tamiti
