#pragma once

#include <string>

#include "core/access/actor.hpp"
#include "core/access/scope.hpp"

/// Who sees what hangs on records, and who may change it. What a comment or an attachment hangs on decides:
/// who doesn't see the record sees nothing of it, and clients never see what is internal.
namespace tamiti::common {

/// Comments and attachments alike, beside that their record is seen: internal ones are for the studio.
Scope not_internal(const Actor& who);

Scope new_comments(const Actor& who);
Scope own_comments(const Actor& who);
/// Own ones, and all for holders of common.moderate; who may remove a row may bring it back, but not where
/// somebody else removed it.
Scope removable_comments(const Actor& who);

/// How many comments are on a row of that model, internal ones among them, as what a derived field is:
/// counted up to a thousand, so that a list of rows about which much is said stays fast.
std::string comments_counted(const std::string& model);

Scope own_attachments(const Actor& who);
Scope removable_attachments(const Actor& who);

/// One's own views; for the studio's people also those of their department and those for everyone.
Scope visible_views(const Actor& who);
Scope new_views(const Actor& who);
/// One's own, and for holders of common.share_views those for everyone.
Scope changeable_views(const Actor& who);

}  // namespace tamiti::common
