#include "core/api/pipeline.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>

#include "core/api/idempotency.hpp"
#include "core/api/resource_operations.hpp"
#include "core/api/restrictions.hpp"
#include "core/api/throttling.hpp"
#include "core/api/volume.hpp"
#include "core/base/complaint.hpp"
#include "core/base/log.hpp"
#include "core/base/text.hpp"
#include "core/http/entity_tag.hpp"
#include "core/http/uri.hpp"
#include "core/model/catalogue.hpp"
#include "core/model/draft.hpp"
#include "core/telemetry/metrics.hpp"
#include "core/telemetry/sentry.hpp"

namespace tamiti::api {
namespace {

using Steady = std::chrono::steady_clock;

double milliseconds(Steady::duration duration) {
    return std::chrono::duration<double, std::milli>(duration).count();
}

// A Server-Timing value. Whole microseconds put in by hand: printing three doubles would cost more than all
// the rest of the record.
std::string timing(Steady::duration auth, Steady::duration work, Steady::duration total) {
    std::string text;
    text.reserve(64);
    const auto add = [&](std::string_view stage, Steady::duration took) {
        const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(took).count();
        text.append(text.empty() ? "" : ", ")
            .append(stage)
            .append(";dur=")
            .append(std::to_string(micros / 1000))
            .append(".");
        const auto rest = std::to_string(1000 + micros % 1000);
        text.append(rest, 1);
    };
    add("auth", auth);
    add("work", work);
    add("total", total);
    return text;
}

void require_media(const http::Request& request, const Operation& operation) {
    static const std::vector<std::string> json = {"application/json", "application/merge-patch+json"};
    const bool is_bytes = operation.route && !operation.route->options.takes.empty();
    const std::vector<std::string>& taken = is_bytes ? operation.route->options.takes : json;
    const std::string_view type = request.header("Content-Type");
    const std::string_view media = trim(type.substr(0, type.find(';')));
    const auto is_media = [&](const std::string& one) { return http::equals_ignoring_case(media, one); };
    if ((request.body.empty() && !is_bytes) || std::ranges::any_of(taken, is_media)) return;
    throw Problem(415, "http.media_type",
                  is_bytes ? "Send the bytes with Content-Type: " + join(taken, " or ") + "."
                           : "Send JSON with Content-Type: application/json.");
}

bool is_api(const std::vector<std::string>& segments) {
    return segments.size() >= 2 && segments[0] == "api" && segments[1] == "v1";
}

/// HEAD is found and answered as GET.
http::Method read_as(http::Method method) {
    return method == http::Method::head ? http::Method::get : method;
}

void require_access(const Actor& who, const Operation& operation) {
    const RouteAccess access = operation.route ? operation.route->access : signed_in();
    if (access.kind != RouteAccess::Kind::anyone && who.is_anonymous())
        throw Unauthorised("auth.sign_in", "Sign in first: send an access token as Authorization: Bearer.");
    if (access.kind == RouteAccess::Kind::permission && !who.can(access.permission))
        throw Forbidden("access.denied", "You may not do this.");
}

/// Whose places and memory a request takes; empty where nobody signed in.
std::string asker_of(const Actor& who) {
    if (who.id.is_nil()) return {};
    return (who.viewed_by.is_nil() ? who.id : who.viewed_by).text();
}

/// Says in the log, once a minute, why the database serves nobody: a full disk among the reasons, after which
/// PostgreSQL stops and recovers, and fails again.
void tell_of_outage(const db::Error& error) {
    static Complaint full("database.full", std::chrono::minutes(1));
    static Complaint away("database.away", std::chrono::minutes(1));
    const std::string text = error.what();
    if (error.sqlstate == "53100" || text.find("No space left on device") != text.npos)
        full.make("The disk of the database is full, so nothing can be saved: " + text);
    else if (error.is_disconnect())
        away.make(text);
}

/// Whether a list or summary may have the parameter twice: filters, which must hold together.
bool is_filter(std::string_view name) {
    for (const std::string_view single : {"page", "page_size", "cursor", "count", "ordering", "search",
                                          "fields", "expand", "format", "deleted", "can", "group", "sum"})
        if (name == single) return false;
    return true;
}

/// Whether what the operation needs may stand in the address: what comes with a file does.
bool reads_query(const http::Request& request, const Operation& operation) {
    return read_as(request.method) == http::Method::get ||
           (operation.route && operation.route->options.takes_file > 0);
}

/// What the head says of the body's length.
std::optional<std::uint64_t> length_of(const http::Request& request) {
    const std::string_view text = request.header("Content-Length");
    std::uint64_t length = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return length;
}

/// Bytes that the request writes; a file of a known length was counted before it came.
std::size_t written_by(const http::Request& request) {
    if (!request.file) return request.body.size();
    return length_of(request) ? 0 : static_cast<std::size_t>(request.file->size);
}

QueryPairs query_of(const http::Request& request, const Operation& operation) {
    QueryPairs query;
    if (const http::Fault fault = http::parse_query(request.query, query))
        throw Problem(fault.status, std::string(fault.code), std::string(fault.sentence));
    for (auto one = query.begin(); one != query.end(); ++one) {
        const auto is_same = [&](const auto& other) { return other.first == one->first; };
        if (std::find_if(query.begin(), one, is_same) == one) continue;
        const bool takes_filters = operation.verb == Verb::list || operation.verb == Verb::summary;
        if (takes_filters && is_filter(one->first)) continue;
        const std::string sentence = one->first + " is there twice; give it once, with all its values.";
        throw Malformed("http.bad_parameter", sentence).with({{one->first, sentence}});
    }
    return query;
}

}  // namespace

/// One request on its way.
struct Pipeline::Visit {
    const http::Request& request;
    http::Response& response;
    Site* site = nullptr;
    const Operation* operation = nullptr;
    Actor who{};
    std::string code{};  // of the problem, for the log
    Steady::time_point began = Steady::now();
    Steady::duration signing_in{};
    Steady::duration working{};
    std::vector<std::pair<std::string, std::string>> lasting{};  // headers of every answer, also of a refusal
};

Pipeline::Pipeline(const Settings& settings, const Sites& sites, Api api)
    : sites_(sites),
      api_(std::move(api)),
      router_(std::move(api_.operations)),
      tells_times_(settings.is_development()) {
    for (std::string_view origin : split(settings.cors_origins, ','))
        if (!trim(origin).empty()) cors_origins_.emplace_back(trim(origin));
    for (const Operation& operation : router_.all())
        metrics_.push_back(
            telemetry::register_route(name_of(operation.method), std::string(api_root) + operation.path));
}

http::Response Pipeline::serve(const http::Request& request) const {
    http::Response response;
    Visit visit{.request = request, .response = response};
    attempt(visit, [&] { answer(visit); });
    allow_origin(request, response);
    record(visit);
    return response;
}

bool Pipeline::takes_file(const http::Request& head) const {
    if (head.method != http::Method::post) return false;
    std::vector<std::string> segments;
    if (http::split_path(head.path, segments) || !is_api(segments)) return false;
    const Match match = router_.find(segments);
    const Operation* operation =
        match.place ? (*match.place)[static_cast<std::size_t>(http::Method::post)] : nullptr;
    return operation && operation->route && operation->route->options.takes_file > 0;
}

http::Screening Pipeline::screen(const http::Request& head) const {
    http::Response refusal;
    Visit visit{.request = head, .response = refusal};
    http::Screening screening;
    if (!attempt(visit, [&] { screening.most_of_file = check_head(visit); })) {
        allow_origin(head, refusal);
        record(visit);
        screening.refusal = std::move(refusal);
    }
    screening.asker = asker_of(visit.who);
    return screening;
}

/// Does the work; what it throws becomes the refusal that is answered. Whether it threw nothing.
bool Pipeline::attempt(Visit& visit, const std::function<void()>& work) const {
    const http::Request& request = visit.request;
    try {
        work();
        return true;
    } catch (const Problem& problem) {
        refuse(visit, problem);
    } catch (const db::Error& error) {
        tell_of_outage(error);
        try {
            if (visit.site) explain(*visit.site->catalogue, error);
            log::error("database_error",
                       {{"request", request.id}, {"sqlstate", error.sqlstate}, {"error", error.what()}});
            telemetry::report("database error " + error.sqlstate, request.id);
            refuse(visit, Problem(500, "server.error",
                                  "Something went wrong here. Quote the request id when you ask about it."));
        } catch (const Problem& problem) {
            refuse(visit, problem);
        }
    } catch (const std::exception& error) {
        log::error("unexpected_error", {{"request", request.id}, {"error", error.what()}});
        telemetry::report("unexpected error", request.id);
        refuse(visit, Problem(500, "server.error",
                              "Something went wrong here. Quote the request id when you ask about it."));
    }
    return false;
}

/// Finds the site, and parts the path. The segments are those of this thread's last request.
std::vector<std::string>& Pipeline::open(Visit& visit) const {
    visit.site = sites_.find(visit.request.host);
    if (!visit.site) throw Problem(421, "http.unknown_host", "No site of this name is served here.");
    thread_local std::vector<std::string> segments;
    segments.clear();
    if (const http::Fault fault = http::split_path(visit.request.path, segments))
        throw Problem(fault.status, std::string(fault.code), std::string(fault.sentence));
    return segments;
}

/// Throws the Problem that the request would end with for its head alone; answers how large its file may be.
std::size_t Pipeline::check_head(Visit& visit) const {
    const auto& segments = open(visit);
    std::size_t most_of_file = 0;
    if (is_api(segments) && visit.request.method != http::Method::options) {
        Match match = find(visit, segments);
        sign_in(visit);
        require_unrestricted(*visit.site, visit.who, *visit.operation, visit.request);
        require_access(visit.who, *visit.operation);
        if (visit.operation->route && visit.operation->route->options.takes_file > 0)
            most_of_file = check_file(visit, match);
    }
    if (visit.who.is_anonymous())
        throw Problem(413, "http.body_too_large",
                      "Sign in first: without that a body this long is not read.");
    return most_of_file;
}

/// The same for a file that is to come: its size, and what the route looks at before.
std::size_t Pipeline::check_file(Visit& visit, Match& match) const {
    const Operation& operation = *visit.operation;
    const std::size_t most = operation.route->options.takes_file;
    const std::optional<std::uint64_t> length = length_of(visit.request);
    if (length.value_or(0) > most)
        throw Problem(413, "http.body_too_large",
                      "The file is larger than it may be: at most " + http::words_of_bytes(most) + ".");
    const QueryPairs query = query_of(visit.request, operation);
    Call call{visit.request, *visit.site, visit.who, std::move(match.ids), query, visit.response};
    operation.route->before_file(call);
    if (length)
        visit.site->memory.get<WrittenVolume>(*visit.site)
            .count(*visit.site, visit.who, static_cast<std::size_t>(*length));
    return most;
}

void Pipeline::answer(Visit& visit) const {
    const auto& segments = open(visit);
    if (is_api(segments)) return answer_api(visit, segments);

    const bool reads =
        visit.request.method == http::Method::get || visit.request.method == http::Method::head;
    auto page = reads && api_.page ? api_.page(*visit.site, visit.request, segments) : std::nullopt;
    if (!page)
        throw NotFound(
            "There is nothing at this address. The API begins at /api/v1 and is described at /api/docs.");
    visit.response = std::move(*page);
}

/// The operation at that address, with what its path says.
Match Pipeline::find(Visit& visit, const std::vector<std::string>& segments) const {
    Match match = router_.find(segments);
    if (!match.place) throw NotFound("There is nothing at this address. The API is described at /api/docs.");
    const http::Method method = read_as(visit.request.method);
    if (method == http::Method::options) return match;
    visit.operation = (*match.place)[static_cast<std::size_t>(method)];
    if (!visit.operation) {
        throw Problem(405, "http.method",
                      "This address does not take " + std::string(name_of(visit.request.method)) + ".")
            .with_header("Allow", allowed_methods(*match.place));
    }
    return match;
}

void Pipeline::answer_api(Visit& visit, const std::vector<std::string>& segments) const {
    Match match = find(visit, segments);
    if (visit.request.method == http::Method::options) return answer_options(visit, match);
    const auto signing_in = Steady::now();
    sign_in(visit);
    visit.signing_in = Steady::now() - signing_in;
    require_unrestricted(*visit.site, visit.who, *visit.operation, visit.request);

    visit.response.set("Cache-Control", visit.operation->no_store ? "no-store" : "private, no-cache");
    const auto working = Steady::now();
    run(visit, *visit.operation, match);
    visit.working = Steady::now() - working;
    if (read_as(visit.request.method) != http::Method::get || visit.response.status != 200) return;
    for (const auto& [name, value] : visit.response.headers) {
        if (name != "ETag" || !http::names_tag(visit.request.header("If-None-Match"), value)) continue;
        visit.response.status = 304;
        visit.response.body.clear();
        visit.response.produce = nullptr;
        return;
    }
}

/// Finds out who asks. A request whose token is refused counts as one of its address; one of which nobody can
/// say now whose it is counts as nobody's.
void Pipeline::sign_in(Visit& visit) const {
    visit.who.address = visit.request.client_address;
    const Route* route = visit.operation->route;
    const bool has_own_limits = route && route->options.own_limits;
    try {
        if (auto actor = api_.authenticate(*visit.site, visit.request)) visit.who = std::move(*actor);
    } catch (const Problem& problem) {
        if (problem.status() != 401) throw;
        if (!has_own_limits) throttle(visit);
        // Whoever signs in anew, or out, may still send the token that has expired.
        if (!route || route->access.kind != RouteAccess::Kind::anyone) throw;
    }
    visit.who.permissions = visit.site->permissions;
    visit.who.calling_code = visit.site->calling_code;
    visit.who.address = visit.request.client_address;
    visit.who.user_agent = visit.request.header("User-Agent");
    visit.who.request_id = visit.request.id;
    if (!visit.who.viewed_by.is_nil()) visit.lasting.emplace_back("X-Viewing-As", visit.who.id.text());
    if (!has_own_limits || !visit.who.is_anonymous()) throttle(visit);
}

/// Counts the request; the answer tells what is left.
void Pipeline::throttle(Visit& visit) const {
    if (!visit.lasting.empty() && visit.lasting.back().first == "RateLimit") return;
    RequestRates& rates = visit.site->memory.get<RequestRates>(*visit.site);
    const auto [limit, allowance] = rates.count(*visit.site, visit.who, visit.request.client_address);
    if (!allowance.allowed) throw too_many_requests(limit, allowance);
    visit.lasting.emplace_back("RateLimit-Policy", rates.policy(limit));
    visit.lasting.emplace_back("RateLimit", rate_limit(limit, allowance));
}

void Pipeline::run(Visit& visit, const Operation& operation, Match& match) const {
    require_access(visit.who, operation);
    require_media(visit.request, operation);
    const QueryPairs query = query_of(visit.request, operation);
    if (!query.empty() && !reads_query(visit.request, operation))
        throw Malformed("http.bad_parameter", "This request takes no parameters in its address.");
    const std::optional<Claim> claim = Claim::of(visit.request, operation, visit.who);
    Call call{visit.request, *visit.site, visit.who, std::move(match.ids), query, visit.response};
    call.texts = std::move(match.texts);
    if (claim) call.claim = &*claim;
    const bool may_write =
        visit.request.method != http::Method::get && visit.request.method != http::Method::head;
    if (may_write)
        visit.site->memory.get<WrittenVolume>(*visit.site)
            .count(*visit.site, visit.who, written_by(visit.request));
    if (operation.resource) return run_resource(call, operation);
    if (!operation.route->input && operation.route->options.takes.empty() &&
        (!query.empty() || (!visit.request.body.empty() && visit.request.body != "{}")))
        throw Malformed("http.unknown_field", "This request takes neither parameters nor a body.");
    visit.response.status = operation.route->status;  // as app.cpp has it; the verb may know better
    operation.route->run(call);
}

void Pipeline::answer_options(Visit& visit, const Match& match) const {
    visit.response.status = 204;
    visit.response.set("Allow", allowed_methods(*match.place));
    if (visit.request.header("Access-Control-Request-Method").empty()) return;
    visit.response.set("Access-Control-Allow-Methods", allowed_methods(*match.place));
    visit.response.set("Access-Control-Allow-Headers",
                       "Authorization, Content-Type, If-Match, If-None-Match, Idempotency-Key, X-CSRF-Token");
    visit.response.set("Access-Control-Max-Age", "600");
}

void Pipeline::allow_origin(const http::Request& request, http::Response& response) const {
    if (cors_origins_.empty()) return;
    response.set("Vary", "Origin");
    const std::string_view origin = request.header("Origin");
    if (std::find(cors_origins_.begin(), cors_origins_.end(), origin) == cors_origins_.end()) return;
    response.set("Access-Control-Allow-Origin", std::string(origin));
    response.set("Access-Control-Expose-Headers",
                 "Content-Disposition, ETag, Idempotent-Replayed, Location, RateLimit, RateLimit-Policy, "
                 "Retry-After, X-Request-Id, X-Viewing-As");
}

void Pipeline::refuse(Visit& visit, const Problem& problem) const {
    http::Response refusal;
    refusal.status = problem.status();
    refusal.content_type = "application/problem+json";
    refusal.body = problem.json(visit.request.id);
    refusal.headers = problem.headers();
    refusal.set("Cache-Control", "no-store");
    visit.code = problem.code();
    visit.response = std::move(refusal);
}

void Pipeline::record(const Visit& visit) const {
    const Steady::duration took = Steady::now() - visit.began;
    const double total = milliseconds(took);
    for (const auto& [name, value] : visit.lasting) visit.response.set(name, value);
    // How long something takes tells of what it looked at: that is for whoever develops.
    if (tells_times_) visit.response.set("Server-Timing", timing(visit.signing_in, visit.working, took));
    visit.response.set("X-Content-Type-Options", "nosniff");
    visit.response.asker = asker_of(visit.who);
    if (visit.operation)
        telemetry::observe(metrics_[router_.index_of(*visit.operation)], visit.response.status, total / 1000);
    log::info("request", {{"request", visit.request.id},
                          {"method", name_of(visit.request.method)},
                          {"path", visit.request.path},
                          {"status", visit.response.status},
                          {"us", std::chrono::duration_cast<std::chrono::microseconds>(took).count()},
                          {"bytes", static_cast<std::int64_t>(visit.response.body.size())},
                          {"user", visit.who.id.is_nil() ? std::string() : visit.who.id.text()},
                          {"address", visit.request.client_address},
                          {"code", visit.code}});
}

}  // namespace tamiti::api
