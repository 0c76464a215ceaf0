#include "apps/common/access.hpp"

#include "apps/common/records.hpp"
#include "apps/users/access.hpp"
#include "core/model/output.hpp"

namespace tamiti::common {
namespace {

Scope theirs(const Actor& who, const char* field) {
    return who.is_anonymous() ? Scope::none() : where("{} = {}", db::name(field), who.id);
}

// What others have removed its author doesn't bring back.
Scope moderated(const Actor& who, const char* field) {
    if (who.can("common.moderate")) return Scope::all();
    return theirs(who, field) && where("deleted_at IS NULL OR removed_by = {}", who.id);
}

}  // namespace

Scope of_visible_records(const Actor& who, const Catalogue& catalogue) {
    if (who.is_anonymous()) return Scope::none();
    std::vector<Sql> any;
    for (const Resource* resource : catalogue.resources()) {
        if (!may_carry(*resource->model) || resource->visible_to(who).is_none()) continue;
        // No model that may carry others has a column of this name, so inside too it is the outer row's.
        any.push_back(where("on_model = {} AND EXISTS (SELECT FROM {} AS record WHERE record.id = on_row)",
                            db::literal(resource->model->name), visible_rows(*resource, who)));
    }
    return any.empty() ? Scope::none() : Scope(db::join(any, " OR "));
}

Scope visible_on_records(const Actor& who, const Catalogue& catalogue) {
    const Scope seen = of_visible_records(who, catalogue);
    return who.can("common.view_internal") ? seen : seen && where("NOT internal");
}

Scope new_comments(const Actor& who) {
    return who.is_anonymous() ? Scope::none() : Scope::all();  // the rule of the write looks at the record
}

Scope own_comments(const Actor& who) {
    return theirs(who, "author");
}

Scope removable_comments(const Actor& who) {
    return moderated(who, "author");
}

Scope own_attachments(const Actor& who) {
    return theirs(who, "uploader");
}

Scope removable_attachments(const Actor& who) {
    return moderated(who, "uploader");
}

Scope visible_views(const Actor& who) {
    const Scope own = theirs(who, "owner");
    if (who.is_anonymous() || who.has(Role::client)) return own;
    const Scope team = where("visibility = 'team'") && users::of_own_department(who, "owner");
    return own || team || where("visibility = 'everyone'");
}

Scope new_views(const Actor& who) {
    return theirs(who, "owner");
}

Scope changeable_views(const Actor& who) {
    const Scope own = theirs(who, "owner");
    return who.can("common.share_views") ? own || where("visibility = 'everyone'") : own;
}

}  // namespace tamiti::common
