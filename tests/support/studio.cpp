#include "tests/support/studio.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <charconv>
#include <cstdlib>
#include <stdexcept>

#include "apps/auth/service.hpp"
#include "apps/users/models.hpp"
#include "core/base/json.hpp"
#include "core/base/log.hpp"
#include "core/base/text.hpp"
#include "core/jobs/attempt.hpp"
#include "core/model/fields/moments.hpp"
#include "core/program/pages.hpp"

namespace tamiti::test {
namespace {

struct Person {
    std::string id;
    std::string token;
};

/// What the tests of one suite share.
struct World {
    std::unique_ptr<TestDatabase> database;
    std::unique_ptr<Program> program;
    std::unique_ptr<http::Pipeline> pipeline;
    std::shared_ptr<ManualClock> clock = std::make_shared<ManualClock>();
    std::map<std::string, Person> people{};
    const Clock& clock_of_filters = use_clock_of_filters(*clock);

    World() = default;
    ~World() { use_clock_of_filters(clock_of_filters); }
    World(const World&) = delete;
    World& operator=(const World&) = delete;
};
std::unique_ptr<World> world;

const boost::json::value* walk(const boost::json::value& from, std::string_view path) {
    const boost::json::value* at = &from;
    for (std::string_view part : split(path, '.')) {
        if (const auto* object = at->if_object()) {
            at = object->if_contains(boost::json::string_view(part.data(), part.size()));
        } else if (const auto* array = at->if_array()) {
            std::size_t index = 0;
            std::from_chars(part.data(), part.data() + part.size(), index);
            at = index < array->size() ? &(*array)[index] : nullptr;
        } else {
            at = nullptr;
        }
        if (!at) return nullptr;
    }
    return at;
}

std::string text_of(const boost::json::value& value) {
    if (const auto* text = value.if_string()) return std::string(text->data(), text->size());
    return json::text_of(value);
}

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

}  // namespace

Timestamp start_of_clock() {
    static const std::chrono::hours ahead = hours_ahead();
    return Clock().now() + ahead;
}

boost::json::value Answer::json() const {
    return body.empty() ? boost::json::value() : json::parse(body);
}

std::string Answer::text(std::string_view path) const {
    const auto parsed = json();
    const auto* found = walk(parsed, path);
    return found ? text_of(*found) : std::string();
}

std::string Answer::header(std::string_view name) const {
    for (const auto& [key, value] : headers)
        if (http::equals_ignoring_case(key, name)) return value;
    return {};
}

std::vector<std::string> Answer::each(std::string_view member) const {
    std::vector<std::string> values;
    const auto parsed = json();
    const auto* results = walk(parsed, "results");
    if (!results || !results->is_array()) {
        ADD_FAILURE() << "not a list: " << status << " " << body;
        return values;
    }
    for (const auto& row : results->get_array()) {
        const auto* found = walk(row, member);
        values.push_back(found ? text_of(*found) : std::string());
    }
    return values;
}

std::vector<std::string> Answer::ids() const {
    return each("id");
}

std::int64_t Answer::count() const {
    const auto parsed = json();
    const auto* found = walk(parsed, "count");
    return found && found->is_int64() ? found->get_int64() : -1;
}

void Studio::SetUpTestSuite() {
    world = std::make_unique<World>();
    log::start("error");
    world->database = std::make_unique<TestDatabase>();
    Settings settings;
    settings.database_url = world->database->app_url();
    settings.database_owner_url = world->database->owner_url();
    settings.database_pool = 8;  // the same on every machine: how many exports run at once hangs on it
    settings.secret_key = "a secret of the tests that is long enough";
    // Tests ask faster than people do; those of the limits have a studio of their own.
    settings.rate_anonymous = settings.rate_user = settings.rate_token = settings.rate_burst = 100'000'000;
    world->program = std::make_unique<Program>(settings);
    world->program->sites.first().clock = world->clock;
    world->pipeline =
        std::make_unique<http::Pipeline>(world->program->settings, world->program->sites,
                                         served(world->program->settings, world->program->registry));
}

void Studio::TearDownTestSuite() {
    world.reset();
}

Site& Studio::site() {
    return world->program->sites.first();
}
const Registry& Studio::registry() {
    return world->program->registry;
}
const http::Pipeline& Studio::pipeline() {
    return *world->pipeline;
}
ManualClock& Studio::clock() {
    return *world->clock;
}

std::string Studio::user(const std::string& name, const std::vector<Role>& roles) {
    if (const auto known = world->people.find(name); known != world->people.end()) return known->second.id;
    users::User made;
    made.username = name;
    made.email = {name + "@studio.test"};
    made.first_name = name;
    made.last_name = "Test";
    made.roles = roles;
    made.is_verified = true;
    Person person;
    transact(site(), Actor::system(), [&](Tx& tx) {
        tx.insert(made);
        person.token = auth::open_session(tx, made.id, "test").access;
    });
    person.id = made.id.text();
    world->people[name] = person;
    return person.id;
}

void Studio::sign_in_again(const std::string& name) {
    Person& person = world->people.at(name);
    transact(site(), Actor::system(), [&](Tx& tx) {
        person.token = auth::open_session(tx, Id<users::User>{Uuid::parse(person.id).value()}, "test").access;
    });
}

std::string Studio::token(const std::string& who) {
    user(who);
    return world->people.at(who).token;
}

Answer Studio::send(http::Method method, const std::string& who, const std::string& path,
                    const std::string& body, const std::map<std::string, std::string>& headers) {
    const std::string target =
        path.starts_with("/api") || path.starts_with("/static") ? path : "/api/v1" + path;
    const std::size_t question = target.find('?');
    const std::string authorization = who == "guest" ? std::string() : "Bearer " + token(who);
    http::Request request;
    request.method = method;
    request.path = std::string_view(target).substr(0, question);
    if (question != std::string::npos) request.query = std::string_view(target).substr(question + 1);
    request.host = "localhost";
    request.body = body;
    request.id = "0123456789abcdef0123456789abcdef";
    request.client_address = "127.0.0.1";
    if (!body.empty()) request.headers.push_back({"Content-Type", "application/json"});
    if (!authorization.empty()) request.headers.push_back({"Authorization", authorization});
    for (const auto& [name, value] : headers) {
        std::erase_if(request.headers,
                      [&](const http::Header& one) { return http::equals_ignoring_case(one.name, name); });
        request.headers.push_back({name, value});
    }
    http::Response response = pipeline().serve(request);
    for (bool more = static_cast<bool>(response.produce); more;) more = response.produce(response.body);
    return {response.status, std::move(response.body), std::move(response.headers)};
}

Answer Studio::get(const std::string& who, const std::string& path,
                   const std::map<std::string, std::string>& headers) {
    return send(http::Method::get, who, path, {}, headers);
}
Answer Studio::post(const std::string& who, const std::string& path, const std::string& body,
                    const std::map<std::string, std::string>& headers) {
    return send(http::Method::post, who, path, body, headers);
}
Answer Studio::patch(const std::string& who, const std::string& path, const std::string& body,
                     const std::map<std::string, std::string>& headers) {
    return send(http::Method::patch, who, path, body, headers);
}
Answer Studio::put(const std::string& who, const std::string& path, const std::string& body,
                   const std::map<std::string, std::string>& headers) {
    return send(http::Method::put, who, path, body, headers);
}
Answer Studio::remove(const std::string& who, const std::string& path,
                      const std::map<std::string, std::string>& headers) {
    return send(http::Method::delete_, who, path, {}, headers);
}

std::string Studio::make(const std::string& who, const std::string& path, const std::string& body) {
    const Answer answer = post(who, path, body);
    EXPECT_EQ(answer.status, 201) << path << " " << body << "\n" << answer.body;
    return answer.text("id");
}

void Studio::access(http::Method method, const std::string& path, const std::string& body,
                    const std::vector<std::pair<std::string, int>>& expected) {
    for (const auto& [who, status] : expected) {
        const Answer answer = send(method, who, path, body, {});
        EXPECT_EQ(answer.status, status) << http::name_of(method) << " " << path << " as " << who << "\n"
                                         << answer.body;
    }
}

int Studio::run_jobs() {
    return tamiti::jobs::run_due(site());
}

void Studio::make_jobs_due(const std::string& kind) {
    site().pool->acquire()->run(
        "UPDATE core_job SET run_at = now() WHERE state = 'waiting' AND ($1 = '' OR kind = $1)",
        db::Params::of(kind));
}

std::vector<Job> Studio::jobs(const std::string& kind) {
    const auto connection = site().pool->acquire();
    std::vector<Job> all;
    for (const auto row : connection->run(
             "SELECT id, state, arguments, attempt, last_error FROM core_job WHERE kind = $1 ORDER BY seq",
             db::Params::of(kind)))
        all.push_back({std::string(row.text(0)), std::string(row.text(1)), std::string(row.text(2)),
                       static_cast<int>(row.integer(3)), std::string(row.text(4))});
    return all;
}

std::string Studio::query_value(const std::string& query, const db::Params& params) {
    const auto connection = site().pool->acquire();
    const db::Result result = connection->run(query, params);
    return result.empty() ? std::string() : std::string(result[0].text(0));
}

}  // namespace tamiti::test
