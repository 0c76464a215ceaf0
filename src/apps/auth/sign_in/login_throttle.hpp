#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "core/cache/throttle.hpp"
#include "core/site/site.hpp"

/// What makes guessing passwords hopeless without becoming a weapon: nobody is locked out of a device that
/// they have signed in from, of a network only for a quarter of an hour in which many guesses come from it,
/// and nobody for ever. Failures are counted for what was typed, for the account, for the network and for the
/// whole site; the wait grows from a minute over a quarter of an hour to a day. What was typed is counted
/// whether or not it names an account, so that a refusal tells nothing.
namespace tamiti::auth {

/// One try to sign in, before anything is known of it.
struct Attempt {
    std::string identifier{};  ///< what was typed, normalised
    std::string network{};     ///< of the address it came from
    std::string device{};      ///< the id of a device known to the account; empty where there is none
    bool knows_network = false;
    std::string account{};  ///< its id; empty where what was typed names nobody

    bool is_known() const { return knows_network || !device.empty(); }
};

/// Counts the try. Throws the Problem 429 where what was typed has failed too often, and where the network
/// has failed so often that nobody's password is looked at. Answers that Problem where it has failed too
/// often for a source that nobody knows: it is the answer to every try that fails then, whether or not the
/// name exists and whoever signed in from that network before, so that it tells nothing of them.
std::optional<Problem> require_attempt(Site& site, const Attempt& attempt);

/// Whether the account itself takes a password from this source now: it has several names, each with a
/// counter of its own, and no more tries than one; none from a source that nobody knows while `refusal` says
/// that its network has failed too often. Nobody is told; the password is called wrong.
bool takes_password(Site& site, const Attempt& attempt, const std::optional<Problem>& refusal);

/// What a wrong password counts beyond the try: against the network and the site.
void count_failure(Site& site, const Attempt& attempt);

/// Gives the source its tries back: it knew the password.
void forgive(Site& site, const Attempt& attempt);

/// Gives an account all its tries back, from devices that nobody knows and from that network: its owner has
/// proven the address.
void forgive_account(Site& site, std::string_view account, std::initializer_list<std::string_view> names,
                     std::string_view network);

/// Counts a try to prove the password of an account that is signed in already. Throws the Problem 429.
void require_proof(Site& site, std::string_view account);

// Limits of what anybody may ask for, by network and by address of mail.
inline constexpr std::string_view too_many_mails = "Too many mails were asked for.";
inline constexpr Limit register_network{"register_network", 30, std::chrono::hours(1), too_many_mails};
inline constexpr Limit register_mail{"register_mail", 3, std::chrono::hours(1), too_many_mails};
inline constexpr Limit reset_network{"reset_network", 30, std::chrono::hours(1), too_many_mails};
inline constexpr Limit reset_mail{"reset_mail", 3, std::chrono::hours(1), too_many_mails};
inline constexpr Limit resend_network{"resend_network", 30, std::chrono::hours(1), too_many_mails};
inline constexpr Limit resend_mail{"resend_mail", 3, std::chrono::hours(1), too_many_mails};
inline constexpr Limit link_network{"link_network", 60, std::chrono::minutes(15),
                                    "Too many links that don't hold came from your network."};
inline constexpr Limit refresh_network{"refresh_network", 1200, std::chrono::minutes(1)};  // that fail
inline constexpr Limit refresh_session{"refresh_session", 60, std::chrono::minutes(1)};
inline constexpr Limit change_mail{"change_mail", 3, std::chrono::hours(1), too_many_mails};

/// Takes a permit for the network and one for the address of mail that was typed, whether or not anybody has
/// it.
void require_mail(Site& site, const Limit& by_network, const Limit& by_mail, std::string_view client_address,
                  std::string_view mail_address);

}  // namespace tamiti::auth
