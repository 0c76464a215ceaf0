#include "core/telemetry/metrics.hpp"

#include <prometheus/collectable.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <deque>
#include <filesystem>
#include <fstream>
#include <limits>
#include <map>
#include <mutex>

namespace tamiti::telemetry {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

constexpr std::array<double, 13> bucket_bounds = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                  0.1,    0.25,  0.5,    1,     2.5,  10};
constexpr std::array<const char*, 5> status_classes = {"1xx", "2xx", "3xx", "4xx", "5xx"};
constexpr std::size_t most_routes = 4096;
constexpr std::size_t most_refusal_codes = 200;

/// What was counted on one route. Readers may see a request in one number and not yet in another; the next
/// scrape has it.
struct Route {
    std::string method{};
    std::string path{};
    std::array<std::atomic<std::uint64_t>, status_classes.size()> by_class{};
    std::array<std::atomic<std::uint64_t>, bucket_bounds.size() + 1> by_time{};
    std::atomic<std::uint64_t> nanoseconds{0};
};

ClientMetric labelled(std::vector<ClientMetric::Label> labels) {
    ClientMetric metric;
    metric.label = std::move(labels);
    return metric;
}

ClientMetric histogram_of(const Route& route) {
    ClientMetric metric = labelled({{"method", route.method}, {"route", route.path}});
    std::uint64_t count = 0;
    for (std::size_t i = 0; i < bucket_bounds.size(); ++i) {
        count += route.by_time[i].load(std::memory_order_relaxed);
        metric.histogram.bucket.push_back({count, bucket_bounds[i]});
    }
    count += route.by_time.back().load(std::memory_order_relaxed);
    metric.histogram.bucket.push_back({count, std::numeric_limits<double>::infinity()});
    metric.histogram.sample_count = count;
    metric.histogram.sample_sum =
        static_cast<double>(route.nanoseconds.load(std::memory_order_relaxed)) / 1e9;
    return metric;
}

/// Requests by route. Slots are handed out once and never move, so that counting needs no lock.
class Routes : public prometheus::Collectable {
public:
    int add(std::string_view method, std::string_view path) {
        const std::lock_guard lock(mutex_);
        for (std::size_t i = 0; i < routes_.size(); ++i) {
            if (routes_[i].method == method && routes_[i].path == path) return static_cast<int>(i);
        }
        if (routes_.size() == most_routes) return -1;
        Route& route = routes_.emplace_back();
        route.method = method;
        route.path = path;
        slots_[routes_.size() - 1].store(&route, std::memory_order_release);
        return static_cast<int>(routes_.size() - 1);
    }

    Route* find(int index) const {
        if (index < 0 || static_cast<std::size_t>(index) >= most_routes) return nullptr;
        return slots_[static_cast<std::size_t>(index)].load(std::memory_order_acquire);
    }

    std::vector<MetricFamily> Collect() const override {
        MetricFamily requests{"tamiti_http_requests_total", "Answered requests.", MetricType::Counter, {}};
        MetricFamily seconds{"tamiti_http_request_seconds", "Time to answer.", MetricType::Histogram, {}};
        const std::lock_guard lock(mutex_);
        for (const Route& route : routes_) {
            bool any = false;
            for (std::size_t i = 0; i < status_classes.size(); ++i) {
                const auto count = route.by_class[i].load(std::memory_order_relaxed);
                if (count == 0) continue;
                any = true;
                ClientMetric metric = labelled(
                    {{"method", route.method}, {"route", route.path}, {"status", status_classes[i]}});
                metric.counter.value = static_cast<double>(count);
                requests.metric.push_back(std::move(metric));
            }
            if (any) seconds.metric.push_back(histogram_of(route));
        }
        return {std::move(requests), std::move(seconds)};
    }

private:
    mutable std::mutex mutex_{};
    std::deque<Route> routes_{};
    std::array<std::atomic<Route*>, most_routes> slots_{};
};

/// Requests that the server answered by itself. The codes are few, but nothing here may grow with what
/// strangers send.
class Refusals : public prometheus::Collectable {
public:
    void count(std::string_view code, int status) {
        const std::lock_guard lock(mutex_);
        const auto key = std::make_pair(std::string(code), status);
        const auto found = counts_.find(key);
        if (found != counts_.end()) {
            ++found->second;
        } else if (counts_.size() < most_refusal_codes) {
            counts_.emplace(key, 1);
        } else {
            ++counts_[{"other", status / 100 * 100}];
        }
    }

    std::vector<MetricFamily> Collect() const override {
        MetricFamily family{"tamiti_http_refusals_total",
                            "Requests refused before they had a route.",
                            MetricType::Counter,
                            {}};
        const std::lock_guard lock(mutex_);
        for (const auto& [key, count] : counts_) {
            ClientMetric metric = labelled({{"code", key.first}, {"status", std::to_string(key.second)}});
            metric.counter.value = static_cast<double>(count);
            family.metric.push_back(std::move(metric));
        }
        return {std::move(family)};
    }

private:
    mutable std::mutex mutex_{};
    std::map<std::pair<std::string, int>, std::uint64_t> counts_{};
};

double seconds_of(const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

MetricFamily single(const char* name, const char* help, MetricType type, double value) {
    ClientMetric metric;
    metric.counter.value = value;
    metric.gauge.value = value;
    return {name, help, type, {std::move(metric)}};
}

/// The numbers that Prometheus' own client libraries give of every process, under their usual names.
class Process : public prometheus::Collectable {
public:
    std::vector<MetricFamily> Collect() const override {
        std::vector<MetricFamily> families;
        rusage usage{};
        if (getrusage(RUSAGE_SELF, &usage) == 0) {
            families.push_back(single("process_cpu_seconds_total", "Processor time used.",
                                      MetricType::Counter,
                                      seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime)));
        }
        std::size_t total_pages = 0;
        std::size_t resident_pages = 0;
        if (std::ifstream("/proc/self/statm") >> total_pages >> resident_pages) {
            const auto bytes =
                static_cast<double>(resident_pages) * static_cast<double>(sysconf(_SC_PAGESIZE));
            families.push_back(
                single("process_resident_memory_bytes", "Memory held.", MetricType::Gauge, bytes));
        }
        std::error_code unreadable;
        const std::filesystem::directory_iterator descriptors("/proc/self/fd", unreadable);
        if (!unreadable) {
            const auto count = static_cast<double>(std::distance(begin(descriptors), end(descriptors)));
            families.push_back(
                single("process_open_fds", "Files and sockets open.", MetricType::Gauge, count));
        }
        families.push_back(
            single("process_start_time_seconds", "Start in Unix time.", MetricType::Gauge, started_));
        return families;
    }

private:
    const double started_ =
        std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
};

/// Everything that is counted; never destroyed, so that threads may count until the very end.
struct Metrics {
    Routes routes{};
    Refusals refusals{};
    Process process{};
    prometheus::Registry gauges{};
    std::mutex gauge_mutex{};
    std::map<std::string, prometheus::Gauge*, std::less<>> gauge_by_name{};
    std::map<std::string, MetricFamily> families{};  // that others counted
};

Metrics& metrics() {
    static Metrics* const instance = new Metrics;
    return *instance;
}

}  // namespace

int register_route(std::string_view method, std::string_view path) {
    return metrics().routes.add(method, path);
}

void observe(int route, int status, double seconds) {
    Route* const counted = metrics().routes.find(route);
    if (counted == nullptr || status < 100 || status > 599) return;
    const auto bucket =
        std::lower_bound(bucket_bounds.begin(), bucket_bounds.end(), seconds) - bucket_bounds.begin();
    counted->by_class[static_cast<std::size_t>(status / 100 - 1)].fetch_add(1, std::memory_order_relaxed);
    counted->by_time[static_cast<std::size_t>(bucket)].fetch_add(1, std::memory_order_relaxed);
    const auto nanoseconds = static_cast<std::uint64_t>(std::max(seconds, 0.0) * 1e9);
    counted->nanoseconds.fetch_add(nanoseconds, std::memory_order_relaxed);
}

void count_refusal(std::string_view code, int status) {
    metrics().refusals.count(code, status);
}

void set_gauge(std::string_view name, double value) {
    Metrics& all = metrics();
    const std::lock_guard lock(all.gauge_mutex);
    auto found = all.gauge_by_name.find(name);
    if (found == all.gauge_by_name.end()) {
        auto& family = prometheus::BuildGauge().Name(std::string(name)).Register(all.gauges);
        found = all.gauge_by_name.emplace(std::string(name), &family.Add({})).first;
    }
    found->second->Set(value);
}

void set_family(const std::string& name, const std::string& help, bool is_counter,
                const std::vector<Sample>& samples) {
    MetricFamily family{name, help, is_counter ? MetricType::Counter : MetricType::Gauge, {}};
    for (const Sample& sample : samples) {
        std::vector<ClientMetric::Label> labels;
        for (const auto& [label, value] : sample.labels) labels.push_back({label, value});
        ClientMetric metric = labelled(std::move(labels));
        metric.counter.value = sample.value;
        metric.gauge.value = sample.value;
        family.metric.push_back(std::move(metric));
    }
    Metrics& all = metrics();
    const std::lock_guard lock(all.gauge_mutex);
    all.families[name] = std::move(family);
}

std::string render() {
    Metrics& all = metrics();
    std::vector<MetricFamily> families;
    const auto append = [&](std::vector<MetricFamily> more) {
        for (MetricFamily& family : more) {
            if (!family.metric.empty()) families.push_back(std::move(family));
        }
    };
    append(all.routes.Collect());
    append(all.refusals.Collect());
    append(all.gauges.Collect());
    {
        const std::lock_guard lock(all.gauge_mutex);
        for (const auto& [name, family] : all.families) append({family});
    }
    append(all.process.Collect());
    return prometheus::TextSerializer{}.Serialize(families);
}

}  // namespace tamiti::telemetry
