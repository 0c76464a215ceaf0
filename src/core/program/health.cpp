#include "core/program/health.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <cstdio>
#include <string>

#include "core/base/console.hpp"
#include "core/base/problem.hpp"
#include "core/db/error.hpp"
#include "core/telemetry/metrics.hpp"

namespace tamiti::http {
namespace {

Response problem(const Request& request, const Problem& reason) {
    return {.status = reason.status(),
            .content_type = "application/problem+json",
            .body = reason.json(request.id)};
}

}  // namespace

bool is_ready(db::Pool& pool) {
    try {
        return pool.acquire()->run("SELECT 1").size() == 1;
    } catch (const Problem&) {
        return false;
    } catch (const db::Error&) {
        return false;
    }
}

Response operations_page(const Request& request, db::Pool& pool) {
    if (request.method != Method::get && request.method != Method::head)
        return problem(request, Problem(405, "http.method", "Only GET is served here."));
    if (request.path == "/health/live") return {.body = R"({"status":"live"})"};
    if (request.path == "/health/ready") {
        if (is_ready(pool)) return {.body = R"({"status":"ready"})"};
        return problem(request, Problem(503, "server.not_ready", "The database does not answer."));
    }
    if (request.path == "/metrics") {
        telemetry::set_gauge("tamiti_database_connections_open", pool.open());
        telemetry::set_gauge("tamiti_database_connections_in_use", pool.in_use());
        return {.content_type = "text/plain; version=0.0.4", .body = telemetry::render()};
    }
    return problem(request, NotFound("These exist: /health/live, /health/ready, /metrics."));
}

}  // namespace tamiti::http

namespace tamiti {

int ask_health(const Settings& settings) {
    const int port = settings.ops_port > 0 ? settings.ops_port : settings.http_port + 1;
    const bool is_everywhere = settings.http_address == "0.0.0.0" || settings.http_address == "::";
    const std::string address = is_everywhere ? "localhost" : settings.http_address;
    boost::asio::ip::tcp::iostream stream;
    stream.expires_after(std::chrono::seconds(3));
    stream.connect(address, std::to_string(port));
    stream << "GET /health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n" << std::flush;
    std::string version;
    int status = 0;
    if (!(stream >> version >> status))
        return command_refused("Nothing answers at port " + std::to_string(port) + " of " + address + ".");
    if (status != 200)
        return command_refused("The program is not ready: it answers " + std::to_string(status) + ".");
    std::printf("ready\n");
    return 0;
}

}  // namespace tamiti
