#pragma once

#include <boost/describe/class.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "apps/auth/models.hpp"
#include "core/access/actor.hpp"
#include "core/jobs/job.hpp"
#include "core/model/shape.hpp"
#include "core/model/tx.hpp"

/// Personal access tokens: what people give to their programs instead of a password.
namespace tamiti::auth {

struct NewPersonalToken {
    std::string name{};
    Tags grants{};
    Timestamp expires_at{};
};
const Shape& shape_of(tag<NewPersonalToken>);

/// A token that was just made: the only time that anybody sees it.
struct MadePersonalToken {
    Id<PersonalToken> id{};
    std::string token{};
    std::string name{};
    Tags grants{};
    Timestamp expires_at{};
    Timestamp created_at{};
};
BOOST_DESCRIBE_STRUCT(MadePersonalToken, (), (id, token, name, grants, expires_at, created_at))

struct PersonalTokenSummary {
    Id<PersonalToken> id{};
    std::string name{};
    Tags grants{};
    Timestamp expires_at{};
    Timestamp created_at{};
    std::optional<Timestamp> last_used_at{};  ///< to the minute
    std::string last_used_address{};
};
BOOST_DESCRIBE_STRUCT(PersonalTokenSummary, (),
                      (id, name, grants, expires_at, created_at, last_used_at, last_used_address))

/// Makes a token for the actor. It may never do more than its holder may at that time; the grants narrow that
/// to modules and to reading or writing.
MadePersonalToken make_personal_token(Tx& tx, const Actor& who, NewPersonalToken asked);

/// The same for any account, such as one of a program that has no password.
MadePersonalToken make_personal_token_of(Tx& tx, Id<users::User> account, NewPersonalToken asked);

/// The actor's tokens that hold, the newest first.
std::vector<PersonalTokenSummary> personal_tokens(ReadTx& tx, const Actor& who);

/// Ends a token of the actor's, on this node at once and elsewhere within a second.
void revoke_personal_token(Tx& tx, const Actor& who, Id<PersonalToken> id);

/// Ends all tokens of an account, or those that were made until then, as fast: it is closed, or may have been
/// taken over.
void revoke_personal_tokens(Tx& tx, Id<users::User> account, std::optional<Timestamp> until = std::nullopt);

/// Whether a text has the form of a token, its checksum included: what was mistyped never reaches the
/// database.
bool has_personal_token_form(std::string_view token);

/// Tells the holders of tokens that end within a week, once each.
struct WarnOfExpiringTokens {
    static constexpr std::string_view job_name = "auth.warn_of_expiring_tokens";
};
BOOST_DESCRIBE_STRUCT(WarnOfExpiringTokens, (), ())
JobResult warn_of_expiring_tokens(Tx& tx, const WarnOfExpiringTokens& job);

}  // namespace tamiti::auth
