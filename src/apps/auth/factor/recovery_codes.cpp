#include "apps/auth/factor/recovery_codes.hpp"

#include <sodium.h>

#include "apps/auth/factor/totp.hpp"
#include "apps/auth/token_hash.hpp"
#include "core/base/text.hpp"

namespace tamiti::auth {
namespace {

constexpr int how_many = 10;

/// With purpose and account, so that the hash of anything else, or of another's code, is not this one's.
std::string code_hash(Id<users::User> account, std::string_view letters) {
    return token_hash("recovery code\n" + account.text() + "\n" + std::string(letters));
}

std::string letters_of(std::string_view typed) {
    std::string letters = lower(typed);
    std::erase_if(letters, [](char c) { return c == '-' || c == ' '; });
    return letters;
}

std::string new_code() {
    char random[10];
    randombytes_buf(random, sizeof random);
    const std::string letters = lower(base32({random, sizeof random}));
    return letters.substr(0, 4) + "-" + letters.substr(4, 4) + "-" + letters.substr(8, 4) + "-" +
           letters.substr(12, 4);
}

}  // namespace

Tags make_recovery_codes(Tx& tx, Id<users::User> account) {
    tx.execute({"DELETE FROM auth_recovery_code WHERE account = {}", account});
    Tags codes;
    for (int i = 0; i < how_many; ++i) {
        codes.names.push_back(new_code());
        tx.execute({"INSERT INTO auth_recovery_code (hash, account, created_at) VALUES ({}, {}, {})",
                    code_hash(account, letters_of(codes.names.back())), account, tx.now()});
    }
    return codes;
}

bool use_recovery_code(Tx& tx, Id<users::User> account, std::string_view typed) {
    return tx.execute({R"(UPDATE auth_recovery_code SET used_at = {}
                          WHERE hash = {} AND account = {} AND used_at IS NULL)",
                       tx.now(), code_hash(account, letters_of(typed)), account}) > 0;
}

}  // namespace tamiti::auth
