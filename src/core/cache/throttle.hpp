#pragma once

#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/problem.hpp"

/// Limits on how often something may be done, counted in Redis for all nodes with one atomic script over a
/// sliding window: no stretch of time as long as the window has more than the limit. Each process counts what
/// it gave as well. While Redis is away, or has forgotten everything, that count alone decides: one process
/// still never gives more than the limit, several at most the limit each.
namespace tamiti {

struct Site;

/// So many permits in so long: {"login", 10, 15min}. The name is part of the counter's key and of the
/// RateLimit headers; `why` is what somebody reads who has to wait.
struct Limit {
    std::string_view name;
    int permits;
    std::chrono::seconds window;
    std::string_view why = "That is more often than allowed.";
};

/// Permits of one limit that are wanted for one key (an account, an address). 0 permits only look.
struct Demand {
    Limit limit;
    std::string_view key;
    int permits = 1;
};

/// One permit of each of the limits, for the same key.
std::vector<Demand> one_of_each(std::span<const Limit> limits, std::string_view key);

/// What is left of a limit after asking.
struct Allowance {
    bool allowed = true;
    int limit = 0;
    int remaining = 0;
    std::chrono::seconds reset{0};  ///< until the window ends, or the next permit is there
};

/// Takes permits of a limit for one key. They are taken only where all are there.
Allowance take(Site& site, const Limit& limit, std::string_view key, int permits = 1);

/// The same for several limits in one round trip, answered in their order: where one of them refuses, no
/// permit is taken of any.
std::vector<Allowance> take(Site& site, const std::vector<Demand>& demands);

/// What is left, without taking.
Allowance peek(Site& site, const Limit& limit, std::string_view key);

/// Gives the keys their whole limits back: after a log in that succeeded. One round trip.
void restore(Site& site, const std::vector<Demand>& demands);

/// Takes a permit or throws the Problem 429 with Retry-After and RateLimit headers.
void require(Site& site, const Limit& limit, std::string_view key);

/// Takes the permits of all or throws the Problem of the first that refuses.
void require(Site& site, const std::vector<Demand>& demands);

/// The Problem for an allowance that is used up ("http.too_many_requests").
Problem too_many_requests(const Limit& limit, const Allowance& allowance);

/// Values of the headers RateLimit-Policy and RateLimit (draft-ietf-httpapi-ratelimit-headers, list form).
std::string rate_limit_policy(const Limit& limit);
std::string rate_limit(const Limit& limit, const Allowance& allowance);

/// The network that an address belongs to, which guessers change less easily: the first 24 bits of IPv4, 64
/// of IPv6; other texts as they are.
std::string network_of(std::string_view address);

}  // namespace tamiti
