#include "core/base/settings.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <stdexcept>

#include "core/base/environment.hpp"

using namespace tamiti;

namespace {

using Environment = std::map<std::string, std::string>;

std::string refusal(const Environment& environment) {
    try {
        read_settings(environment);
        return "accepted";
    } catch (const std::invalid_argument& error) {
        return error.what();
    }
}

TEST(SettingsTest, WithoutAnyValueTheDefaultsHold) {
    const Settings settings = read_settings(Environment{});
    EXPECT_TRUE(settings.is_development());
    EXPECT_EQ(settings.http_port, 8000);
    EXPECT_EQ(settings.allowed_hosts, "localhost,127.0.0.1");
    EXPECT_EQ(read_settings(Environment{{"TAMITI_ENV", "prod"}}).allowed_hosts, "");
    EXPECT_EQ(read_settings(Environment{{"TAMITI_HTTP_PORT", ""}}).http_port, 8000);
}

TEST(SettingsTest, ValuesReachTheirMembers) {
    const Settings settings =
        read_settings(Environment{{"TAMITI_ENV", "prod"},
                                  {"DATABASE_URL", "postgres://a:b@c/d"},
                                  {"TAMITI_HTTP_PORT", "9000"},
                                  {"TAMITI_SITE_TIME_ZONE", "Europe/London"},
                                  {"TAMITI_SITE_CURRENCY", "USD"},
                                  {"TAMITI_CORS_ORIGINS", "https://a.example, http://localhost:5173"},
                                  {"PATH", "/bin"},
                                  {"TAMITI_TEST_DATABASE", "x"},
                                  {"TAMITI_BIN", "x"}});
    EXPECT_FALSE(settings.is_development());
    EXPECT_EQ(settings.database_url, "postgres://a:b@c/d");
    EXPECT_EQ(settings.http_port, 9000);
    EXPECT_EQ(settings.site_time_zone, "Europe/London");
    EXPECT_EQ(settings.site_currency, "USD");
}

TEST(SettingsTest, AValueOfTheWrongFormIsToldWithWhatWouldBeRight) {
    EXPECT_EQ(refusal({{"TAMITI_HTTP_PORT", "70000"}}),
              "TAMITI_HTTP_PORT must be a whole number from 1 to 65535, not \"70000\".");
    EXPECT_EQ(refusal({{"TAMITI_ENV", "production"}}), "TAMITI_ENV must be dev or prod, not \"production\".");
    for (const char* port : {"0", "-1", "8000x", "0x10", " 8000", "99999999999999", "8e3"}) {
        EXPECT_NE(refusal({{"TAMITI_HTTP_PORT", port}}), "accepted") << port;
    }
    for (const auto& [name, value] : Environment{{"TAMITI_SITE_TIME_ZONE", "Mars"},
                                                 {"TAMITI_SITE_CURRENCY", "ugx"},
                                                 {"TAMITI_SITE_CALLING_CODE", "+256"},
                                                 {"TAMITI_ORIGIN", "https://a.example/path"},
                                                 {"TAMITI_CORS_ORIGINS", "a.example"},
                                                 {"TAMITI_REGISTRATION", "yes"},
                                                 {"TAMITI_LOG_LEVEL", "verbose"},
                                                 {"SENTRY_DSN", "nonsense"},
                                                 {"TAMITI_REFRESH_DAYS", "3"},
                                                 {"TAMITI_OPS_PORT", "8000"}}) {
        EXPECT_NE(refusal({{name, value}}), "accepted") << name;
    }
}

TEST(SettingsTest, ASecretIsNeverRepeated) {
    const std::string sentence = refusal({{"TAMITI_SECRET_KEY", "hunter2"}});
    EXPECT_EQ(sentence, "TAMITI_SECRET_KEY must be at least 32 bytes.");
}

TEST(SettingsTest, AMistypedNameIsToldWithTheOneThatWasMeant) {
    EXPECT_EQ(refusal({{"TAMITI_HTTP_PROT", "1"}}),
              "There is no setting TAMITI_HTTP_PROT; did you mean TAMITI_HTTP_PORT?");
    EXPECT_EQ(refusal({{"TAMITI_ZZZZZZZZZZ", "1"}}), "There is no setting TAMITI_ZZZZZZZZZZ.");
}

TEST(SettingsTest, AFileMayHoldTheValue) {
    const std::string path = testing::TempDir() + "secret_key_for_settings_test";
    std::ofstream(path) << "0123456789abcdef0123456789abcdef\n";
    EXPECT_EQ(read_settings(Environment{{"TAMITI_SECRET_KEY_FILE", path}}).secret_key,
              "0123456789abcdef0123456789abcdef");
    EXPECT_EQ(refusal({{"TAMITI_SECRET_KEY_FILE", path}, {"TAMITI_SECRET_KEY", "x"}}),
              "TAMITI_SECRET_KEY and TAMITI_SECRET_KEY_FILE are both set; remove one of them.");
    std::remove(path.c_str());
    EXPECT_EQ(refusal({{"TAMITI_SECRET_KEY_FILE", path}}), "The file " + path + " can't be read.");
}

TEST(SettingsTest, EverySettingIsDescribed) {
    EXPECT_EQ(setting_descriptions().size(), 56U);
    for (const auto& setting : setting_descriptions()) {
        EXPECT_FALSE(setting.help.empty()) << setting.name;
        EXPECT_TRUE(setting.help.ends_with('.')) << setting.name;
    }
    EXPECT_EQ(setting_descriptions()[0].default_value, "dev");
}

TEST(EnvironmentTest, AFileOfValuesIsReadAsShellsReadIt) {
    const Environment expected = {{"A", "1"}, {"B", "two words"}, {"C", "x # y"},
                                  {"D", ""},  {"E", "a=b#c"},     {"F", "v"}};
    EXPECT_EQ(parse_environment(
                  "# comment\n\nA=1\n B = \"two words\" # more\r\nC='x # y'\nD=\nE=a=b#c\nexport F=v # w\n"),
              expected);
    for (const char* text : {"A", "=1", "A B=1", "A=\"1", "A='1' 2", "A-B=1"}) {
        EXPECT_THROW(parse_environment(text), std::invalid_argument) << text;
    }
}

TEST(EnvironmentTest, TheProcessOutweighsTheFile) {
    const std::string path = testing::TempDir() + "env_for_settings_test";
    std::ofstream(path)
        << "ENVIRONMENT_TEST_A=file\nENVIRONMENT_TEST_B=file\nENVIRONMENT_TEST_C_FILE=/nowhere\n";
    setenv("ENVIRONMENT_TEST_A", "process", 1);
    setenv("ENVIRONMENT_TEST_C", "process", 1);
    const auto values = process_environment(path);
    EXPECT_EQ(values.at("ENVIRONMENT_TEST_A"), "process");
    EXPECT_EQ(values.at("ENVIRONMENT_TEST_B"), "file");
    EXPECT_FALSE(values.contains("ENVIRONMENT_TEST_C_FILE"));
    unsetenv("ENVIRONMENT_TEST_A");
    unsetenv("ENVIRONMENT_TEST_C");
    std::remove(path.c_str());
    EXPECT_NO_THROW(process_environment(path));
}

Settings safe_settings() {
    Settings settings;
    settings.env = "prod";
    settings.secret_key = "q8Xv1Zp0L3mN7rT5yB9cD2fG4hJ6kS8w";
    settings.allowed_hosts = "studio.example";
    settings.origin = "https://studio.example";
    settings.database_url = "postgres://tamiti_app:q8Xv1Zp0L3mN7@db/tamiti";
    settings.mail_url = "smtps://studio:q8Xv1Zp0@mail.example:465";
    settings.mail_from = "Studio <studio@studio.example>";
    return settings;
}

TEST(DeploymentTest, ASafeConfigurationHasNoFaults) {
    EXPECT_TRUE(deployment_faults(safe_settings()).empty());
    Settings local = safe_settings();
    local.origin = "https://studio.example:8443/";
    local.trusted_proxies = "10.0.0.0/8, 192.0.2.7, fd00::/8";
    local.database_url = "postgres://tamiti_app:q8Xv1Zp0L3mN7@127.0.0.1/tamiti?sslmode=disable";
    local.redis_url = "redis://localhost";
    EXPECT_EQ(deployment_faults(local), std::vector<std::string>());
}

TEST(DeploymentTest, WhatMayBeMeantSoIsAWarning) {
    Settings settings = safe_settings();
    settings.redis_url = "redis://localhost";
    settings.registration = "invite";
    EXPECT_TRUE(deployment_warnings(settings).empty());
    settings.redis_url = "";
    settings.registration = "open";
    const auto warnings = deployment_warnings(settings);
    ASSERT_EQ(warnings.size(), 2U);
    EXPECT_TRUE(warnings[0].starts_with("REDIS_URL"));
    EXPECT_TRUE(warnings[1].starts_with("TAMITI_REGISTRATION"));
}

TEST(DeploymentTest, EachUnsafeValueIsOneSentence) {
    const auto faults_with = [](auto change) {
        Settings settings = safe_settings();
        change(settings);
        const auto faults = deployment_faults(settings);
        return faults.size() == 1 ? faults[0].substr(0, faults[0].find(' '))
                                  : std::to_string(faults.size()) + " faults";
    };
    EXPECT_EQ(faults_with([](Settings& s) { s.env = "dev"; }), "TAMITI_ENV");
    EXPECT_EQ(faults_with([](Settings& s) { s.secret_key = ""; }), "TAMITI_SECRET_KEY");
    EXPECT_EQ(faults_with([](Settings& s) { s.secret_key = "short"; }), "TAMITI_SECRET_KEY");
    EXPECT_EQ(faults_with([](Settings& s) { s.secret_key = std::string(64, 'x'); }), "TAMITI_SECRET_KEY");
    EXPECT_EQ(faults_with([](Settings& s) { s.allowed_hosts = ""; }), "TAMITI_ALLOWED_HOSTS");
    EXPECT_EQ(faults_with([](Settings& s) { s.allowed_hosts = "*.example"; }), "TAMITI_ALLOWED_HOSTS");
    EXPECT_EQ(faults_with([](Settings& s) { s.origin = "http://studio.example"; }), "TAMITI_ORIGIN");
    EXPECT_EQ(faults_with([](Settings& s) { s.origin = ""; }), "TAMITI_ORIGIN");
    EXPECT_EQ(faults_with([](Settings& s) { s.cors_origins = "https://a.example, *"; }),
              "TAMITI_CORS_ORIGINS");
    EXPECT_EQ(faults_with([](Settings& s) { s.cors_origins = "http://a.example"; }), "TAMITI_CORS_ORIGINS");
    for (const char* everywhere : {"0.0.0.0/0", "10.0.0.0/8, 128.0.0.0/1", "::/0", "2000::/3"})
        EXPECT_EQ(faults_with([&](Settings& s) { s.trusted_proxies = everywhere; }),
                  "TAMITI_TRUSTED_PROXIES");
    for (const char* key : {"changeme-q8Xv1Zp0L3mN7rT5yB9cD2fG4hJ6kS8w", "q8Xv1Zp0L3mN7rT5q8Xv1Zp0L3mN7rT5",
                            "aaaaaaaabbbbbbbbccccccccddddddddeeeeeeee"})
        EXPECT_EQ(faults_with([&](Settings& s) { s.secret_key = key; }), "TAMITI_SECRET_KEY");
    EXPECT_EQ(faults_with([](Settings& s) { s.origin = "https://other.example"; }), "TAMITI_ORIGIN");
    EXPECT_EQ(faults_with([](Settings& s) { s.database_url = "postgres://postgres:q8Xv1Zp0@db/tamiti"; }),
              "DATABASE_URL");
    EXPECT_EQ(faults_with([](Settings& s) { s.database_owner_url = "host=db user=tamiti_app"; }),
              "DATABASE_URL");
    EXPECT_EQ(faults_with([](Settings& s) { s.database_url += "?sslmode=disable"; }), "DATABASE_URL");
    EXPECT_EQ(faults_with([](Settings& s) { s.redis_url = "redis://cache"; }), "REDIS_URL");
    EXPECT_EQ(faults_with([](Settings& s) { s.database_url = ""; }), "DATABASE_URL");
    EXPECT_EQ(faults_with([](Settings& s) { s.database_url = "postgres://app:Password@db/x"; }),
              "DATABASE_URL");
    EXPECT_EQ(faults_with([](Settings& s) { s.database_url = "host=db user=app password=app"; }),
              "DATABASE_URL");
    EXPECT_EQ(faults_with([](Settings& s) { s.database_owner_url = "postgres://o:postgres@db/x"; }),
              "DATABASE_OWNER_URL");
    EXPECT_EQ(faults_with([](Settings& s) { s.mail_url = ""; }), "TAMITI_MAIL_URL");
    EXPECT_EQ(faults_with([](Settings& s) { s.mail_url = "file:///var/mail"; }), "TAMITI_MAIL_URL");
    EXPECT_EQ(faults_with([](Settings& s) { s.mail_from = ""; }), "TAMITI_MAIL_FROM");
    EXPECT_EQ(faults_with([](Settings& s) { s.redis_url = "rediss://cache"; }), "REDIS_URL");
    EXPECT_EQ(faults_with([](Settings& s) { s.log_level = "debug"; }), "TAMITI_LOG_LEVEL");
}

}  // namespace
