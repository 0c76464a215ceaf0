// Compares sessions with a small reference model in random sequences, and races many refreshes of one token.
#include <barrier>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <random>
#include <set>
#include <thread>

#include "apps/auth/tests/factories.hpp"

namespace tamiti::test {
namespace {

using std::chrono::days;
using std::chrono::seconds;

int number(const char* name, int otherwise) {
    const char* given = std::getenv(name);
    return given ? std::atoi(given) : otherwise;
}

/// What one session should be, in the fewest words.
struct ModelSession {
    std::vector<std::string> tokens{};
    std::map<std::size_t, Timestamp> used{};
    Timestamp opened{};
    Timestamp last_used{};
    bool is_alive = true;

    bool is_over(Timestamp now) const { return now >= opened + days(30) || now >= last_used + days(7); }
};

/// What one account should be.
struct Model {
    std::vector<ModelSession> sessions{};
    std::string password = AuthStudio::password;
    bool is_active = true;
    int notices = 0;  ///< of tokens that were used twice

    /// Whether a refresh with that generation's token must succeed now; and what becomes of the session.
    bool refresh(ModelSession& session, std::size_t generation, Timestamp now) {
        if (!session.is_alive || session.is_over(now)) return false;
        const auto before = session.used.find(generation);
        if (before != session.used.end()) {
            if (now - before->second <= seconds(10)) return true;
            session.is_alive = false;
            ++notices;
            return false;
        }
        session.used[generation] = session.last_used = now;
        return true;
    }
    void end_all_but(const ModelSession* kept) {
        for (ModelSession& session : sessions)
            if (&session != kept) session.is_alive = false;
    }
};

/// An access token and the session that it belongs to.
struct Access {
    std::string token{};
    std::size_t session = 0;
    Timestamp expires_at{};
};

class SignInModel : public AuthStudio {
public:
    static void SetUpTestSuite() {
        AuthStudio::SetUpTestSuite();
        user("admin", {Role::admin});
    }

    /// One random history of one account. A divergence says its seed and its steps.
    struct Sequence {
        explicit Sequence(unsigned seed) : random(seed), name("person" + std::to_string(seed)) {
            address = "10." + std::to_string(seed / 250 % 250) + "." + std::to_string(seed % 250) + ".1";
            id = account(name);
            open();
            open();
        }

        void open() {
            ModelSession session;
            session.opened = session.last_used = clock().now();
            const auth::Tokens tokens = transact(site(), Actor::system(), [&](Tx& tx) {
                return auth::open_session(tx, {Uuid::parse(id).value()}, "model", address);
            });
            session.tokens.push_back(tokens.refresh);
            session.is_alive = model.is_active;
            model.sessions.push_back(session);
            keep_access(tokens.access, model.sessions.size() - 1);
        }

        void keep_access(const std::string& token, std::size_t session) {
            accesses.push_back({token, session, clock().now() + seconds(900)});
        }

        void expect(bool holds, const std::string& what) {
            if (!holds) divergence += what + " after" + steps + "; ";
        }

        void note(const std::string& step) { steps += " " + step; }

        Answer send_refresh(const std::string& token) {
            return from(address, "/auth/token/refresh", {{"refresh", token}});
        }

        /// `times` refreshes at once with the token of one generation.
        void refresh(std::size_t which, std::size_t generation, int times) {
            ModelSession& session = model.sessions[which];
            note("r" + std::to_string(which) + "." + std::to_string(generation) + "x" +
                 std::to_string(times));
            const std::string token = session.tokens[generation];
            std::vector<Answer> answers(static_cast<std::size_t>(times));
            if (times == 1) {
                answers[0] = send_refresh(token);
            } else {
                std::vector<std::thread> threads;
                for (Answer& answer : answers) threads.emplace_back([&] { answer = send_refresh(token); });
                for (std::thread& thread : threads) thread.join();
            }
            const bool expected = model.refresh(session, generation, clock().now());
            for (const Answer& answer : answers) {
                expect(answer.status == (expected ? 200 : 401),
                       "refresh answered " + std::to_string(answer.status));
                if (answer.status != 200) continue;
                if (generation + 1 == session.tokens.size()) session.tokens.push_back(answer.text("refresh"));
                expect(answer.text("refresh") == session.tokens[generation + 1], "a second branch");
                keep_access(answer.text("access"), which);
            }
        }

        void log_out(std::size_t which) {
            note("out" + std::to_string(which));
            ModelSession& session = model.sessions[which];
            const std::string& token = session.tokens[random() % session.tokens.size()];
            expect(from(address, "/auth/logout", {{"refresh", token}}).status == 204, "log out");
            session.is_alive = false;
        }

        bool is_open(const Access& access) const {
            const ModelSession& session = model.sessions[access.session];
            return model.is_active && session.is_alive && clock().now() < access.expires_at &&
                   clock().now() < session.opened + days(30);
        }

        void probe() {
            const Access& access = accesses[random() % accesses.size()];
            note("p" + std::to_string(access.session));
            expect((me(access.token) == 200) == is_open(access), "access token");
        }

        void log_out_everywhere() {
            const Access access = accesses.back();
            note("all");
            const bool may = is_open(access);
            const int status =
                from(address, "/auth/logout-all", Body::none(), {{"Authorization", "Bearer " + access.token}})
                    .status;
            expect(status == (may ? 204 : 401), "log out everywhere answered " + std::to_string(status));
            if (may) model.end_all_but(nullptr);
        }

        void change_password() {
            const Access access = accesses.back();
            note("pw" + std::to_string(access.session));
            const bool may = is_open(access);
            const std::string next = "window-of-kasese-" + std::to_string(random() % 1000);
            if (next == model.password) return;
            const int status =
                from(address, "/auth/password/change", {{"current", model.password}, {"password", next}},
                     {{"Authorization", "Bearer " + access.token}})
                    .status;
            expect(status == (may ? 204 : 401), "password change answered " + std::to_string(status));
            if (!may) return;
            model.end_all_but(&model.sessions[access.session]);
            model.password = next;
        }

        void set_active(bool active) {
            note(active ? "on" : "off");
            sign_in_again("admin");
            const Answer answer = patch("admin", "/users/" + id, {{"is_active", active}});
            expect(answer.status == 200, "admin's change answered " + std::to_string(answer.status));
            if (!active) model.end_all_but(nullptr);
            model.is_active = active;
        }

        void jump() {
            constexpr std::array<int, 9> pauses = {0, 1, 9, 10, 11, 600, 3600, 2 * 86400, 6 * 86400};
            const int pause = pauses[random() % pauses.size()];
            if (pause == 0) return;
            note("+" + std::to_string(pause));
            wait(seconds(pause));
        }

        void step() {
            jump();
            const std::size_t which = random() % model.sessions.size();
            const std::size_t newest = model.sessions[which].tokens.size() - 1;
            const unsigned dice = static_cast<unsigned>(random() % 100);
            if (dice < 45) return refresh(which, newest, 1);
            if (dice < 60) return refresh(which, random() % (newest + 1), 1);
            if (dice < 70) return refresh(which, random() % (newest + 1), 2 + static_cast<int>(random() % 3));
            if (dice < 85) return probe();
            if (dice < 89) return log_out(which);
            if (dice < 91) return log_out_everywhere();
            if (dice < 94) return change_password();
            if (dice < 96) return set_active(!model.is_active);
            if (model.is_active) open();
        }

        std::mt19937 random;
        std::string name;
        std::string address{};
        std::string id{};
        Model model{};
        std::vector<Access> accesses{};
        std::string steps{};
        std::string divergence{};
    };
};

TEST_F(SignInModel, HoldsInRandomSequences) {
    const int sequences = number("STUDIO_SEQUENCES", 5000);
    int divergences = 0, steps = 0, notices = 0;
    for (int seed = 1; seed <= sequences; ++seed) {
        Sequence sequence(static_cast<unsigned>(seed));
        for (int step = 0; step < 14 && sequence.divergence.empty(); ++step, ++steps) sequence.step();
        for (const Access& access : sequence.accesses)
            sequence.expect((me(access.token) == 200) == sequence.is_open(access), "access token at the end");
        const std::string told =
            sql("SELECT count(*) FROM core_mail WHERE recipient = $1 AND template = "
                "'session_ended_reuse'",
                sequence.name + "@studio.test");
        const std::string noted = sql(
            "SELECT count(*) FROM auth_sign_in WHERE account = $1 AND reason = 'token_reused'", sequence.id);
        sequence.expect(told == std::to_string(sequence.model.notices), "told " + told + " times");
        sequence.expect(noted == told, "noted " + noted + " times");
        notices += sequence.model.notices;
        if (sequence.divergence.empty()) continue;
        if (++divergences <= 10) std::fprintf(stderr, "seed %d: %s\n", seed, sequence.divergence.c_str());
    }
    std::printf("sequences %d, steps %d, stolen tokens noticed %d, divergences %d (0 allowed)\n", sequences,
                steps, notices, divergences);
    EXPECT_EQ(divergences, 0);
}

TEST_F(SignInModel, LeavesOneLineageToRaces) {
    const int races = number("STUDIO_RACES", 200);
    constexpr std::size_t width = 64;
    const std::string id = account("racer");
    int forked = 0, locked_out = 0;
    for (int race = 0; race < races; ++race) {
        const auth::Tokens tokens = transact(site(), Actor::system(), [&](Tx& tx) {
            return auth::open_session(tx, {Uuid::parse(id).value()}, "race");
        });
        std::vector<std::string> got(width);
        std::barrier start(width);
        std::vector<std::thread> threads;
        const std::string address = "10.200." + std::to_string(race % 250) + ".1";
        for (std::string& each : got) {
            threads.emplace_back([&] {
                start.arrive_and_wait();
                Answer answer;
                // 503 says that the database has no connection left and to come again.
                do answer = from(address, "/auth/token/refresh", {{"refresh", tokens.refresh}});
                while (answer.status == 503);
                each = answer.text("refresh");
            });
        }
        for (std::thread& thread : threads) thread.join();
        const std::set<std::string> different(got.begin(), got.end());
        const std::string rows =
            sql("SELECT count(*) FROM auth_refresh_token WHERE session = (SELECT session "
                "FROM auth_refresh_token WHERE hash = $1)",
                auth::token_hash(tokens.refresh));
        forked += different.size() != 1 || rows != "2";
        locked_out += different.contains("") || refresh(got[0]).status != 200;
    }
    std::printf(
        "races of %zu: %d, more than one lineage %d (0 allowed), honest clients locked out %d (0 allowed)\n",
        width, races, forked, locked_out);
    EXPECT_EQ(forked, 0);
    EXPECT_EQ(locked_out, 0);
}

}  // namespace
}  // namespace tamiti::test
