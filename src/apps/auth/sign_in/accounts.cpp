#include "apps/auth/sign_in/accounts.hpp"

#include "apps/users/service.hpp"
#include "core/base/text.hpp"

namespace tamiti::auth {
namespace {

constexpr const char* columns =
    "SELECT u.id, u.name, u.username, u.email, u.language, "
    "       coalesce(p.hash, ''), u.is_active AND (u.expires_at IS NULL OR u.expires_at > $2), "
    "u.is_verified, ";
const std::string tables =
    "FROM " + std::string(users::accounts) + " u LEFT JOIN auth_password p ON p.account = u.id WHERE ";

std::optional<Account> account_from(const db::Result& found) {
    if (found.size() != 1) return std::nullopt;
    const db::Row row = found[0];
    Account account;
    account.id = {Uuid::parse(row.text(0)).value()};
    account.name = row.text(1);
    account.username = row.text(2);
    account.address = row.text(3);
    account.language = row.text(4);
    account.hash = row.text(5);
    account.is_open = row.boolean(6);
    account.is_verified = row.boolean(7);
    account.knows_network = row.boolean(8);
    return account;
}

}  // namespace

std::string normalise_identifier(std::string_view typed, const Site& site) {
    const std::string_view text = trim(typed);
    std::string phone = normalise_phone(text, site.calling_code);
    return phone.empty() ? lower(text) : phone;
}

std::optional<Account> find_account(ReadTx& tx, const std::string& identifier, const std::string& network) {
    static const std::string query =
        std::string(columns) +
        "EXISTS (SELECT FROM auth_sign_in s WHERE s.account = u.id AND s.network = $3 AND s.succeeded "
        "        AND s.at > $4) " +
        tables + "lower(u.username) = $1 OR lower(u.email) = $1 OR lower(u.phone) = $1";
    return account_from(tx.rows(query, identifier, tx.now(), network, tx.now() - std::chrono::days(180)));
}

std::optional<Account> account_of_address(ReadTx& tx, std::string_view address) {
    static const std::string query = std::string(columns) + "false " + tables + "lower(u.email) = $1";
    return account_from(tx.rows(query, lower(address), tx.now()));
}

std::optional<Account> account_of(ReadTx& tx, Id<users::User> id) {
    static const std::string query = std::string(columns) + "false " + tables + "u.id = $1";
    return account_from(tx.rows(query, id, tx.now()));
}

std::optional<Account> account_of_link(ReadTx& tx, const std::optional<Link>& link) {
    if (!link || !link->account) return std::nullopt;
    auto account = account_of(tx, *link->account);
    if (!account || !account->is_open || lower(account->address) != lower(link->address)) return std::nullopt;
    return account;
}

}  // namespace tamiti::auth
