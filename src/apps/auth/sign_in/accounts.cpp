#include "apps/auth/sign_in/accounts.hpp"

#include "apps/users/service.hpp"
#include "core/base/text.hpp"

namespace tamiti::auth {
namespace {

/// The account that the condition, over accounts aliased u, is true of; nothing where it is true of several.
std::optional<Account> account_where(ReadTx& tx, const Sql& condition, const Sql& knows_network) {
    auto found = tx.all<Account>(Sql{
        R"(SELECT u.id, u.name, u.username, u.email AS address, u.language, u.time_zone, coalesce(p.hash, '') AS hash,
                      u.is_active AND (u.expires_at IS NULL OR u.expires_at > {}) AS is_open, u.is_verified,
                      {} AS knows_network
               FROM {} u LEFT JOIN auth_password p ON p.account = u.id WHERE {})",
        tx.now(), knows_network, users::accounts(), condition});
    if (found.size() != 1) return std::nullopt;
    return std::move(found.front());
}

}  // namespace

std::string normalise_identifier(std::string_view typed, const Site& site) {
    const std::string_view text = trim(typed);
    std::string phone = normalise_phone(text, site.calling_code);
    return phone.empty() ? lower(text) : phone;
}

std::optional<Account> find_account(ReadTx& tx, const std::string& identifier, const std::string& network) {
    const Sql knows_network{R"(EXISTS (SELECT FROM auth_sign_in s WHERE s.account = u.id AND s.network = {}
                                       AND s.succeeded AND s.at > {}))",
                            network, tx.now() - std::chrono::days(180)};
    return account_where(tx,
                         {R"(core_same(u.username) = {} OR lower(u.email) = {}
                              OR (lower(u.phone) = {} AND u.is_phone_proven))",
                          identifier, identifier, identifier},
                         knows_network);
}

std::optional<Account> account_of_address(ReadTx& tx, std::string_view address) {
    return account_where(tx, {"lower(u.email) = {}", lower(address)}, {"false"});
}

std::optional<Account> account_of(ReadTx& tx, Id<users::User> id) {
    return account_where(tx, {"u.id = {}", id}, {"false"});
}

std::optional<Account> account_of_link(ReadTx& tx, const std::optional<Link>& link) {
    if (!link || !link->account) return std::nullopt;
    auto account = account_of(tx, *link->account);
    if (!account || !account->is_open || lower(account->address) != lower(link->address)) return std::nullopt;
    return account;
}

}  // namespace tamiti::auth
