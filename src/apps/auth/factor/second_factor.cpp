#include "apps/auth/factor/second_factor.hpp"

#include "apps/auth/factor/recovery_codes.hpp"
#include "apps/auth/factor/totp.hpp"
#include "apps/auth/passwords/passwords.hpp"
#include "apps/auth/sessions/own_session.hpp"
#include "apps/auth/sign_in/sign_in.hpp"
#include "apps/users/service.hpp"
#include "core/access/role_names.hpp"
#include "core/access/sealed_text.hpp"
#include "core/base/log.hpp"
#include "core/cache/throttle.hpp"
#include "core/model/input.hpp"
#include "core/model/member.hpp"

namespace tamiti::auth {
namespace {

constexpr std::chrono::minutes set_up_time{15};
constexpr std::string_view purpose = "second factor";

// Five tries at once, then ever fewer: a guesser who knows the password has 20 tries a day at a million
// codes. Recovery codes can't be guessed and have counters of their own, for each network, so that a guesser
// doesn't shut out the owner.
constexpr std::string_view too_many_codes = "Too many codes were tried.";
constexpr Limit code_limits[] = {{"second_factor", 5, std::chrono::minutes(15), too_many_codes},
                                 {"second_factor_hours", 10, std::chrono::hours(2), too_many_codes},
                                 {"second_factor_day", 20, std::chrono::hours(24), too_many_codes}};
constexpr Limit recovery_limit{"recovery_code", 10, std::chrono::minutes(15), too_many_codes};

struct Factor {
    Id<users::User> account{};
    std::string secret{};
    std::int64_t last_step = 0;
    Timestamp begun_at{};
    bool is_confirmed = false;
};
BOOST_DESCRIBE_STRUCT(Factor, (), (account, secret, last_step, begun_at, is_confirmed))

/// What is told of a confirmed factor.
struct ConfirmedFactor {
    Timestamp confirmed_at{};
    int codes_left = 0;
};
BOOST_DESCRIBE_STRUCT(ConfirmedFactor, (), (confirmed_at, codes_left))

std::string seal(const Site& site, Id<users::User> account, std::string_view secret) {
    return seal_text(site, purpose, account.text(), secret);
}

/// The account's factor, confirmed or begun, locked until the end of the transaction. What the program can't
/// open any more is an error and never the same as having no factor.
std::optional<Factor> find_factor(Tx& tx, Id<users::User> account) {
    auto factor = tx.find_one<Factor>(
        Sql{R"(SELECT account, secret, last_step, begun_at, confirmed_at IS NOT NULL AS is_confirmed
               FROM auth_second_factor WHERE account = {} FOR UPDATE)",
            account});
    if (!factor) return std::nullopt;
    const auto opened = open_text(tx.site(), purpose, account.text(), factor->secret);
    if (!opened) {
        log::error("second_factor_sealed", {{"user", account.text()}});
        throw Unavailable(
            "auth.second_factor_sealed",
            "The second factor can't be read at this moment. Tell the people who run the studio.", 60);
    }
    if (opened->is_stale)
        tx.execute({"UPDATE auth_second_factor SET secret = {} WHERE account = {}",
                    seal(tx.site(), account, opened->text), account});
    factor->secret = opened->text;
    return factor;
}

Factor confirmed_factor(Tx& tx, Id<users::User> account) {
    auto factor = find_factor(tx, account);
    if (!factor || !factor->is_confirmed)
        throw Conflict("auth.no_second_factor", "There is no second factor to change. Set one up first.");
    return *factor;
}

void require_limits(Site& site, Id<users::User> account) {
    require(site, one_of_each(code_limits, account.text()));
}

void restore_limits(Site& site, Id<users::User> account) {
    restore(site, one_of_each(code_limits, account.text()));
}

/// Takes a code of the app, once.
bool take_app_code(Tx& tx, const Factor& factor, std::string_view code) {
    const std::int64_t step = totp_match(factor.secret, code, tx.now(), factor.last_step);
    if (step == 0) return false;
    return tx.execute({"UPDATE auth_second_factor SET last_step = {} WHERE account = {} AND last_step = {}",
                       step, factor.account, factor.last_step}) > 0;
}

/// What kind of code of the factor this is, which is used up; nothing where it is none. Tries count before
/// they are looked at, so that many at once don't get more.
std::optional<SignInKind> take_code(Tx& tx, const Factor& factor, std::string_view typed,
                                    std::string_view address) {
    std::string code(typed);
    std::erase(code, ' ');  // as apps show them: "123 456"
    const bool is_of_app = code.size() == 6 && code.find_first_not_of("0123456789") == code.npos;
    if (!is_of_app) {
        require(tx.site(), recovery_limit, factor.account.text() + " " + network_of(address));
        if (!use_recovery_code(tx, factor.account, code)) return std::nullopt;
        return SignInKind::recovery_code;
    }
    require_limits(tx.site(), factor.account);
    if (!take_app_code(tx, factor, code)) return std::nullopt;
    restore_limits(tx.site(), factor.account);
    return SignInKind::second_factor;
}

void require_code(Tx& tx, const Actor& who, const Factor& factor, const std::string& code) {
    if (!take_code(tx, factor, code, who.address))
        throw Invalid("code", "This code doesn't fit, has expired or was used before.");
}

/// Tells the person, and lets the next request see it.
void note_change(Tx& tx, Id<users::User> account, const std::string& what) {
    const users::User user = tx.get(account);
    users::send_mail(tx, user, "second_factor_changed",
                     {{"what", what}, {"when", format_in_zone(tx.now(), user.time_zone.text)}});
    users::forget_sessions(tx, account);
}

}  // namespace

FactorStatus second_factor(ReadTx& tx, const Actor& who) {
    const auto confirmed =
        tx.find_one<ConfirmedFactor>(Sql{R"(SELECT confirmed_at, (SELECT count(*) FROM auth_recovery_code c
                                     WHERE c.account = f.account AND used_at IS NULL) AS codes_left
               FROM auth_second_factor f WHERE account = {} AND confirmed_at IS NOT NULL)",
                                         who.id});
    FactorStatus status;
    status.is_required = who.roles.meets(roles_named(tx.settings().second_factor_roles, ""));
    if (!confirmed) return status;
    status.is_on = true;
    status.confirmed_at = confirmed->confirmed_at;
    status.recovery_codes_left = confirmed->codes_left;
    return status;
}

FactorSecret begin_second_factor(Tx& tx, const Actor& who, FactorSetUp asked) {
    require_own_session(who);
    const Account own = prove_own_password(tx, who, "password", asked.password);
    const Id<users::User> account = own.id;
    const std::string secret = totp_secret();
    const int begun =
        tx.execute({R"(INSERT INTO auth_second_factor (account, secret, begun_at) VALUES ({}, {}, {})
                                     ON CONFLICT (account) DO UPDATE
                                     SET secret = excluded.secret, begun_at = excluded.begun_at
                                     WHERE auth_second_factor.confirmed_at IS NULL)",
                    account, seal(tx.site(), account, secret), tx.now()});
    if (begun == 0)
        throw Conflict("auth.second_factor_is_on",
                       "The second factor is on already. Remove it to set up another.");
    return {.secret = base32(secret),
            .uri = totp_uri(secret, tx.site().name, own.username),
            .expires_at = tx.now() + set_up_time};
}

RecoveryCodes confirm_second_factor(Tx& tx, const Actor& who, FactorCode asked) {
    require_own_session(who);
    const Id<users::User> account{who.id};
    const auto factor = find_factor(tx, account);
    if (factor && factor->is_confirmed)
        throw Conflict("auth.second_factor_is_on", "The second factor is on already.");
    if (!factor || factor->begun_at + set_up_time <= tx.now())
        throw Conflict("auth.no_second_factor",
                       "Set up a second factor first; what was begun holds for 15 minutes.");
    require_limits(tx.site(), account);
    std::erase(asked.code, ' ');
    if (!take_app_code(tx, *factor, asked.code))
        throw Invalid("code", "This is not the code that the app shows now.");
    restore_limits(tx.site(), account);
    tx.execute({"UPDATE auth_second_factor SET confirmed_at = {} WHERE account = {}", tx.now(), account});
    note_change(tx, account, "A code generator was added");
    return {make_recovery_codes(tx, account)};
}

void remove_second_factor(Tx& tx, const Actor& who, FactorRemoval asked) {
    require_own_session(who);
    prove_own_password(tx, who, "password", asked.password);
    const Factor factor = confirmed_factor(tx, {who.id});
    require_code(tx, who, factor, asked.code);
    drop_second_factor(tx, factor.account);
}

RecoveryCodes renew_recovery_codes(Tx& tx, const Actor& who, FactorCode asked) {
    require_own_session(who);
    const Factor factor = confirmed_factor(tx, {who.id});
    require_code(tx, who, factor, asked.code);
    note_change(tx, factor.account, "New recovery codes were made");
    return {make_recovery_codes(tx, factor.account)};
}

SignInKind require_second_factor(Tx& tx, const Actor& who, Id<users::User> account,
                                 const std::optional<std::string>& code) {
    const auto factor = find_factor(tx, account);
    if (!factor || !factor->is_confirmed) return SignInKind::password;
    if (!code || code->empty()) {
        throw Problem(401, "auth.second_factor_needed",
                      "Send the code that your authenticator app shows, or a recovery code, as well.")
            .with_header("WWW-Authenticate", "Bearer");
    }
    if (const auto kind = take_code(tx, *factor, *code, who.address)) return *kind;
    throw Problem(401, "auth.wrong_code", "This code doesn't fit, has expired or was used before.")
        .with_header("WWW-Authenticate", "Bearer");
}

bool drop_second_factor(Tx& tx, Id<users::User> account) {
    const bool was_on =
        tx.execute(
            {"DELETE FROM auth_second_factor WHERE account = {} AND confirmed_at IS NOT NULL", account}) > 0;
    if (was_on) note_change(tx, account, "The code generator was removed");
    return was_on;
}

JobResult reseal_second_factors(Tx& tx, const ResealSecondFactors&) {
    if (tx.site().previous_secret.empty()) return done();
    for (const Id<users::User> account :
         tx.all<Id<users::User>>({"SELECT account FROM auth_second_factor ORDER BY account"}))
        find_factor(tx, account);
    return done();
}

const Shape& shape_of(tag<FactorSetUp>) {
    static const Shape shape = input<FactorSetUp>(
        {field<&FactorSetUp::password>("password", {.max_length = 1024,
                                                    .verbatim = true,
                                                    .help = "Once more, although you are signed in.",
                                                    .example = "studio-demo-2026"})});
    return shape;
}

const Shape& shape_of(tag<FactorCode>) {
    static const Shape shape = input<FactorCode>({field<&FactorCode::code>(
        "code", {.max_length = 40, .help = "What the authenticator app shows now.", .example = "492039"})});
    return shape;
}

const Shape& shape_of(tag<FactorRemoval>) {
    static const Shape shape = input<FactorRemoval>(
        {field<&FactorRemoval::password>("password", {.max_length = 1024,
                                                      .verbatim = true,
                                                      .help = "Once more, although you are signed in.",
                                                      .example = "studio-demo-2026"}),
         field<&FactorRemoval::code>("code", {.max_length = 40,
                                              .help = "Of the authenticator app, or a recovery code.",
                                              .example = "492039"})});
    return shape;
}

}  // namespace tamiti::auth
