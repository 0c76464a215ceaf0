#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Counts for Prometheus.
namespace tamiti::telemetry {

/// Makes a route known before requests are served; the path is the template ("/api/v1/projects/{id}"), so the
/// number of series doesn't grow with the rows. The same route gives the same index again.
int register_route(std::string_view method, std::string_view path);

/// Counts one answered request: tamiti_http_requests_total by status class, tamiti_http_request_seconds as a
/// histogram. An index that register_route didn't give is ignored.
void observe(int route, int status, double seconds);

/// Counts a request that was refused before it had a route: tamiti_http_refusals_total by problem code and
/// status. At most 200 codes are told apart; the rest count as "other".
void count_refusal(std::string_view code, int status);

/// Sets a gauge of that name, such as "tamiti_database_connections_open"; it exists from the first time on.
void set_gauge(std::string_view name, double value);

/// One number of a family of metrics and what tells it from the others.
struct Sample {
    std::vector<std::pair<std::string, std::string>> labels{};
    double value = 0;
};

/// Replaces all numbers of a family that somebody else counted: tamiti_jobs, by queue and state. None remove
/// it. `is_counter` tells numbers that only grow from those that come and go.
void set_family(const std::string& name, const std::string& help, bool is_counter,
                const std::vector<Sample>& samples);

/// Everything in Prometheus' text format 0.0.4, with the process's memory, processor time, open files and
/// start time.
std::string render();

}  // namespace tamiti::telemetry
