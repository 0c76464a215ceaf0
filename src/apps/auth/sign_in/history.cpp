#include "apps/auth/sign_in/history.hpp"

#include "core/cache/throttle.hpp"
#include "core/model/input.hpp"

namespace tamiti::auth {

std::string device_of(const Actor& who) {
    std::string device = who.user_agent.substr(0, 300);
    std::erase_if(device, [](char c) { return c < ' ' || c > '~'; });
    return device;
}

void note_sign_in(Tx& tx, std::optional<Id<users::User>> account, SignInKind kind, bool succeeded,
                  std::string_view reason, std::string_view address, std::string_view device) {
    tx.send({R"(INSERT INTO auth_sign_in (id, account, kind, succeeded, reason, address, network, device, at)
                VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {}))",
             Uuid::make(), account, enum_name(kind), succeeded, reason, address, network_of(address), device,
             tx.now()});
}

std::vector<SignIn> sign_ins(ReadTx& tx, const Actor& who, SignInsBefore asked) {
    return tx.all<SignIn>(Sql{R"(SELECT at, kind, succeeded, reason, address, device FROM auth_sign_in
                                 WHERE account = {} AND at < coalesce({}, 'infinity'::timestamptz)
                                 ORDER BY at DESC, id DESC LIMIT 100)",
                              who.id, asked.before});
}

const Shape& shape_of(tag<SignInsBefore>) {
    static const Shape shape = input<SignInsBefore>({field<&SignInsBefore::before>("before")});
    return shape;
}

}  // namespace tamiti::auth
