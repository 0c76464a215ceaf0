#include "core/program/app.hpp"

#include "apps/auth/erase.hpp"
#include "apps/auth/factor/second_factor.hpp"
#include "apps/auth/jobs.hpp"
#include "apps/auth/listeners.hpp"
#include "apps/auth/passwords/addresses.hpp"
#include "apps/auth/passwords/create_superuser.hpp"
#include "apps/auth/passwords/passwords.hpp"
#include "apps/auth/passwords/registration.hpp"
#include "apps/auth/passwords/reset_password_command.hpp"
#include "apps/auth/seed.hpp"
#include "apps/auth/sessions/authenticate.hpp"
#include "apps/auth/sessions/cookie_sessions.hpp"
#include "apps/auth/sessions/refresh_tokens.hpp"
#include "apps/auth/sessions/sessions.hpp"
#include "apps/auth/sessions/view_as.hpp"
#include "apps/auth/sign_in/history.hpp"
#include "apps/auth/sign_in/log_in.hpp"
#include "apps/auth/tokens/make_token_command.hpp"
#include "apps/auth/tokens/personal_tokens.hpp"
#include "core/api/route.hpp"
#include "core/events/event.hpp"

namespace tamiti::auth {
namespace {

/// Getting an account, signing in and out.
std::vector<Route> session_routes() {
    return {
        post("/auth/register", register_account, "Ask for an account.", anyone(),
             {.problems = {"auth.registration_closed", "auth.busy"}, .status = 202}),
        post("/auth/token", log_in, "Sign in.", anyone(),
             {.problems = {"auth.wrong_credentials", "auth.unverified", "auth.second_factor_needed",
                           "auth.wrong_code", "auth.busy"},
              .own_limits = true}),
        post("/auth/token/refresh", refresh, "Get the next tokens.", anyone(),
             {.problems = {"auth.invalid_refresh"}, .own_limits = true}),
        post("/auth/logout", log_out, "Sign out of one session.", anyone(),
             {.problems = {"auth.invalid_token"}}),
        post("/auth/logout-all", log_out_everywhere, "Sign out everywhere.", signed_in()),
        get("/auth/sessions", sessions, "Where you are signed in.", signed_in()),
        delete_("/auth/sessions/{id}", end_session, "Sign out elsewhere.", signed_in()),
        get("/auth/sign-ins", sign_ins, "Who signed in to your account, or tried to.", signed_in(),
            {.for_oneself = true}),
    };
}

std::vector<ProblemKind> sign_in_problems() {
    return {
        {"auth.wrong_credentials", 401,
         "Username and password don't fit together, or the account is closed."},
        {"auth.invalid_refresh", 401,
         "The refresh token was used, has expired or belongs to an ended session."},
        {"auth.unverified", 403,
         "The password is right, but the address was never confirmed: follow the link in the mail."},
        {"auth.cross_site", 403, "A page of another site made the request, or a program without Origin."},
        {"auth.address_taken", 409, "Another account has proven the address meanwhile."},
        {"auth.invalid_link", 422,
         "The link was used, has expired, was replaced by a newer one or is for something else."},
        {"auth.registration_closed", 403, "This studio doesn't let people make their own accounts."},
        {"auth.busy", 503, "Too many passwords are being checked; Retry-After says when to try again."},
    };
}

/// Passwords, and the addresses that prove whose they are.
std::vector<Route> address_routes() {
    return {
        post("/auth/verify", verify_address, "Confirm an address by the link that was mailed.", anyone(),
             {.problems = {"auth.invalid_link", "auth.busy"}}),
        post("/auth/verify/resend", resend_verification, "Ask for another link.", anyone(), {.status = 202}),
        post("/auth/password/change", change_password, "Change your password.", signed_in(),
             {.problems = {"auth.busy"}}),
        post("/auth/password/reset", ask_for_reset, "Ask for a link for a new password.", anyone(),
             {.status = 202}),
        post("/auth/password/reset/confirm", reset_password, "Set a new password by the link.", anyone(),
             {.problems = {"auth.invalid_link", "auth.busy"}}),
        post("/auth/email", ask_for_address, "Ask for another address.", signed_in(),
             {.problems = {"auth.busy"}, .status = 202}),
        post("/auth/email/confirm", confirm_address, "Confirm the new address by the link.", anyone(),
             {.problems = {"auth.invalid_link", "auth.address_taken"}}),
    };
}

/// Signing in by cookie, for pages of the studio.
std::vector<Route> cookie_routes() {
    return {
        post("/auth/cookie", log_in_by_cookie, "Sign in by cookie.", anyone(),
             {.problems = {"auth.wrong_credentials", "auth.unverified", "auth.second_factor_needed",
                           "auth.wrong_code", "auth.busy", "auth.cross_site"},
              .own_limits = true}),
        post("/auth/cookie/refresh", refresh_by_cookie, "Get the next cookies.", anyone(),
             {.problems = {"auth.invalid_refresh", "auth.cross_site"}, .own_limits = true}),
        delete_("/auth/cookie", log_out_by_cookie, "Sign out and remove the cookies.", anyone(),
                {.problems = {"auth.cross_site"}}),
    };
}

/// The second factor of the person who asks.
std::vector<Route> second_factor_routes() {
    return {
        get("/auth/second-factor", second_factor, "Whether you sign in with a second factor.", signed_in()),
        post("/auth/second-factor", begin_second_factor, "Begin to set up a second factor.", signed_in(),
             {.problems = {"auth.second_factor_is_on", "auth.busy", "auth.second_factor_sealed"}}),
        post(
            "/auth/second-factor/confirm", confirm_second_factor,
            "Turn the second factor on with a first code.", signed_in(),
            {.problems = {"auth.second_factor_is_on", "auth.no_second_factor", "auth.second_factor_sealed"}}),
        post("/auth/second-factor/remove", remove_second_factor, "Turn the second factor off.", signed_in(),
             {.problems = {"auth.no_second_factor", "auth.busy", "auth.second_factor_sealed"}}),
        post("/auth/second-factor/recovery-codes", renew_recovery_codes, "Get new recovery codes.",
             signed_in(), {.problems = {"auth.no_second_factor", "auth.second_factor_sealed"}}),
    };
}

/// Tokens for programs.
std::vector<Route> token_routes() {
    return {
        post("/auth/tokens", make_personal_token, "Make a personal access token.", signed_in(),
             {.problems = {"auth.too_many_tokens"}, .status = 201}),
        get("/auth/tokens", personal_tokens, "Your personal access tokens.", signed_in()),
        delete_("/auth/tokens/{id}", revoke_personal_token, "Revoke a personal access token.", signed_in()),
    };
}

/// Who proves who they are has no second factor yet, and sends or is given secrets.
std::vector<Route> with_secrets(std::vector<Route> routes) {
    for (Route& route : routes) {
        route.options.without_factor = true;
        route.options.no_store = route.method != http::Method::get;
    }
    return routes;
}

std::vector<Route> view_as_routes() {
    return {post("/auth/view-as/{user}", view_as, "Look at the studio as somebody else.",
                 needs("users.view_as"), {.problems = {"auth.view_as"}, .no_store = true})};
}

std::vector<ProblemKind> second_factor_problems() {
    return {
        {"auth.second_factor_needed", 401,
         "The password is right; a code of the second factor is needed as well."},
        {"auth.wrong_code", 401,
         "The code of the second factor doesn't fit, has expired or was used before."},
        {"auth.second_factor_is_on", 409, "The second factor is on already."},
        {"auth.no_second_factor", 409, "There is no second factor to change or confirm."},
        {"auth.second_factor_sealed", 503,
         "The second factor can't be read with the keys that the program has."},
        {"auth.too_many_tokens", 409, "A person has at most 50 personal access tokens."},
        {"auth.view_as", 403, "The actor may not look at the studio as this person."},
    };
}

template <class T>
std::vector<T> joined(std::vector<T> all, std::initializer_list<std::vector<T>> more) {
    for (const std::vector<T>& each : more) all.insert(all.end(), each.begin(), each.end());
    return all;
}

}  // namespace

App app() {
    return {
        .name = "auth",
        .doc = "Signing in, staying signed in and signing out.",
        .routes = joined<Route>(
            with_secrets(joined<Route>(session_routes(), {address_routes(), cookie_routes(),
                                                          second_factor_routes(), token_routes()})),
            {view_as_routes()}),
        .permissions = {{"users.view_as",
                         "Look at the studio as somebody else, changing nothing",
                         {Role::admin}},
                        {"auth.manage_registration",
                         "Decide whether people may make accounts of their own",
                         {Role::admin}}},
        .commands = {create_superuser(), make_token_command(), reset_password_command()},
        .jobs = {job<WarnOfExpiringTokens>(warn_of_expiring_tokens),
                 job<ResealSecondFactors>(reseal_second_factors),
                 job<SendReset>(send_reset_link, {.priority = 10}),
                 job<SendVerification>(send_verification_link, {.priority = 10}),
                 job<ForgetOldTries>(forget_old_tries)},
        .schedules = {every(std::chrono::hours(1), WarnOfExpiringTokens{}),
                      every(std::chrono::hours(1), ResealSecondFactors{}), daily("03:40", ForgetOldTries{})},
        .listeners = {after<users::UserDeactivated>("auth.end_access_of", end_access_of),
                      after<users::UserUnverified>("auth.end_unproven_access_of", end_unproven_access_of),
                      after<users::UserExpired>("auth.end_sessions_of", end_sessions_of)},
        .settings = {&settings_of(tag<SelfRegistration>{})},
        .problems = joined<ProblemKind>(sign_in_problems(), {second_factor_problems()}),
        .no_token = "Passwords, sessions and tokens are managed by who signed in, not by an access token.",
        .seed = seed,
        .erase = erase,
        .authenticate = authenticate,
    };
}

}  // namespace tamiti::auth
