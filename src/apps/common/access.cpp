#include "apps/common/access.hpp"

#include "apps/users/access.hpp"

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

Scope not_internal(const Actor& who) {
    if (who.is_anonymous()) return Scope::none();
    return who.can("common.view_internal") ? Scope::all() : where("NOT internal");
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

std::string comments_counted(const std::string& model) {
    return Sql{R"((SELECT count(*) FROM (SELECT FROM common_comment AS c
                   WHERE c.on_model = {} AND c.on_row = {row}.id AND c.deleted_at IS NULL LIMIT 1000) AS counted))",
               db::literal(model)}
        .text();
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
