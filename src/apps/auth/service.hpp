#pragma once

#include <boost/describe/class.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "apps/auth/models.hpp"
#include "core/access/actor.hpp"
#include "core/model/tx.hpp"
#include "core/program/app.hpp"

namespace tamiti::auth {

/// What a client gets who signed in: the access token goes with every request, the refresh token buys the
/// next pair, once.
struct Tokens {
    std::string access{};
    std::string refresh{};
    std::string token_type = "Bearer";
    int expires_in = 0;  ///< seconds that the access token lives
};
BOOST_DESCRIBE_STRUCT(Tokens, (), (access, refresh, token_type, expires_in))

/// What a log in gives: the tokens, and one that the device keeps beyond them and sends with its next log in.
struct SignedIn {
    std::string access{};
    std::string refresh{};
    std::string token_type = "Bearer";
    int expires_in = 0;  ///< seconds that the access token lives
    std::string device{};
};
BOOST_DESCRIBE_STRUCT(SignedIn, (), (access, refresh, token_type, expires_in, device))

struct LogIn {
    std::string username{};  ///< or email address or telephone number
    std::string password{};
    std::optional<std::string> device{};  ///< of an earlier sign-in
    std::optional<std::string> code{};    ///< of the second factor
};
BOOST_DESCRIBE_STRUCT(LogIn, (), (username, password, device, code))
Rules rules_for(tag<LogIn>, std::string_view member);

struct Refresh {
    std::string refresh{};
};
BOOST_DESCRIBE_STRUCT(Refresh, (), (refresh))
Rules rules_for(tag<Refresh>, std::string_view member);

struct LogOut {
    std::optional<std::string> refresh{};
};
BOOST_DESCRIBE_STRUCT(LogOut, (), (refresh))
Rules rules_for(tag<LogOut>, std::string_view member);

struct Registration {
    std::string username{};
    Email email{};
    std::string password{};
    std::optional<std::string> first_name{};
    std::optional<std::string> last_name{};
};
BOOST_DESCRIBE_STRUCT(Registration, (), (username, email, password, first_name, last_name))
Rules rules_for(tag<Registration>, std::string_view member);

struct Receipt {
    std::string detail{};
};
BOOST_DESCRIBE_STRUCT(Receipt, (), (detail))

/// A session as its owner sees it.
struct OpenSession {
    Id<Session> id{};
    std::string device{};
    std::string address{};
    Timestamp created_at{};
    Timestamp last_used_at{};
    Timestamp expires_at{};
    bool is_current = false;  ///< the one that asks
};
BOOST_DESCRIBE_STRUCT(OpenSession, (),
                      (id, device, address, created_at, last_used_at, expires_at, is_current))

/// Up to when the record of sign-ins is asked for; now where it is left out.
struct SignInsBefore {
    std::optional<Timestamp> before{};
};
BOOST_DESCRIBE_STRUCT(SignInsBefore, (), (before))

/// One sign-in or one try, as the owner of the account sees it. Of the refreshes of a session the first of
/// each day (UTC) is written down, and those that failed because the token was used before.
struct SignIn {
    Timestamp at{};
    SignInKind kind = SignInKind::password;
    bool succeeded = false;
    std::string
        reason{};  ///< why it failed: wrong_password, locked, unverified, closed, wrong_code, token_reused
    std::string address{};
    std::string device{};  ///< what the client calls itself
};
BOOST_DESCRIBE_STRUCT(SignIn, (), (at, kind, succeeded, reason, address, device))

/// Makes an account with the role `client`, which sees nothing but itself, and mails a link that proves its
/// address. What it answers, and how fast, doesn't tell whether the username or the address was known
/// already; a mail to its owner does.
Receipt register_account(Tx& tx, const Actor& who, const Call& call, Registration asked);

/// Signs in. Everything that may be wrong gets the same answer (401 "auth.wrong_credentials") in the same
/// time; who knows the password is told that the address is unproven (403 "auth.unverified") or that a code
/// is needed (401 "auth.second_factor_needed").
SignedIn log_in(Tx& tx, const Actor& who, const Call& call, LogIn asked);

/// Takes a refresh token and gives the next pair. The same token again within ten seconds gives the same
/// successor, for clients whose answer was lost; later it means that the token was stolen, and the session
/// ends.
Tokens refresh(Tx& tx, const Actor& who, const Call& call, Refresh asked);

/// Ends the session of the refresh token, or of the access token where none is sent. Ending it twice changes
/// nothing.
void log_out(Tx& tx, const Actor& who, LogOut asked);
void log_out_everywhere(Tx& tx, const Actor& who);

/// The actor's open sessions, last used first.
std::vector<OpenSession> sessions(ReadTx& tx, const Actor& who);
void end_session(Tx& tx, const Actor& who, Id<Session> id);

/// The newest hundred sign-ins and tries of the actor's account before that time.
std::vector<SignIn> sign_ins(ReadTx& tx, const Actor& who, SignInsBefore asked);

/// Opens a session for that person, who has proven who they are.
Tokens open_session(Tx& tx, Id<users::User> account, std::string_view device, std::string_view address = {});

/// Sets or replaces the password of an account. The password must have been checked.
void set_password(Tx& tx, Id<users::User> account, const std::string& hash);

/// Who asks, by the bearer token of the request; nothing where there is none. Throws `invalid_token` for a
/// bad one.
std::optional<Actor> authenticate(Site& site, const http::Request& request);

/// Gives the accounts of the demo studio their password; in development only.
void seed(Tx& tx);

/// The command that makes the first admin.
Command create_superuser();

}  // namespace tamiti::auth
