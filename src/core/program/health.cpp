#include "core/program/health.hpp"

#include "core/base/problem.hpp"
#include "core/db/error.hpp"
#include "core/telemetry/metrics.hpp"

namespace tamiti::http {
namespace {

bool database_answers(db::Pool& pool) {
    try {
        return pool.acquire()->run("SELECT 1").size() == 1;
    } catch (const Problem&) {
        return false;
    } catch (const db::Error&) {
        return false;
    }
}

Response problem(const Request& request, const Problem& reason) {
    return {.status = reason.status(),
            .content_type = "application/problem+json",
            .body = reason.json(request.id)};
}

}  // namespace

Response operations_page(const Request& request, db::Pool& pool) {
    if (request.method != Method::get && request.method != Method::head)
        return problem(request, Problem(405, "http.method", "Only GET is served here."));
    if (request.path == "/health/live") return {.body = R"({"status":"live"})"};
    if (request.path == "/health/ready") {
        if (database_answers(pool)) return {.body = R"({"status":"ready"})"};
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
