#include <algorithm>
#include <thread>

#include "apps/auth/passwords/links.hpp"
#include "apps/auth/tests/factories.hpp"

namespace tamiti::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* new_password = "kasese-window-31";

class Password : public AuthStudio {
public:
    static Answer change(const Answer& tokens, const std::string& current, const std::string& next) {
        return post("guest", "/auth/password/change", {{"current", current}, {"password", next}}, as(tokens));
    }
    static Answer ask(const std::string& address) {
        return post("guest", "/auth/password/reset", {{"email", address}});
    }
    static Answer confirm(const std::string& token, const std::string& next = new_password) {
        return post("guest", "/auth/password/reset/confirm", {{"token", token}, {"password", next}});
    }
    /// Asks for a reset as that person and answers the token of the mail.
    static std::string asked(const std::string& name) {
        EXPECT_EQ(ask(name + "@studio.test").status, 202);
        run_jobs();
        return token_to(name + "@studio.test", "reset_password");
    }
};

TEST_F(Password, ChangeEndsAllOtherSessionsAndTellsTheOwner) {
    account("grace");
    const Answer here = log_in("grace"), there = log_in("grace");
    EXPECT_EQ(me(there.text("access")), 200);
    const Answer changed = change(here, password, new_password);
    EXPECT_EQ(changed.status, 204) << changed.body;
    EXPECT_EQ(me(here.text("access")), 200) << "the session that changed it goes on";
    EXPECT_EQ(me(there.text("access")), 401);
    EXPECT_EQ(refresh(here.text("refresh")).status, 200);
    EXPECT_EQ(refresh(there.text("refresh")).status, 401);
    EXPECT_EQ(log_in("grace", new_password).status, 200);
    EXPECT_EQ(log_in("grace").status, 401);
    EXPECT_EQ(mails_to("grace@studio.test"), "password_changed");
    EXPECT_EQ(sql("SELECT string_agg(DISTINCT end_reason, ',') FROM auth_session WHERE account = $1",
                  user("grace")),
              "password_changed");
}

TEST_F(Password, ChangeAsksForThePresentOneAndKeepsTheRules) {
    account("okello");
    const Answer tokens = log_in("okello");
    const Answer wrong = change(tokens, "not-his-password", new_password);
    EXPECT_EQ(wrong.status, 422);
    EXPECT_NE(wrong.text("errors.current.0"), "");
    for (const char* weak : {"short", "password123", "okello@studio.test", password}) {
        const Answer refused = change(tokens, password, weak);
        EXPECT_EQ(refused.status, 422) << weak;
        EXPECT_NE(refused.text("errors.password.0"), "") << weak;
    }
    EXPECT_EQ(
        post("guest", "/auth/password/change", {{"current", password}, {"password", new_password}}).status,
        401);
    EXPECT_EQ(log_in("okello").status, 200) << "nothing has changed";
    EXPECT_EQ(mails_to("okello@studio.test"), "");
}

TEST_F(Password, IsNoOracleForWhoStoleASession) {
    account("robbed");
    const Answer tokens = log_in("robbed");
    for (int i = 0; i < 10; ++i) EXPECT_EQ(change(tokens, "guess-number-1", new_password).status, 422);
    EXPECT_EQ(change(tokens, password, new_password).status, 429) << "even with the right one";
    EXPECT_EQ(log_in("robbed").status, 200);
}

TEST_F(Password, ResetGoesToTheStoredAddressAndEndsEverything) {
    account("acen");
    const Answer tokens = log_in("acen");
    EXPECT_EQ(ask("ACEN@STUDIO.TEST").status, 202);
    run_jobs();
    EXPECT_EQ(mails_to("acen@studio.test"), "reset_password");
    const std::string token = token_to("acen@studio.test", "reset_password");
    EXPECT_EQ(get("guest", "/auth/password/reset/confirm?token=" + token).status, 405);
    const Answer done = confirm(token);
    EXPECT_EQ(done.status, 200) << done.body;
    EXPECT_THAT(done.body, Not(HasSubstr("access"))) << "it signs nobody in";
    EXPECT_EQ(me(tokens.text("access")), 401);
    EXPECT_EQ(refresh(tokens.text("refresh")).status, 401);
    EXPECT_EQ(log_in("acen").status, 401);
    EXPECT_EQ(log_in("acen", new_password).status, 200);
    EXPECT_EQ(mails_to("acen@studio.test"), "reset_password,password_changed");
    EXPECT_EQ(confirm(token, "another-password-9").status, 422) << "once";
    EXPECT_EQ(log_in("acen", new_password).status, 200);
}

TEST_F(Password, ResetAnswersAlikeForEverybody) {
    account("known");
    account("closed");
    change_elsewhere("UPDATE users_user SET is_active = false WHERE id = $1", user("closed"));
    EXPECT_EQ(register_account("pending", "pending@studio.test").status, 202);
    const Answer first = ask("known@studio.test");
    for (const char* address : {"nobody@studio.test", "closed@studio.test", "pending@studio.test"}) {
        const Answer other = ask(address);
        EXPECT_EQ(other.status, 202);
        EXPECT_EQ(other.body, first.body);
        EXPECT_EQ(other.headers.size(), first.headers.size());
    }
    run_jobs();
    EXPECT_EQ(mails_to("known@studio.test"), "reset_password");
    EXPECT_EQ(mails_to("nobody@studio.test") + mails_to("closed@studio.test"), "");
    for (const char* address : {"known@studio.test", "nobody@studio.test"}) {
        for (int i = 0; i < 2; ++i) EXPECT_EQ(ask(address).status, 202);
        EXPECT_EQ(ask(address).status, 429) << address;
    }
}

TEST_F(Password, ResetHoldsForHalfAnHour) {
    account("slow");
    const std::string token = asked("slow");
    const Timestamp now = clock().now();
    wait(std::chrono::minutes(30));
    EXPECT_EQ(confirm(token).status, 422);
    clock().set(now);
    EXPECT_EQ(confirm(token, "short").status, 422) << "a weak password doesn't use it up";
    EXPECT_EQ(confirm(token).status, 200);
}

TEST_F(Password, ResetDiesWithANewerLinkAPasswordChangeOrAnotherAddress) {
    account("newer");
    const std::string older = asked("newer"), newer = asked("newer");
    EXPECT_EQ(confirm(older).status, 422);
    EXPECT_EQ(confirm(newer).status, 200);
    account("changer");
    const std::string before_change = asked("changer");
    EXPECT_EQ(change(log_in("changer"), password, new_password).status, 204);
    EXPECT_EQ(confirm(before_change, "another-password-9").status, 422);
    account("mover");
    const std::string before_move = asked("mover");
    change_elsewhere("UPDATE users_user SET email = 'moved@studio.test' WHERE id = $1", user("mover"));
    EXPECT_EQ(confirm(before_move).status, 422);
    EXPECT_EQ(log_in("mover").status, 200);
    account("leaver");
    const std::string before_leave = asked("leaver");
    change_elsewhere("UPDATE users_user SET is_active = false WHERE id = $1", user("leaver"));
    EXPECT_EQ(confirm(before_leave).status, 422);
}

TEST_F(Password, ResetInParallelSucceedsOnce) {
    account("twice");
    const std::string token = asked("twice");
    std::vector<int> statuses(4);
    std::vector<std::thread> threads;
    for (int& status : statuses) threads.emplace_back([&] { status = confirm(token).status; });
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(std::count(statuses.begin(), statuses.end(), 200), 1);
}

TEST_F(Password, ResetTakesAnAccountFromWhoRegisteredWithSomebodyElsesAddress) {
    EXPECT_EQ(register_account("squatter", "victim@studio.test", "squatters-password-1").status, 202);
    EXPECT_EQ(ask("victim@studio.test").status, 202);
    run_jobs();
    const std::string verify_link = token_to("victim@studio.test", "verify_address");
    EXPECT_EQ(confirm(token_to("victim@studio.test", "reset_password")).status, 200);
    EXPECT_EQ(log_in("squatter", "squatters-password-1").status, 401) << "the password died with the proof";
    EXPECT_EQ(log_in("victim@studio.test", new_password).status, 200) << "the address is proven";
    const Body sent = {{"token", verify_link}, {"password", "squatters-password-1"}};
    EXPECT_EQ(post("guest", "/auth/verify", sent).text("code"), "auth.invalid_link");
}

class Address : public AuthStudio {
public:
    static Answer ask(const Answer& tokens, const std::string& address, const std::string& with = password) {
        return post("guest", "/auth/email", {{"email", address}, {"password", with}}, as(tokens));
    }
    static Answer confirm(const std::string& token) {
        return post("guest", "/auth/email/confirm", {{"token", token}});
    }
    static std::string address_of(const std::string& name) {
        return sql("SELECT email FROM users_user WHERE username = $1", name);
    }
};

TEST_F(Address, ChangesWhenTheNewOneIsProven) {
    account("grace");
    const Answer tokens = log_in("grace");
    const Answer asked = ask(tokens, "grace@new.test");
    EXPECT_EQ(asked.status, 202) << asked.body;
    EXPECT_EQ(mails_to("grace@new.test"), "confirm_new_address");
    EXPECT_EQ(mails_to("grace@studio.test"), "address_changed_old");
    EXPECT_EQ(address_of("grace"), "grace@studio.test");
    EXPECT_EQ(log_in("grace@studio.test").status, 200) << "the old one stays until then";
    EXPECT_EQ(log_in("grace@new.test").status, 401);
    const std::string token = token_to("grace@new.test", "confirm_new_address");
    EXPECT_EQ(confirm(token).status, 200);
    EXPECT_EQ(address_of("grace"), "grace@new.test");
    EXPECT_EQ(log_in("grace@new.test").status, 200);
    EXPECT_EQ(log_in("grace@studio.test").status, 401);
    EXPECT_EQ(mails_to("grace@studio.test"), "address_changed_old,address_changed");
    EXPECT_EQ(confirm(token).status, 422) << "once";
}

TEST_F(Address, AsksForThePassword) {
    account("okello");
    const Answer tokens = log_in("okello");
    const Answer wrong = ask(tokens, "okello@new.test", "not-his-password");
    EXPECT_EQ(wrong.status, 422);
    EXPECT_NE(wrong.text("errors.password.0"), "");
    EXPECT_EQ(ask(tokens, "OKELLO@studio.test").status, 422) << "his already";
    EXPECT_EQ(mails_to("okello@new.test") + mails_to("okello@studio.test"), "");
}

TEST_F(Address, ThatSomebodyHasIsNotRevealed) {
    account("curious");
    account("private");
    const Answer tokens = log_in("curious");
    const Answer fresh = ask(tokens, "unheard@new.test");
    const Answer taken = ask(tokens, "private@studio.test");
    EXPECT_EQ(taken.status, 202);
    EXPECT_EQ(taken.body, fresh.body);
    EXPECT_EQ(mails_to("private@studio.test"), "registration_known") << "its owner hears of it";
    EXPECT_EQ(address_of("curious"), "curious@studio.test");
}

TEST_F(Address, IsTakenByWhoProvesItFirst) {
    account("first");
    account("second");
    EXPECT_EQ(ask(log_in("first"), "wanted@new.test").status, 202);
    const std::string of_first = token_to("wanted@new.test", "confirm_new_address");
    EXPECT_EQ(ask(log_in("second"), "wanted@new.test").status, 202);
    const std::string of_second = token_to("wanted@new.test", "confirm_new_address");
    EXPECT_EQ(confirm(of_second).status, 200);
    const Answer late = confirm(of_first);
    EXPECT_EQ(late.status, 409);
    EXPECT_EQ(late.text("code"), "auth.address_taken");
    EXPECT_EQ(address_of("first"), "first@studio.test");
}

TEST_F(Address, ChangeKillsOlderLinks) {
    account("careful");
    const Answer tokens = log_in("careful");
    EXPECT_EQ(post("guest", "/auth/password/reset", {{"email", "careful@studio.test"}}).status, 202);
    run_jobs();
    const std::string reset = token_to("careful@studio.test", "reset_password");
    EXPECT_EQ(ask(tokens, "careful@new.test").status, 202);
    EXPECT_EQ(confirm(token_to("careful@new.test", "confirm_new_address")).status, 200);
    EXPECT_EQ(
        post("guest", "/auth/password/reset/confirm", {{"token", reset}, {"password", new_password}}).status,
        422);
}

}  // namespace
}  // namespace tamiti::test
