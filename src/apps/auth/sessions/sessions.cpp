#include "apps/auth/sessions/sessions.hpp"

#include "apps/auth/sessions/ending.hpp"
#include "apps/auth/token_hash.hpp"
#include "apps/users/service.hpp"
#include "core/access/tokens.hpp"
#include "core/model/input.hpp"
#include "core/model/member.hpp"

namespace tamiti::auth {
namespace {

std::optional<Id<Session>> session_of(Tx& tx, const std::string& refresh_token) {
    return tx.value<std::optional<Id<Session>>>(
        {"SELECT session FROM auth_refresh_token WHERE hash = {}", token_hash(refresh_token)});
}

}  // namespace

void log_out(Tx& tx, const Actor& who, LogOut asked) {
    if (asked.refresh) {
        // An unknown token has no session left to end, which is what was asked for.
        if (const auto session = session_of(tx, *asked.refresh)) end(tx, *session, EndReason::logged_out);
    } else if (!who.session.is_nil()) {
        end(tx, {who.session}, EndReason::logged_out);
    } else {
        throw invalid_token();
    }
}

void log_out_everywhere(Tx& tx, const Actor& who) {
    tx.execute(
        {R"(UPDATE auth_session SET ended_at = {}, end_reason = 'logged_out_everywhere', updated_at = {},
                          version = version + 1 WHERE account = {} AND ended_at IS NULL)",
         tx.now(), tx.now(), who.id});
    users::forget_sessions(tx, {who.id});
}

std::vector<OpenSession> sessions(ReadTx& tx, const Actor& who) {
    const Timestamp idle_since = tx.now() - std::chrono::days(tx.settings().refresh_idle_days);
    // Bounds by inactivity and by age are those that a refresh would meet.
    const Sql condition{R"(t.account = {} AND t.ended_at IS NULL AND t.expires_at > {} AND t.last_used_at > {}
            AND t.created_at > coalesce((SELECT u.signed_out_at FROM {} u WHERE u.id = t.account), '-infinity')
            ORDER BY t.last_used_at DESC, t.id)",
                        who.id, tx.now(), idle_since, users::accounts()};
    std::vector<OpenSession> open;
    for (const Session& session : tx.select<Session>(condition)) {
        open.push_back({.id = session.id,
                        .device = session.device,
                        .address = session.address,
                        .created_at = session.created_at,
                        .last_used_at = session.last_used_at,
                        .expires_at = session.expires_at,
                        .is_current = session.id.value == who.session});
    }
    return open;
}

void end_session(Tx& tx, const Actor& who, Id<Session> id) {
    const Session session = tx.lock(id, where("account = {} AND ended_at IS NULL", who.id));
    end(tx, session.id, session.id.value == who.session ? EndReason::logged_out : EndReason::ended_elsewhere);
}

const Shape& shape_of(tag<LogOut>) {
    static const Shape shape = input<LogOut>({field<&LogOut::refresh>(
        "refresh", {.max_length = 8192,
                    .help = "Of the session to end; left out, it is the session of the access token."})});
    return shape;
}

}  // namespace tamiti::auth
