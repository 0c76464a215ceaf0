#include "tests/support/api.hpp"

#include <charconv>
#include <cstdlib>
#include <stdexcept>

#include "core/base/log.hpp"
#include "core/base/text.hpp"
#include "core/jobs/attempt.hpp"
#include "core/model/fields/moments.hpp"
#include "core/model/seen.hpp"
#include "core/program/pages.hpp"

namespace tamiti::test {
namespace {

/// What the tests of one suite share.
struct World {
    World(std::vector<App> apps, Api::SignIn sign, const std::vector<db::Migration>& more)
        : registry(std::move(apps)), sign_in(sign) {
        if (!more.empty()) migrate(more);
        settings.database_url = database.app_url();
        settings.database_owner_url = database.owner_url();
        settings.database_pool = 8;  // the same on every machine: how many exports run at once hangs on it
        settings.secret_key = "a secret of the tests that is long enough";
        // Tests ask faster than people do; those of the limits have a studio of their own.
        settings.rate_anonymous = settings.rate_user = settings.rate_token = settings.rate_burst =
            100'000'000;
        auto site = default_site(settings);
        site->clock = clock;
        registry.install(*site);
        sites.add(std::move(site));
        pipeline = std::make_unique<api::Pipeline>(settings, sites, served(settings, registry));
    }
    void migrate(const std::vector<db::Migration>& more) {
        std::vector<db::Migration> all = db::embedded_migrations();
        all.insert(all.end(), more.begin(), more.end());
        db::Connection owner(database.as_owner());
        db::migrate(owner, all, registry.app_names(), database.app_role(), {},
                    guarded_columns(registry.catalogue()));
    }
    ~World() { use_clock_of_filters(clock_of_filters); }
    World(const World&) = delete;
    World& operator=(const World&) = delete;

    TestDatabase database;
    Settings settings{};
    Registry registry;
    Api::SignIn sign_in;
    std::shared_ptr<ManualClock> clock = std::make_shared<ManualClock>();
    const Clock& clock_of_filters = use_clock_of_filters(*clock);
    Sites sites{};
    std::unique_ptr<api::Pipeline> pipeline;
};
std::unique_ptr<World> world;

std::chrono::hours hours_ahead() {
    const char* set = std::getenv("TAMITI_TEST_AHEAD_HOURS");
    if (!set) return {};
    const std::string_view text = set;
    int hours = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), hours);
    if (error != std::errc() || end != text.data() + text.size())
        throw std::invalid_argument("TAMITI_TEST_AHEAD_HOURS is a whole number of hours such as 15.");
    return std::chrono::hours(hours);
}

/// The tables whose rows a request to that path is about: that of the resource it begins with, or those of
/// all models where it begins with none.
std::vector<std::string> tables_at(const std::string& path) {
    std::vector<std::string> tables;
    for (const Resource* resource : Api::registry().catalogue().resources()) {
        const std::string_view rest = std::string_view(path).substr(
            path.starts_with(resource->path) ? resource->path.size() : path.size());
        if (path == resource->path || rest.starts_with('/') || rest.starts_with('?'))
            return {resource->model->table};
        tables.push_back(resource->model->table);
    }
    return tables;
}

/// What a refused request to that path must leave as it was, as one text.
std::string state_at(const std::string& path) {
    std::string query =
        "SELECT concat_ws(' ', (SELECT count(*) FROM core_audit), (SELECT count(*) FROM core_event), "
        "(SELECT count(*) FROM core_job)";
    for (const std::string& table : tables_at(path))
        query += ", (SELECT md5(string_agg(t::text, ' ' ORDER BY id)) FROM " + table + " t)";
    return Api::sql(query + ")");
}

bool is_refusal(int status) {
    return status >= 400 && status < 500;
}

}  // namespace

Timestamp start_of_clock() {
    static const std::chrono::hours ahead = hours_ahead();
    return Clock().now() + ahead;
}

void Api::open(std::vector<App> apps, SignIn sign_in, const std::vector<db::Migration>& more) {
    log::start("error");
    world = std::make_unique<World>(std::move(apps), sign_in, more);
}
void Api::close() {
    world.reset();
    log::start("info");  // as a process begins
}

Site& Api::site() {
    return world->sites.first();
}
const Registry& Api::registry() {
    return world->registry;
}
const api::Pipeline& Api::pipeline() {
    return *world->pipeline;
}
ManualClock& Api::clock() {
    return *world->clock;
}

Actor Api::actor(const std::string& who) {
    const std::string authorization = world->sign_in(who);
    http::Request request;
    request.path = "/api/v1";
    request.client_address = "127.0.0.1";
    request.headers.push_back({"Authorization", authorization});
    return registry().authenticate(site(), request).value();
}

/// Serves it as a server does: where the body goes to a file it is asked for before it comes.
static http::Response served_with_file(http::Request& request) {
    if (request.body.empty() || !Api::pipeline().takes_file(request)) return Api::pipeline().serve(request);
    http::Screening screening = Api::pipeline().screen(request);
    if (screening.refusal) return std::move(*screening.refusal);
    http::IncomingFile incoming(screening.most_of_file, nullptr);
    EXPECT_TRUE(incoming.write(request.body));
    request.file = incoming.finish();
    request.body = {};
    return Api::pipeline().serve(request);
}

Answer Api::send(http::Method method, const std::string& who, const std::string& path, const Body& body,
                 const Headers& headers) {
    const std::string target =
        path.starts_with("/api") || path.starts_with("/static") ? path : "/api/v1" + path;
    const std::size_t question = target.find('?');
    const std::string authorization = who == "guest" ? std::string() : world->sign_in(who);
    http::Request request;
    request.method = method;
    request.path = std::string_view(target).substr(0, question);
    if (question != std::string::npos) request.query = std::string_view(target).substr(question + 1);
    request.host = "localhost";
    request.body = body.text();
    request.id = "0123456789abcdef0123456789abcdef";
    request.client_address = "127.0.0.1";
    if (!request.body.empty()) request.headers.push_back({"Content-Type", "application/json"});
    if (!authorization.empty()) request.headers.push_back({"Authorization", authorization});
    for (const auto& [name, value] : headers)
        std::erase_if(request.headers,
                      [&](const http::Header& one) { return http::equals_ignoring_case(one.name, name); });
    for (const auto& [name, value] : headers) request.headers.push_back({name, value});
    http::Response response = served_with_file(request);
    for (bool more = static_cast<bool>(response.produce); more;) more = response.produce(response.body);
    return {response.status, std::move(response.body), std::move(response.headers)};
}

Answer Api::get(const std::string& who, const std::string& path, const Headers& headers) {
    return send(http::Method::get, who, path, Body::none(), headers);
}
Answer Api::post(const std::string& who, const std::string& path, const Body& body, const Headers& headers) {
    return send(http::Method::post, who, path, body, headers);
}
Answer Api::patch(const std::string& who, const std::string& path, const Body& body, const Headers& headers) {
    return send(http::Method::patch, who, path, body, headers);
}
Answer Api::put(const std::string& who, const std::string& path, const Body& body, const Headers& headers) {
    return send(http::Method::put, who, path, body, headers);
}
Answer Api::remove(const std::string& who, const std::string& path, const Headers& headers) {
    return send(http::Method::delete_, who, path, Body::none(), headers);
}

std::vector<std::string> Api::walk(const std::string& who, std::string path) {
    std::vector<std::string> ids;
    for (int pages = 0; !path.empty() && path != "null" && pages < 100; ++pages) {
        const Answer page = get(who, path);
        EXPECT_EQ(page.status, 200) << path << page.body;
        for (const std::string& id : page.ids()) ids.push_back(id);
        path = page.text("next");
    }
    return ids;
}

std::string Api::make(const std::string& who, const std::string& path, const Body& body) {
    const Answer answer = post(who, path, body);
    EXPECT_EQ(answer.status, 201) << path << " " << body << "\n" << answer.body;
    return answer.text("id");
}

void Api::access(http::Method method, const std::string& path, const Body& body,
                 const std::vector<std::pair<std::string, int>>& expected) {
    const bool writes = method != http::Method::get;
    for (const auto& [who, status] : expected) {
        if (who != "guest") world->sign_in(who);  // whoever is new is made before
        const std::string before = writes ? state_at(path) : std::string();
        const Answer answer = send(method, who, path, body, {});
        EXPECT_EQ(answer.status, status) << http::name_of(method) << " " << path << " as " << who << "\n"
                                         << answer.body;
        if (writes && is_refusal(answer.status)) {
            EXPECT_EQ(state_at(path), before) << http::name_of(method) << " " << path << " as " << who
                                              << " was refused and changed something";
        }
    }
}

void Api::access(http::Method method, const std::string& path,
                 const std::vector<std::pair<std::string, int>>& expected) {
    const bool empty = method == http::Method::get || method == http::Method::delete_;
    access(method, path, empty ? Body::none() : Body(), expected);
}

int Api::run_jobs() {
    return tamiti::jobs::run_due(site());
}

void Api::make_jobs_due(const std::string& kind) {
    site().pool->acquire()->run(
        "UPDATE core_job SET run_at = now() WHERE state = 'waiting' AND ($1 = '' OR kind = $1)",
        db::Params::of(kind));
}

std::vector<Job> Api::jobs(const std::string& kind) {
    const auto connection = site().pool->acquire();
    std::vector<Job> all;
    for (const auto row : connection->run(
             "SELECT id, state, arguments, attempt, last_error FROM core_job WHERE kind = $1 ORDER BY seq",
             db::Params::of(kind)))
        all.push_back({std::string(row.text(0)), std::string(row.text(1)), std::string(row.text(2)),
                       static_cast<int>(row.integer(3)), std::string(row.text(4))});
    return all;
}

std::string Api::query_value(const std::string& query, const db::Params& params) {
    const auto connection = site().pool->acquire();
    const db::Result result = connection->run(query, params);
    return result.empty() ? std::string() : std::string(result[0].text(0));
}

}  // namespace tamiti::test
