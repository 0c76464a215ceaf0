#include <atomic>
#include <thread>

#include "core/api/throttling.hpp"
#include "core/api/volume.hpp"
#include "core/program/pages.hpp"
#include "tests/support/studio.hpp"

namespace tamiti::test {
namespace {

/// The limits that hold for every request. Each test has a site of its own name, and so counters of its own.
class Throttle : public Studio {
public:
    /// A copy of the site with other limits.
    static std::unique_ptr<Site> limited(int user, int anonymous, int burst) {
        static std::vector<std::unique_ptr<Settings>> kept;
        auto settings = std::make_unique<Settings>(*site().settings);
        settings->rate_user = user;
        settings->rate_anonymous = anonymous;
        settings->rate_token = 3;
        settings->rate_burst = burst;
        auto made = std::make_unique<Site>(site());
        made->name = "Limited " + std::to_string(kept.size());
        made->settings = settings.get();
        kept.push_back(std::move(settings));
        return made;
    }
    static Actor person() {
        Actor who;
        who.id = Uuid::make();
        return who;
    }
    static int allowed(api::RequestRates& rates, Site& at, const Actor& who, const std::string& address,
                       int tries) {
        int count = 0;
        for (int i = 0; i < tries; ++i) count += rates.count(at, who, address).allowance.allowed ? 1 : 0;
        return count;
    }
};

TEST_F(Throttle, ExactlyTheLimitIsLetThrough) {
    const auto at = limited(100, 30, 100'000);
    api::RequestRates rates(*at);
    const Actor who = person();
    EXPECT_EQ(allowed(rates, *at, who, "192.0.2.1", 300), 100);
    EXPECT_EQ(allowed(rates, *at, person(), "192.0.2.1", 300), 100) << "another person has another count";
    EXPECT_EQ(allowed(rates, *at, {}, "192.0.2.1", 300), 30);
    EXPECT_EQ(allowed(rates, *at, {}, "192.0.2.2", 300), 30);
}

TEST_F(Throttle, ExactlyTheLimitIsLetThroughByManyThreadsAndNodes) {
    const auto at = limited(1000, 30, 100'000);
    api::RequestRates one(*at), other(*at);
    const Actor who = person();
    std::atomic<int> count{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i)
        threads.emplace_back([&, i] { count += allowed(i % 2 ? one : other, *at, who, "192.0.2.1", 400); });
    for (auto& thread : threads) thread.join();
    EXPECT_LE(count, 1000);
    // What one of the two took and didn't use may be missing.
    EXPECT_GE(count, 1000 - 2 * 1000 / api::RequestRates::parts);
}

TEST_F(Throttle, AnAccessTokenHasALimitOfItsOwn) {
    const auto at = limited(100, 30, 100'000);
    api::RequestRates rates(*at);
    Actor who = person();
    who.token = Uuid::make();
    EXPECT_EQ(allowed(rates, *at, who, "192.0.2.1", 50), 3);
    who.token = {};
    EXPECT_EQ(allowed(rates, *at, who, "192.0.2.1", 50), 50);
}

TEST_F(Throttle, ANetworkOfIpv6CountsAsOneAddress) {
    const auto at = limited(100, 30, 100'000);
    api::RequestRates rates(*at);
    EXPECT_EQ(allowed(rates, *at, {}, "2001:db8:1:2::1", 20), 20);
    EXPECT_EQ(allowed(rates, *at, {}, "2001:db8:1:2:ffff::9", 20), 10);
    EXPECT_EQ(allowed(rates, *at, {}, "2001:db8:1:3::1", 20), 20);
}

TEST_F(Throttle, NobodyAsksFasterThanTheBurst) {
    const auto at = limited(1000, 1000, 10);
    api::RequestRates rates(*at);
    const int count = allowed(rates, *at, person(), "192.0.2.1", 200);
    EXPECT_GE(count, 10);
    EXPECT_LE(count, 20) << "where a second began meanwhile";
    const auto refused = [&] {
        const Actor who = person();
        allowed(rates, *at, who, "192.0.2.1", 10);
        return rates.count(*at, who, "192.0.2.1");
    }();
    if (!refused.allowance.allowed) EXPECT_EQ(refused.limit.name, "burst");
}

TEST_F(Throttle, ARefusalSaysWhenToGoOn) {
    Settings settings = *site().settings;
    settings.rate_anonymous = 2;
    Sites sites;
    auto own = std::make_shared<Site>(site());
    own->name = "Refusing";
    own->settings = &settings;
    sites.add(own);
    const api::Pipeline limited_pipeline(settings, sites, served(settings, registry()));
    http::Request request;
    request.path = "/api/v1/users/me";
    request.host = "localhost";
    request.id = "0123456789abcdef0123456789abcdef";
    request.client_address = "192.0.2.77";
    EXPECT_EQ(limited_pipeline.serve(request).status, 401);
    EXPECT_EQ(limited_pipeline.serve(request).status, 401);
    const http::Response refused = limited_pipeline.serve(request);
    EXPECT_EQ(refused.status, 429);
    Answer answer{refused.status, refused.body, refused.headers};
    EXPECT_EQ(answer.text("code"), "http.too_many_requests");
    EXPECT_GE(std::stoi(answer.header("Retry-After")), 1);
    EXPECT_LE(std::stoi(answer.header("Retry-After")), 60);
    EXPECT_EQ(answer.header("RateLimit-Policy"), R"("anonymous";q=2;w=60)");
    EXPECT_TRUE(answer.header("RateLimit").starts_with(R"("anonymous";r=0;t=)"));
    request.client_address = "192.0.2.78";
    EXPECT_EQ(limited_pipeline.serve(request).status, 401);
}

TEST_F(Throttle, NobodyWritesMoreInAnHourThanTheirRoleMay) {
    const auto at = limited(1000, 1000, 1000);
    Settings settings = *at->settings;
    settings.volume_client_mb = 1;
    settings.volume_mb = 2;
    at->settings = &settings;
    api::WrittenVolume volume(*at), on_another_node(*at);
    Actor client = person(), staff = person();
    client.roles = RoleSet{Role::client};
    staff.roles = RoleSet{Role::staff};
    const auto kilobytes = [&](const Actor& who, int most) {
        for (int written = 0; written < most; ++written) {
            try {
                (written % 2 ? volume : on_another_node).count(*at, who, 1024);
            } catch (const Problem& refused) {
                EXPECT_EQ(refused.status(), 429);
                EXPECT_EQ(refused.code(), "http.too_much_written");
                EXPECT_NE(refused.detail().find(" MB within an hour, the most that your role may."),
                          std::string::npos)
                    << refused.detail();
                return written;
            }
        }
        return most;
    };
    EXPECT_EQ(kilobytes(client, 3000), 1024);
    EXPECT_EQ(kilobytes(staff, 3000), 2048);
    EXPECT_EQ(kilobytes(person(), 100), 100) << "others have their own";
    EXPECT_THROW(volume.count(*at, person(), 3 << 20), Problem) << "one body alone may be too much";
}

}  // namespace
}  // namespace tamiti::test
