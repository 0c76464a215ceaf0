#include "apps/auth/login_throttle.hpp"

#include <array>

#include "apps/auth/refresh_tokens.hpp"
#include "core/base/log.hpp"
#include "core/base/text.hpp"

namespace tamiti::auth {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

// At most 10 guesses in a quarter of an hour and 40 in a day, for one name and for one account.
constexpr std::array<Limit, 3> by_name = {
    Limit{"sign_in_minute", 5, minutes(1)},
    Limit{"sign_in_quarter", 10, minutes(15)},
    Limit{"sign_in_day", 40, hours(24)},
};
constexpr std::array<Limit, 2> by_account = {
    Limit{"account_quarter", 10, minutes(15)},
    Limit{"account_day", 40, hours(24)},
};
// Failures of one network from devices that nobody knows: a few people who mistype, not a list of accounts.
constexpr Limit by_network{"sign_in_network", 100, minutes(15)};
// Failures of the whole site from unknown sources. Beyond them somebody tries one password on many accounts
// from many places, and unknown networks get few tries each; known devices and networks notice nothing.
constexpr Limit by_site{"sign_in_site", 150, minutes(10)};
constexpr Limit by_network_under_attack{"sign_in_network_strict", 5, minutes(15)};

/// The counter that a try belongs to. One from a known source has its own, with the same limits, so that
/// strangers can neither use it up nor see whether there is one.
std::string counter_of(const Attempt& attempt) {
    std::string source;
    if (!attempt.device.empty())
        source = "device " + attempt.device;
    else if (attempt.knows_network)
        source = "network " + attempt.network;
    return token_hash(attempt.identifier + '\n' + source);
}

std::string account_counter(const Attempt& attempt) {
    return attempt.account.empty() ? token_hash(attempt.identifier) : attempt.account;
}

}  // namespace

void require_attempt(Site& site, const Attempt& attempt) {
    const std::string counter = counter_of(attempt);
    for (const Limit& limit : by_name) require(site, limit, counter);
    if (attempt.is_known()) return;
    if (const Allowance left = peek(site, by_network, attempt.network); left.remaining <= 0)
        throw too_many_requests(by_network, left);
    if (peek(site, by_site, "").remaining <= 0) require(site, by_network_under_attack, attempt.network);
}

bool takes_password(Site& site, const Attempt& attempt) {
    if (attempt.is_known()) return true;
    const std::string counter = account_counter(attempt);
    bool takes = true;
    for (const Limit& limit : by_account) takes = take(site, limit, counter).allowed && takes;
    return takes;
}

void count_failure(Site& site, const Attempt& attempt) {
    if (attempt.is_known()) return;
    take(site, by_network, attempt.network);
    const Allowance left = take(site, by_site, "");
    if (left.allowed && left.remaining == 0)
        log::warning("sign_in_spray", {{"network", attempt.network}, {"failures", by_site.permits}});
}

void forgive(Site& site, const Attempt& attempt) {
    const std::string counter = counter_of(attempt);
    for (const Limit& limit : by_name) restore(site, limit, counter);
    if (attempt.is_known()) return;
    for (const Limit& limit : by_account) restore(site, limit, account_counter(attempt));
}

void forgive_account(Site& site, std::string_view account, std::initializer_list<std::string_view> names,
                     std::string_view network) {
    for (const Limit& limit : by_account) restore(site, limit, account);
    for (const std::string_view name : names) {
        for (const bool is_known : {false, true}) {
            const Attempt attempt{
                .identifier = lower(name), .network = std::string(network), .knows_network = is_known};
            for (const Limit& limit : by_name) restore(site, limit, counter_of(attempt));
        }
    }
}

void require_proof(Site& site, std::string_view account) {
    static constexpr Limit by_session{"password_proof", 10, minutes(15)};
    require(site, by_session, account);
}

void require_mail(Site& site, const Limit& by_network, const Limit& by_mail, std::string_view client_address,
                  std::string_view mail_address) {
    require(site, by_network, network_of(client_address));
    require(site, by_mail, token_hash(lower(mail_address)));
}

}  // namespace tamiti::auth
