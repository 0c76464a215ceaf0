#pragma once

#include <algorithm>
#include <thread>

#include "apps/auth/factor/second_factor.hpp"
#include "apps/auth/factor/totp.hpp"
#include "apps/auth/tests/factories.hpp"
#include "core/cache/throttle.hpp"

/// What the tests around second factors, tokens and views share.
namespace tamiti::test {

class FactorStudio : public AuthStudio {
public:
    static Settings& settings() { return const_cast<Settings&>(*site().settings); }

    /// The bytes of a secret that was shown in base32.
    static std::string bytes_of(const std::string& base32) {
        std::string bytes;
        unsigned buffer = 0;
        int bits = 0;
        for (const char letter : base32) {
            const auto value = std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567").find(letter);
            buffer = (buffer << 5) | static_cast<unsigned>(value);
            bits += 5;
            if (bits < 8) continue;
            bits -= 8;
            bytes += static_cast<char>((buffer >> bits) & 0xffU);
        }
        return bytes;
    }

    /// What the app shows so many steps from now.
    static std::string code_of(const std::string& secret, std::int64_t steps = 0) {
        return auth::totp_code(secret, auth::totp_step(clock().now()) + steps);
    }

    static Body with_code(const std::string& code) { return {{"code", code}}; }
    static Body with_password(const std::string& text) { return {{"password", text}}; }

    /// Begins a second factor for that person and answers its secret.
    static std::string begin(const std::string& name) {
        const Answer begun = post(name, "/auth/second-factor", with_password(password));
        EXPECT_EQ(begun.status, 200) << begun.body;
        return bytes_of(begun.text("secret"));
    }

    struct Factor {
        std::string secret{};
        std::vector<std::string> recovery_codes{};
    };

    /// Turns a second factor on for that person; the present step is used up by it.
    static Factor turn_on(const std::string& name) {
        Factor factor{.secret = begin(name)};
        const Answer on = post(name, "/auth/second-factor/confirm", with_code(code_of(factor.secret)));
        EXPECT_EQ(on.status, 200) << on.body;
        for (int i = 0; i < 10; ++i)
            factor.recovery_codes.push_back(on.text("recovery_codes." + std::to_string(i)));
        return factor;
    }

    static Answer log_in_with(const std::string& name, const std::string& code,
                              const std::string& with = password) {
        return post("guest", "/auth/token", {{"username", name}, {"password", with}, {"code", code}});
    }

    /// A token for that person's programs.
    static Answer make_token(const std::string& name, const Array& grants = {"*:read", "*:write"},
                             std::chrono::seconds life = std::chrono::hours(24 * 30)) {
        return post(
            name, "/auth/tokens",
            {{"name", "Nightly report"}, {"grants", grants}, {"expires_at", format(clock().now() + life)}});
    }

    static std::map<std::string, std::string> bearer(const std::string& token) {
        return {{"Authorization", "Bearer " + token}};
    }
};

}  // namespace tamiti::test
