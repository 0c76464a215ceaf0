#include "apps/auth/sign_in/history.hpp"

#include "core/cache/throttle.hpp"
#include "core/model/member.hpp"

namespace tamiti::auth {

std::string device_of(const Actor& who) {
    std::string device = who.user_agent.substr(0, 300);
    std::erase_if(device, [](char c) { return c < ' ' || c > '~'; });
    return device;
}

void note_sign_in(Tx& tx, std::optional<Id<users::User>> account, SignInKind kind, bool succeeded,
                  std::string_view reason, std::string_view address, std::string_view device) {
    tx.send(
        "INSERT INTO auth_sign_in (id, account, kind, succeeded, reason, address, network, device, at) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        Uuid::make(), account, enum_name(kind), succeeded, reason, address, network_of(address), device,
        tx.now());
}

std::vector<SignIn> sign_ins(ReadTx& tx, const Actor& who, SignInsBefore asked) {
    std::vector<SignIn> all;
    for (const db::Row& row : tx.rows("SELECT at, kind, succeeded, reason, address, device FROM auth_sign_in "
                                      "WHERE account = $1 AND ($2::timestamptz IS NULL OR at < $2) "
                                      "ORDER BY at DESC, id DESC LIMIT 100",
                                      who.id, asked.before)) {
        all.push_back({.at = stored_timestamp(row.text(0)),
                       .kind = enum_value<SignInKind>(row.text(1)),
                       .succeeded = row.boolean(2),
                       .reason = std::string(row.text(3)),
                       .address = std::string(row.text(4)),
                       .device = std::string(row.text(5))});
    }
    return all;
}

}  // namespace tamiti::auth
