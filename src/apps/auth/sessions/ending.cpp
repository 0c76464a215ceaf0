#include "apps/auth/sessions/ending.hpp"

#include <string>

#include "apps/users/service.hpp"
#include "core/access/session_cache.hpp"
#include "core/model/member.hpp"

namespace tamiti::auth {
namespace {

/// Ends those of the account's open sessions that `which` is true of, whose parameter is $4.
template <class Value>
void end_those(Tx& tx, Id<users::User> account, EndReason reason, const char* which, const Value& value) {
    tx.execute(
        "UPDATE auth_session SET ended_at = $2, end_reason = $3, updated_at = $2, version = version + 1 "
        "WHERE account = $1 AND ended_at IS NULL AND " +
            std::string(which),
        account, tx.now(), enum_name(reason), value);
    users::forget_sessions(tx, account);
}

}  // namespace

void end_sessions(Tx& tx, Id<users::User> account, EndReason reason, std::optional<Id<Session>> except) {
    end_those(tx, account, reason, "id IS DISTINCT FROM $4", except);
}

void end_sessions_until(Tx& tx, Id<users::User> account, EndReason reason, Timestamp then) {
    end_those(tx, account, reason, "created_at <= $4", then);
}

bool end(Tx& tx, Id<Session> session, EndReason reason) {
    tx.after_commit(
        [&site = tx.site(), id = session.value] { site.memory.get<SessionCache>(site).forget(id); });
    constexpr const char* statement =
        "UPDATE auth_session SET ended_at = $2, end_reason = $3, updated_at = $2, version = version + 1 "
        "WHERE id = $1 AND ended_at IS NULL";
    return tx.execute(statement, session, tx.now(), enum_name(reason)).affected() > 0;
}

}  // namespace tamiti::auth
