#include "core/telemetry/metrics.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

using namespace tamiti;

namespace {

bool has_line(const std::string& text, const std::string& line) {
    return ("\n" + text).find("\n" + line + "\n") != text.npos;
}

TEST(MetricsTest, RequestsAreCountedByRouteAndClass) {
    const int route = telemetry::register_route("GET", "/test/metrics/{id}");
    EXPECT_EQ(telemetry::register_route("GET", "/test/metrics/{id}"), route);
    EXPECT_NE(telemetry::register_route("PUT", "/test/metrics/{id}"), route);
    telemetry::observe(route, 200, 0.003);
    telemetry::observe(route, 204, 0.0004);
    telemetry::observe(route, 404, 30);
    const std::string text = telemetry::render();
    const std::string labels = R"({method="GET",route="/test/metrics/{id}")";
    EXPECT_TRUE(has_line(text, "tamiti_http_requests_total" + labels + R"(,status="2xx"} 2)")) << text;
    EXPECT_TRUE(has_line(text, "tamiti_http_requests_total" + labels + R"(,status="4xx"} 1)"));
    EXPECT_TRUE(has_line(text, "tamiti_http_request_seconds_count" + labels + "} 3"));
    EXPECT_TRUE(has_line(text, "tamiti_http_request_seconds_bucket" + labels + R"(,le="0.0005"} 1)"));
    EXPECT_TRUE(has_line(text, "tamiti_http_request_seconds_bucket" + labels + R"(,le="0.005"} 2)"));
    EXPECT_TRUE(has_line(text, "tamiti_http_request_seconds_bucket" + labels + R"(,le="10"} 2)"));
    EXPECT_TRUE(has_line(text, "tamiti_http_request_seconds_bucket" + labels + R"(,le="+Inf"} 3)"));
    EXPECT_EQ(text.find("method=\"PUT\",route=\"/test/metrics"), text.npos)
        << "routes that nobody used are left out";
}

TEST(MetricsTest, CountsOfManyThreadsAddUp) {
    const int route = telemetry::register_route("GET", "/test/threads");
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([route] {
            for (int i = 0; i < 50'000; ++i) telemetry::observe(route, 200, 0.001);
        });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_TRUE(
        has_line(telemetry::render(),
                 R"(tamiti_http_requests_total{method="GET",route="/test/threads",status="2xx"} 200000)"));
}

TEST(MetricsTest, WhatMakesNoSenseIsIgnored) {
    telemetry::observe(-1, 200, 1);
    telemetry::observe(1'000'000, 200, 1);
    telemetry::observe(telemetry::register_route("GET", "/test/odd"), 42, 1);
    telemetry::observe(telemetry::register_route("GET", "/test/odd"), 600, 1);
    EXPECT_EQ(telemetry::render().find("/test/odd"), std::string::npos);
}

TEST(MetricsTest, RefusalsDontGrowWithWhatStrangersSend) {
    telemetry::count_refusal("http.malformed_head", 400);
    telemetry::count_refusal("http.malformed_head", 400);
    for (int i = 0; i < 1000; ++i) telemetry::count_refusal("made.up_" + std::to_string(i), 400);
    const std::string text = telemetry::render();
    EXPECT_TRUE(has_line(text, R"(tamiti_http_refusals_total{code="http.malformed_head",status="400"} 2)"))
        << text;
    EXPECT_NE(text.find(R"(tamiti_http_refusals_total{code="other",status="400"})"), text.npos);
    EXPECT_EQ(text.find("made.up_999"), text.npos);
}

TEST(MetricsTest, GaugesShowTheLastValue) {
    telemetry::set_gauge("tamiti_test_gauge", 3);
    telemetry::set_gauge("tamiti_test_gauge", 5);
    EXPECT_TRUE(has_line(telemetry::render(), "tamiti_test_gauge 5"));
}

TEST(MetricsTest, TheProcessTellsWhatItUses) {
    const std::string text = telemetry::render();
    for (const char* name : {"process_resident_memory_bytes ", "process_cpu_seconds_total ",
                             "process_open_fds ", "process_start_time_seconds "}) {
        EXPECT_NE(text.find("\n" + std::string(name)), text.npos) << name;
    }
}

}  // namespace
