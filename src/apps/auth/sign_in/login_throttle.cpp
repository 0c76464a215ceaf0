#include "apps/auth/sign_in/login_throttle.hpp"

#include <algorithm>
#include <array>

#include "apps/auth/token_hash.hpp"
#include "core/base/log.hpp"
#include "core/base/text.hpp"

namespace tamiti::auth {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

// At most 10 guesses in a quarter of an hour and 40 in a day, for one name and for one account.
constexpr std::string_view too_many_for_name = "Too many passwords were tried for this name.";
constexpr std::array<Limit, 3> by_name = {
    Limit{"sign_in_minute", 5, minutes(1), too_many_for_name},
    Limit{"sign_in_quarter", 10, minutes(15), too_many_for_name},
    Limit{"sign_in_day", 40, hours(24), too_many_for_name},
};
constexpr std::array<Limit, 2> by_account = {
    Limit{"account_quarter", 10, minutes(15)},
    Limit{"account_day", 40, hours(24)},
};
// Failures of one network from devices that nobody knows: a few people who mistype, not a list of accounts.
constexpr std::string_view too_many_from_network = "Too many wrong passwords came from your network.";
constexpr Limit by_network{"sign_in_network", 100, minutes(15), too_many_from_network};
// What checking passwords for one network may cost, whoever they are said to be of: a device that has signed
// in before is let in all the same.
constexpr Limit by_flooding_network{"sign_in_network_flood", 200, minutes(15), too_many_from_network};
// Failures of the whole site, but of known devices. Beyond them somebody tries one password on many accounts
// from many places, and a network gets few tries each; devices that have signed in before notice nothing.
constexpr Limit by_site{"sign_in_site", 150, minutes(10)};
constexpr Limit by_network_under_attack{"sign_in_network_strict", 5, minutes(15), too_many_from_network};

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

void append(std::vector<Demand>& demands, const std::vector<Demand>& more) {
    demands.insert(demands.end(), more.begin(), more.end());
}

}  // namespace

std::optional<Problem> require_attempt(Site& site, const Attempt& attempt) {
    const std::string counter = counter_of(attempt);
    std::vector<Demand> demands = one_of_each(by_name, counter);
    if (attempt.device.empty()) {
        demands.push_back({by_flooding_network, attempt.network, 0});
        demands.push_back({by_network, attempt.network, 0});
        demands.push_back({by_site, "", 0});
    }
    std::optional<Problem> refusal;
    const std::vector<Allowance> left = take(site, demands);
    for (std::size_t i = 0; i < demands.size(); ++i) {
        const Limit& limit = demands[i].limit;
        const bool is_looked_at = demands[i].permits == 0;
        const bool is_used_up = is_looked_at ? left[i].remaining <= 0 : !left[i].allowed;
        if (!is_used_up) continue;
        if (limit.name == by_network.name) {
            refusal = too_many_requests(limit, left[i]);
        } else if (limit.name == by_site.name) {
            require(site, by_network_under_attack, attempt.network);
        } else {
            throw too_many_requests(limit, left[i]);
        }
    }
    return refusal;
}

bool takes_password(Site& site, const Attempt& attempt, const std::optional<Problem>& refusal) {
    if (attempt.is_known()) return true;
    if (refusal) return false;
    const auto left = take(site, one_of_each(by_account, account_counter(attempt)));
    return std::all_of(left.begin(), left.end(), [](const Allowance& one) { return one.allowed; });
}

void count_failure(Site& site, const Attempt& attempt) {
    if (!attempt.device.empty()) return;
    // Those of whoever signed in from here before count, too: else the limit would come later for them.
    take(site, by_flooding_network, attempt.network);
    // What is refused to one network anyway tells of no other: alone it can't make the whole site strict.
    if (!take(site, by_network, attempt.network).allowed) return;
    const Allowance left = take(site, by_site, "");
    if (left.allowed && left.remaining == 0)
        log::warning("sign_in_spray", {{"network", attempt.network}, {"failures", by_site.permits}});
}

void forgive(Site& site, const Attempt& attempt) {
    const std::string counter = counter_of(attempt);
    const std::string account = account_counter(attempt);
    std::vector<Demand> demands = one_of_each(by_name, counter);
    if (!attempt.is_known()) append(demands, one_of_each(by_account, account));
    restore(site, demands);
}

void forgive_account(Site& site, std::string_view account, std::initializer_list<std::string_view> names,
                     std::string_view network) {
    std::vector<std::string> counters;
    for (const std::string_view name : names)
        for (const bool is_known : {false, true})
            counters.push_back(counter_of(
                {.identifier = lower(name), .network = std::string(network), .knows_network = is_known}));
    std::vector<Demand> demands = one_of_each(by_account, account);
    for (const std::string& counter : counters) append(demands, one_of_each(by_name, counter));
    restore(site, demands);
}

void require_proof(Site& site, std::string_view account) {
    static constexpr Limit by_session{"password_proof", 10, minutes(15),
                                      "Your password was asked for too often."};
    require(site, by_session, account);
}

void require_mail(Site& site, const Limit& by_network, const Limit& by_mail, std::string_view client_address,
                  std::string_view mail_address) {
    require(site, by_network, network_of(client_address));
    require(site, by_mail, token_hash(lower(mail_address)));
}

}  // namespace tamiti::auth
