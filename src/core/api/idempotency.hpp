#pragma once

#include <boost/describe/class.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/api/operations.hpp"
#include "core/jobs/declaration.hpp"
#include "core/model/tx.hpp"

/// Idempotency-Key (draft-ietf-httpapi-idempotency-key-header): an unsafe request that is sent again with the
/// same key has its effect once and gets the first answer again, byte for byte. ADR 0008 tells why what is
/// kept is kept.
namespace tamiti::api {

/// The right to do what one request with an Idempotency-Key asks for. The claim is a row in the transaction
/// of the request's own effects: it becomes lasting with them, or not at all.
class Claim {
public:
    /// Keeps other requests of this process with the key waiting, without a connection to the database, until
    /// the pointer goes. Where another one is still being worked on after 2 s it is a Problem 409
    /// "http.request_running" with Retry-After.
    std::shared_ptr<void> wait_for_turn(Site& site) const;

    /// Of a request that has the header and an operation that heeds it. A key that isn't 1 to 255 printable
    /// ASCII characters, or a second header, is a Problem (400 "http.bad_idempotency_key").
    static std::optional<Claim> of(const http::Request& request, const Operation& operation,
                                   const Actor& who);

    /// Claims the key in the transaction. True where the request was answered before: `response` then is that
    /// answer. While a request of another process with the key runs it waits for its end, at most as long as
    /// the database waits for locks (2 s), then it is a Problem 409 "http.request_running" with Retry-After.
    /// The key of another body is a Problem 422 "http.key_reused".
    bool was_answered(Tx& tx, http::Response& response) const;

    /// Keeps the answer beside the claim.
    void keep(Tx& tx, const http::Response& response) const;

private:
    std::string hash_{};
    std::string principal_{};
    std::string request_{};
    std::string fingerprint_{};
};

/// Whether an operation heeds Idempotency-Key: every unsafe one but those under /auth, whose answers are
/// credentials and which are safe to repeat by rules of their own, and those for anyone, who could hold a
/// connection with every key that they make up.
bool heeds_idempotency_key(const Operation& operation);

/// Forgets the keys that are older than the site keeps them; hourly.
struct ForgetIdempotencyKeys {
    static constexpr std::string_view job_name = "core.forget_idempotency_keys";
};
BOOST_DESCRIBE_STRUCT(ForgetIdempotencyKeys, (), ())
JobResult forget_idempotency_keys(JobRun& run, const ForgetIdempotencyKeys& job);

/// Forgets all keys of a person whose data are erased.
void forget_idempotency_keys_of(Tx& tx, const Uuid& person);

}  // namespace tamiti::api
