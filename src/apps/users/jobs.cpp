#include "apps/users/jobs.hpp"

#include "apps/users/events.hpp"
#include "apps/users/service.hpp"
#include "core/base/log.hpp"
#include "core/events/event.hpp"
#include "core/jobs/job.hpp"
#include "core/model/member.hpp"

namespace tamiti::users {

namespace {

struct ExpiredAccount {
    Id<User> id{};
    Timestamp expires_at{};
};
BOOST_DESCRIBE_STRUCT(ExpiredAccount, (), (id, expires_at))

}  // namespace

JobResult close_expired(Tx& tx, const CloseExpired&) {
    const auto closed = tx.all<ExpiredAccount>(
        Sql{R"(UPDATE users_user SET signed_out_at = {}, version = version + 1, updated_at = {}
               WHERE id IN (SELECT id FROM users_user WHERE is_active AND expires_at <= {}
                              AND (signed_out_at IS NULL OR signed_out_at < expires_at OR signed_out_at > {})
                            ORDER BY id LIMIT 500 FOR UPDATE)
               RETURNING id, expires_at)",
            tx.now(), tx.now(), tx.now(), tx.now() + clock_error});
    for (const ExpiredAccount& account : closed) {
        tx.emit(UserExpired{.user = account.id, .expires_at = account.expires_at, .at = tx.now()});
        forget_sessions(tx, account.id);
        log::info("account_expired", {{"user", account.id.text()}});
    }
    return done();
}

}  // namespace tamiti::users
