#include "core/app.hpp"

#include "apps/auth/service.hpp"
#include "core/http/route.hpp"

namespace tamiti::auth {
namespace {

/// A verb with what it may answer beyond the usual.
Route answering(Route route, std::vector<std::string> problems, int status = 0) {
    route.problems = std::move(problems);
    if (status != 0) route.status = status;
    return route;
}

}  // namespace

App app() {
    return {
        .name = "auth",
        .doc = "Signing in, staying signed in and signing out.",
        .routes =
            {
                answering(post("/auth/register", register_account, "Ask for an account.", anyone()),
                          {"auth.registration_closed", "auth.busy"}, 202),
                answering(post("/auth/token", log_in, "Sign in.", anyone()),
                          {"auth.wrong_credentials", "auth.busy"}),
                answering(post("/auth/token/refresh", refresh, "Get the next tokens.", anyone()),
                          {"auth.invalid_refresh"}),
                answering(post("/auth/logout", log_out, "Sign out of one session.", anyone()),
                          {"auth.invalid_token"}),
                post("/auth/logout-all", log_out_everywhere, "Sign out everywhere.", signed_in()),
                get("/auth/sessions", sessions, "Where you are signed in.", signed_in()),
                delete_("/auth/sessions/{id}", end_session, "Sign out elsewhere.", signed_in()),
            },
        .commands = {create_superuser()},
        .problems =
            {
                {"auth.wrong_credentials", 401,
                 "Username and password don't fit together, or the account is closed."},
                {"auth.invalid_refresh", 401,
                 "The refresh token was used, has expired or belongs to an ended session."},
                {"auth.registration_closed", 403, "This studio doesn't let people make their own accounts."},
                {"auth.busy", 503,
                 "Too many passwords are being checked; Retry-After says when to try again."},
            },
        .seed = seed,
        .authenticate = authenticate,
    };
}

}  // namespace tamiti::auth
