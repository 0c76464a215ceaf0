#include "apps/auth/tests/factories.hpp"

namespace tamiti::test {
namespace {

using std::chrono::minutes;

class LoginThrottle : public AuthStudio {
public:
    static constexpr const char* home = "192.0.2.10";
    static constexpr const char* abroad = "203.0.113.5";

    static Answer try_from(const std::string& address, const std::string& name, const std::string& with,
                           const std::string& device = {}) {
        Object sent = {{"username", name}, {"password", with}};
        if (!device.empty()) sent["device"] = device;
        return from(address, "/auth/token", sent);
    }
    /// How many wrong passwords are looked at before somebody is told to wait.
    static int guesses_from(const std::string& address, const std::string& name) {
        int taken = 0;
        while (taken < 100 && try_from(address, name, "guess-number-1").status == 401) ++taken;
        return taken;
    }
    static std::string address(int number) {
        return "10." + std::to_string(number / 250) + "." + std::to_string(number % 250) + ".1";
    }
};

TEST_F(LoginThrottle, LetsFewGuessesThroughAndLonger) {
    account("grace");
    EXPECT_EQ(guesses_from(abroad, "grace"), 5);
    const Answer refused = try_from(abroad, "grace", password);
    EXPECT_EQ(refused.status, 429) << "even with the right password";
    EXPECT_NE(refused.header("Retry-After"), "");
    wait(minutes(1) + std::chrono::seconds(2));
    EXPECT_EQ(guesses_from(abroad, "grace"), 5);
    wait(minutes(2));
    EXPECT_EQ(guesses_from(abroad, "grace"), 0) << "ten in a quarter of an hour";
    wait(minutes(16));
    EXPECT_EQ(guesses_from(abroad, "grace"), 5);
    int in_a_day = 15;
    for (int hour = 0; hour < 20; ++hour) {
        wait(minutes(60));
        in_a_day += guesses_from(abroad, "grace");
    }
    EXPECT_LE(in_a_day, 40);
    wait(std::chrono::hours(25));
    EXPECT_EQ(try_from(abroad, "grace", password).status, 200) << "nobody is locked out for ever";
}

TEST_F(LoginThrottle, RefusesUnknownNamesAlike) {
    account("existing");
    for (int i = 0; i < 5; ++i) {
        const Answer known = try_from("198.51.100.1", "existing", "guess-number-1");
        const Answer unknown = try_from("198.51.100.2", "absent", "guess-number-1");
        EXPECT_EQ(known.status, 401);
        EXPECT_EQ(known.body, unknown.body);
    }
    const Answer known = try_from("198.51.100.1", "existing", "guess-number-1");
    const Answer unknown = try_from("198.51.100.2", "absent", "guess-number-1");
    EXPECT_EQ(known.status, 429);
    EXPECT_EQ(known.body, unknown.body);
    for (const char* name : {"Retry-After", "RateLimit", "RateLimit-Policy"})
        EXPECT_EQ(known.header(name), unknown.header(name)) << name;
}

TEST_F(LoginThrottle, CountsOneAccountWhateverItIsCalled) {
    account("alias");
    for (int i = 0; i < 5; ++i) {
        EXPECT_EQ(try_from(address(i), "alias", "guess-number-1").status, 401);
        EXPECT_EQ(try_from(address(i), "alias@studio.test", "guess-number-1").status, 401);
    }
    wait(minutes(2));
    const Answer right = try_from(abroad, "alias@studio.test", password);
    EXPECT_EQ(right.status, 401) << "ten guesses were made; nobody hears that this one was right";
    EXPECT_EQ(right.text("code"), "auth.wrong_credentials");
    EXPECT_EQ(sql("SELECT reason FROM auth_sign_in ORDER BY id DESC LIMIT 1"), "locked");
}

TEST_F(LoginThrottle, LocksNobodyOutOfAKnownDevice) {
    account("victim");
    const std::string device = try_from(home, "victim", password).text("device");
    EXPECT_FALSE(device.empty());
    for (int i = 0; i < 30; ++i) try_from(address(i), "victim", "guess-number-1");
    EXPECT_EQ(try_from(abroad, "victim", password).status, 429) << "strangers are refused";
    EXPECT_EQ(try_from("198.18.7.7", "victim", password, device).status, 200) << "the device, wherever it is";
    EXPECT_EQ(try_from("192.0.2.77", "victim", password).status, 200) << "and the network at home";
    account("other");
    EXPECT_EQ(guesses_from(abroad, "other"), 5);
    EXPECT_EQ(try_from(abroad, "other", password, device).status, 429) << "a device is known to one account";
    std::string forged = device;
    forged.back() = forged.back() == 'A' ? 'B' : 'A';
    EXPECT_EQ(try_from(abroad, "victim", password, forged).status, 429);
}

TEST_F(LoginThrottle, KnownDevicesGuessNoFasterThanOthers) {
    account("stolen");
    const std::string device = try_from(home, "stolen", password).text("device");
    int taken = 0;
    while (taken < 100 && try_from(abroad, "stolen", "guess-number-1", device).status == 401) ++taken;
    EXPECT_EQ(taken, 5);
}

TEST_F(LoginThrottle, SeesOnePasswordTriedOnManyAccounts) {
    account("regular");
    const std::string device = try_from(home, "regular", password).text("device");
    int taken = 0;
    for (int i = 0; i < 400; ++i)
        taken += try_from("198.19.0." + std::to_string(i % 250), "name" + std::to_string(i), "one-password-1")
                     .status == 401;
    EXPECT_LE(taken, 100) << "one network";
    for (int i = 0; i < 3000; ++i)
        taken += try_from(address(i % 20), "sprayed" + std::to_string(i), "one-password-1").status == 401;
    EXPECT_LE(taken, 350) << "many networks: few tries each once the spray is seen";
    EXPECT_EQ(try_from(home, "regular", password).status, 200) << "people at home notice nothing";
    EXPECT_EQ(try_from(address(1), "regular", password, device).status, 200);
    wait(minutes(20));
}

TEST_F(LoginThrottle, OneNetworkAloneMakesTheSiteNoStricter) {
    account("elsewhere");
    wait(minutes(20));
    int refused = 0;
    for (int i = 0; i < 300; ++i)
        refused += try_from("198.19.1.1", "someone" + std::to_string(i), "guess-number-1").status == 429;
    EXPECT_EQ(refused, 200);
    for (int i = 0; i < 8; ++i) EXPECT_EQ(try_from(abroad, "elsewhere", password).status, 200) << i;
    wait(minutes(20));
}

TEST_F(LoginThrottle, AnswersKnownAndUnknownNamesAlikeOnceANetworkHasFailedOften) {
    account("neighbour");
    const std::string office = "203.0.113.77";
    const std::string device = try_from(office, "neighbour", password).text("device");
    for (int i = 0; i < 100; ++i)
        ASSERT_EQ(try_from(office, "nobody" + std::to_string(i), "guess-number-1").status, 401) << i;
    const Answer known = try_from(office, "neighbour", "guess-number-1");
    const Answer unknown = try_from(office, "nobody-else", "guess-number-1");
    EXPECT_EQ(known.status, 429);
    EXPECT_EQ(known.body, unknown.body);
    for (const char* name : {"Retry-After", "RateLimit", "RateLimit-Policy"})
        EXPECT_EQ(known.header(name), unknown.header(name)) << name;
    EXPECT_EQ(try_from(office, "neighbour", password).status, 200) << "who has signed in from here gets in";
    EXPECT_EQ(try_from(office, "neighbour", password, device).status, 200);
    account("stranger");
    EXPECT_EQ(try_from(office, "stranger", password).status, 429)
        << "who hasn't waits, though the password is right";
    int refused = 0;
    for (int i = 0; i < 130; ++i)
        refused += try_from(office, "more" + std::to_string(i), "guess-number-1").status == 429 ? 1 : 0;
    EXPECT_EQ(refused, 130);
    EXPECT_EQ(try_from(office, "neighbour", password).status, 429)
        << "no more passwords are checked for a flood";
    EXPECT_EQ(try_from(office, "neighbour", password, device).status, 200)
        << "but for devices that are known";
    wait(minutes(20));
}

TEST_F(LoginThrottle, ForgetsFailuresOfWhoSucceeds) {
    account("typist");
    for (int i = 0; i < 20; ++i) {
        EXPECT_EQ(try_from(home, "typist", "mistyped-" + std::to_string(i)).status, 401);
        EXPECT_EQ(try_from(home, "typist", password).status, 200);
    }
}

TEST_F(LoginThrottle, ForgetsFailuresOfWhoProvesTheAddress) {
    account("forgetful");
    EXPECT_EQ(guesses_from(abroad, "forgetful"), 5);
    EXPECT_EQ(from(abroad, "/auth/password/reset", {{"email", "forgetful@studio.test"}}).status, 202);
    run_jobs();
    const std::string token = token_to("forgetful@studio.test", "reset_password");
    EXPECT_EQ(
        from(abroad, "/auth/password/reset/confirm", {{"token", token}, {"password", "kasese-window-31"}})
            .status,
        200);
    EXPECT_EQ(try_from(abroad, "forgetful", "kasese-window-31").status, 200);
}

class SignIns : public LoginThrottle {};

TEST_F(SignIns, AreWrittenDownAndSeenByTheirOwnerOnly) {
    account("grace");
    account("okello");
    const Answer tokens = try_from(home, "grace", password);
    wait(std::chrono::seconds(1));
    try_from(abroad, "grace", "guess-number-1");
    try_from(abroad, "nobody-here", "guess-number-1");
    const Answer list = get("guest", "/auth/sign-ins", as(tokens));
    ASSERT_EQ(list.status, 200) << list.body;
    ASSERT_EQ(list.json().as_array().size(), 2U);
    EXPECT_EQ(list.text("0.reason"), "wrong_password");
    EXPECT_EQ(list.text("0.address"), abroad);
    EXPECT_EQ(list.text("1.succeeded"), "true");
    EXPECT_EQ(list.text("1.kind"), "password");
    EXPECT_EQ(list.text("1.address"), home);
    const std::string earlier = "/auth/sign-ins?before=" + list.text("0.at");
    EXPECT_EQ(get("guest", earlier, as(tokens)).text("0.address"), home);
    EXPECT_EQ(get("okello", "/auth/sign-ins").body, "[]");
    EXPECT_EQ(get("guest", "/auth/sign-ins").status, 401);
    EXPECT_EQ(sql("SELECT count(*) FROM auth_sign_in WHERE account IS NULL AND reason = 'unknown'"), "1");
}

TEST_F(SignIns, FromANewDeviceAreToldByMail) {
    account("acen");
    const std::string device = try_from(home, "acen", password).text("device");
    EXPECT_EQ(mails_to("acen@studio.test"), "") << "the first one is no news";
    EXPECT_EQ(try_from(home, "acen", password).status, 200);
    EXPECT_EQ(try_from(abroad, "acen", password, device).status, 200);
    EXPECT_EQ(mails_to("acen@studio.test"), "") << "known network, known device";
    EXPECT_EQ(try_from("198.18.1.1", "acen", password).status, 200);
    EXPECT_EQ(mails_to("acen@studio.test"), "new_sign_in");
}

TEST_F(SignIns, OfARefreshAreKeptOnceADay) {
    account("daily");
    const Timestamp now = clock().now();
    std::string token = try_from(home, "daily", password).text("refresh");
    for (int hours = 0; hours < 72; hours += 6) {
        wait(std::chrono::hours(6));
        token = refresh(token).text("refresh");
    }
    EXPECT_EQ(sql("SELECT count(*) FROM auth_sign_in WHERE account = $1 AND kind = 'refresh'", user("daily")),
              "3");
    clock().set(now);
}

TEST_F(LoginThrottle, SaysWhySomebodyHasToWaitAndForHowLong) {
    account("waits");
    for (const char* name : {"waits", "nobody.has.this"}) {
        for (int tries = 0; tries < 5; ++tries) log_in(name, "not-the-password-1");
        const Answer refused = log_in(name, "not-the-password-1");
        EXPECT_EQ(refused.status, 429);
        EXPECT_EQ(refused.text("detail"),
                  "Too many passwords were tried for this name. Try again in 1 minute.")
            << name;
    }
    for (int tries = 0; tries < 3; ++tries)
        EXPECT_EQ(post("guest", "/auth/password/reset", {{"email", "waits@studio.test"}}).status, 202);
    EXPECT_EQ(post("guest", "/auth/password/reset", {{"email", "waits@studio.test"}}).text("detail"),
              "Too many mails were asked for. Try again in 1 hour.");
}

}  // namespace
}  // namespace tamiti::test
