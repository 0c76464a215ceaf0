#include "apps/auth/sessions/ending.hpp"

#include <string>

#include "apps/users/service.hpp"
#include "core/access/session_cache.hpp"
#include "core/model/member.hpp"

namespace tamiti::auth {
namespace {

/// Ends those of the account's open sessions that the condition is true of.
void end_those(Tx& tx, Id<users::User> account, EndReason reason, const Sql& which) {
    tx.execute(
        {R"(UPDATE auth_session SET ended_at = {}, end_reason = {}, updated_at = {}, version = version + 1
                   WHERE account = {} AND ended_at IS NULL AND {})",
         tx.now(), enum_name(reason), tx.now(), account, which});
    users::forget_sessions(tx, account);
}

}  // namespace

void end_sessions(Tx& tx, Id<users::User> account, EndReason reason, std::optional<Id<Session>> except) {
    end_those(tx, account, reason, {"id IS DISTINCT FROM {}", except});
}

void end_sessions_until(Tx& tx, Id<users::User> account, EndReason reason, Timestamp then) {
    end_those(tx, account, reason, {"created_at <= {}", then});
}

bool end(Tx& tx, Id<Session> session, EndReason reason) {
    tx.after_commit(
        [&site = tx.site(), id = session.value] { site.memory.get<SessionCache>(site).forget(id); });
    return tx.execute({R"(UPDATE auth_session SET ended_at = {}, end_reason = {}, updated_at = {},
                                 version = version + 1 WHERE id = {} AND ended_at IS NULL)",
                       tx.now(), enum_name(reason), tx.now(), session}) > 0;
}

}  // namespace tamiti::auth
