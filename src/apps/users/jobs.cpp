#include "apps/users/jobs.hpp"

#include "apps/users/events.hpp"
#include "apps/users/service.hpp"
#include "core/base/log.hpp"
#include "core/events/event.hpp"
#include "core/jobs/job.hpp"
#include "core/model/member.hpp"

namespace tamiti::users {

JobResult close_expired(Tx& tx, const CloseExpired&) {
    const db::Result closed = tx.execute(
        "UPDATE users_user SET signed_out_at = $1, version = version + 1, updated_at = $1 "
        "WHERE id IN (SELECT id FROM users_user WHERE is_active AND expires_at <= $1 "
        "AND (signed_out_at IS NULL OR signed_out_at < expires_at) ORDER BY id LIMIT 500 FOR UPDATE) "
        "RETURNING id, expires_at",
        tx.now());
    for (const db::Row row : closed) {
        const Id<User> user{stored_uuid(row.text(0))};
        tx.emit(UserExpired{.user = user, .expires_at = stored_timestamp(row.text(1)), .at = tx.now()});
        forget_sessions(tx, user);
        log::info("account_expired", {{"user", user.text()}});
    }
    return done();
}

}  // namespace tamiti::users
