#include "apps/common/access.hpp"

#include "apps/common/records.hpp"
#include "core/model/output.hpp"

namespace tamiti::common {
namespace {

Scope theirs(const Actor& who, const char* field) {
    return who.is_anonymous() ? Scope::none() : where(std::string(field) + " = $1", who.id);
}

// What others have removed its author doesn't bring back.
Scope moderated(const Actor& who, const char* field) {
    if (who.can("common.moderate")) return Scope::all();
    return theirs(who, field) && where("deleted_at IS NULL OR removed_by = $1", who.id);
}

}  // namespace

Scope of_visible_records(const Actor& who, const Catalogue& catalogue) {
    Scope any = Scope::none();
    if (who.is_anonymous()) return any;
    for (const Resource* resource : catalogue.resources()) {
        if (!may_carry(*resource->model) || resource->visible_to(who).is_none()) continue;
        // No model that may carry others has a column of this name, so inside too it is the outer row's.
        const std::string rows = visible_rows(*resource, who, any.params);
        const std::string one = "on_model = '" + resource->model->name + "' AND EXISTS (SELECT FROM " + rows +
                                " AS record WHERE record.id = on_row)";
        any.sql = any.is_none() ? "(" + one + ")" : any.sql + " OR (" + one + ")";
    }
    return any;
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
    const Scope team = where(
        "visibility = 'team' AND owner IN (SELECT u.id FROM users_user AS u WHERE u.department ="
        " (SELECT me.department FROM users_user AS me WHERE me.id = $1))",
        who.id);
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
