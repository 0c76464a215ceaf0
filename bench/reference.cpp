// A bare program of the same shape as tamiti, to compare with: one io_context that four threads per core run,
// Beast for HTTP, one libpq connection per thread, prepared statements written by hand. It answers the same
// JSON for the few requests that the bench sends, and does nothing else: no authentication, no permissions,
// no validation, no log.
//
//     bench_reference PORT DATABASE_URL
//     bench_reference sql               prints its statements, for pgbench

#include <libpq-fe.h>
#include <sodium.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/strand.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/json.hpp>
#include <chrono>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using tcp = asio::ip::tcp;

std::string database_url;

// --- the database
// --------------------------------------------------------------------------------------------------------

#define MILESTONE                                                                                          \
    "t.id, t.project, t.name, t.description, t.acceptance, t.reward, t.due_on, t.owner, t.position, "      \
    "t.shared_with_client, t.completed_at, t.completed_by, t.signed_off_at, t.signed_off_by, "             \
    "coalesce(t.due_on < (now() AT TIME ZONE 'Africa/Kampala')::date AND t.completed_at IS NULL, false), " \
    "t.created_at, t.updated_at, t.version, t.deleted_at"

struct Statement {
    const char* name;
    const char* sql;
    int parameters;
};
constexpr Statement single{
    "single", "SELECT " MILESTONE " FROM projects_milestone t WHERE t.id = $1 AND t.deleted_at IS NULL", 1};
constexpr Statement page{
    "page",
    "SELECT " MILESTONE
    ", (SELECT count(*) FROM (SELECT FROM projects_milestone t WHERE t.project = $1 AND t.deleted_at IS "
    "NULL LIMIT 10001) c) FROM projects_milestone t WHERE t.project = $1 AND t.deleted_at IS NULL "
    "ORDER BY t.due_on, t.id LIMIT 26",
    1};
constexpr Statement expanded{
    "expanded",
    "SELECT " MILESTONE
    ", p.id, p.code, p.name, p.status FROM projects_milestone t LEFT JOIN projects_project p ON p.id "
    "= t.project AND p.deleted_at IS NULL WHERE t.id = $1 AND t.deleted_at IS NULL",
    1};
constexpr Statement insertion{"insertion",
                              "INSERT INTO projects_milestone AS t (id, project, name, due_on, position) "
                              "VALUES (gen_random_uuid(), $1, $2, $3, "
                              "(SELECT coalesce(max(position), 0) + 1 FROM projects_milestone WHERE project "
                              "= $1 AND deleted_at IS NULL)) RETURNING " MILESTONE,
                              3};
constexpr Statement account{
    "account", "SELECT u.id, u.password FROM bench_account u WHERE lower(u.username) = lower($1)", 1};
constexpr Statement session{
    "session", "INSERT INTO bench_session (id, account, token) VALUES (gen_random_uuid(), $1, $2)", 2};
constexpr Statement statements[] = {single, page, expanded, insertion, account, session};

struct Close {
    void operator()(PGconn* connection) const { PQfinish(connection); }
    void operator()(PGresult* result) const { PQclear(result); }
};
using Connection = std::unique_ptr<PGconn, Close>;
using Rows = std::unique_ptr<PGresult, Close>;

Connection connect() {
    Connection connection(PQconnectdb(database_url.c_str()));
    // One plan a statement: PostgreSQL would else plan some at every execution, as its statistics happen to
    // fall.
    for (const char* setting :
         {"SET timezone = 'UTC'", "SET jit = off", "SET plan_cache_mode = force_generic_plan"})
        Rows(PQexec(connection.get(), setting));
    for (const Statement& one : statements) {
        const Rows prepared(PQprepare(connection.get(), one.name, one.sql, one.parameters, nullptr));
        if (PQresultStatus(prepared.get()) == PGRES_COMMAND_OK) continue;
        std::fprintf(stderr, "%s: %s", one.name, PQerrorMessage(connection.get()));
        std::exit(1);
    }
    return connection;
}

Rows run(const Statement& statement, const std::vector<const char*>& values) {
    thread_local const Connection connection = connect();
    return Rows(PQexecPrepared(connection.get(), statement.name, static_cast<int>(values.size()),
                               values.data(), nullptr, nullptr, 0));
}

// --- JSON
// ----------------------------------------------------------------------------------------------------------------

enum class Form { text, plain, truth, instant, number };
struct Member {
    const char* key;
    Form form;
};
constexpr Member milestone[] = {
    {"{\"id\":", Form::plain},
    {",\"project\":", Form::plain},
    {",\"name\":", Form::text},
    {",\"description\":", Form::text},
    {",\"acceptance\":", Form::text},
    {",\"reward\":", Form::text},
    {",\"due_on\":", Form::plain},
    {",\"owner\":", Form::plain},
    {",\"position\":", Form::number},
    {",\"shared_with_client\":", Form::truth},
    {",\"completed_at\":", Form::instant},
    {",\"completed_by\":", Form::plain},
    {",\"signed_off_at\":", Form::instant},
    {",\"signed_off_by\":", Form::plain},
    {",\"is_overdue\":", Form::truth},
    {",\"created_at\":", Form::instant},
    {",\"updated_at\":", Form::instant},
    {",\"version\":", Form::number},
    {",\"deleted_at\":", Form::instant},
};
constexpr int milestone_columns = 19;
constexpr Member brief_project[] = {{"{\"id\":", Form::plain},
                                    {",\"code\":", Form::text},
                                    {",\"name\":", Form::text},
                                    {",\"status\":", Form::plain}};

void append_text(std::string& out, std::string_view text) {
    out += '"';
    for (const char letter : text) {
        const auto code = static_cast<unsigned char>(letter);
        if (letter == '"' || letter == '\\') {
            out += '\\';
            out += letter;
        } else if (letter == '\n') {
            out += "\\n";
        } else if (code < 0x20) {
            char escape[8];
            std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(code));
            out += escape;
        } else {
            out += letter;
        }
    }
    out += '"';
}

// "2026-02-03 10:00:00.5+00" becomes "2026-02-03T10:00:00.5Z".
void append_instant(std::string& out, std::string_view text) {
    out += '"';
    out.append(text.substr(0, 10)).append("T").append(text.substr(11, text.size() - 14)).append("Z\"");
}

void append_member(std::string& out, const Member& member, const PGresult* rows, int row, int column) {
    out += member.key;
    if (PQgetisnull(rows, row, column)) {
        out += "null";
        return;
    }
    const std::string_view text(PQgetvalue(rows, row, column),
                                static_cast<std::size_t>(PQgetlength(rows, row, column)));
    switch (member.form) {
        case Form::text:
            return append_text(out, text);
        case Form::plain:
            out.append("\"").append(text).append("\"");
            return;
        case Form::truth:
            out += text == "t" ? "true" : "false";
            return;
        case Form::instant:
            return append_instant(out, text);
        case Form::number:
            out += text;
    }
}

void append_milestone(std::string& out, const PGresult* rows, int row, bool with_project = false) {
    for (int column = 0; column < milestone_columns; ++column) {
        if (column == 1 && with_project) {
            out += milestone[column].key;
            for (int at = 0; at < 4; ++at)
                append_member(out, brief_project[at], rows, row, milestone_columns + at);
            out += '}';
        } else {
            append_member(out, milestone[column], rows, row, column);
        }
    }
    out += '}';
}

// --- the answers
// ---------------------------------------------------------------------------------------------------------

struct Answer {
    unsigned status = 200;
    std::string body{};
};

constexpr std::string_view milestones = "/api/v1/milestones";

Answer one_row(const std::string& id, bool with_project) {
    const Rows rows = run(with_project ? expanded : single, {id.c_str()});
    if (PQntuples(rows.get()) == 0) return {404};
    Answer answer;
    append_milestone(answer.body, rows.get(), 0, with_project);
    return answer;
}

Answer list(std::string_view query) {
    const std::size_t at = query.find("project=");
    if (at == std::string_view::npos) return {400};
    const std::string project(query.substr(at + 8, 36));
    const Rows rows = run(page, {project.c_str()});
    const int found = PQntuples(rows.get());
    Answer answer;
    answer.body = "{\"count\":";
    answer.body += found ? PQgetvalue(rows.get(), 0, milestone_columns) : "0";
    answer.body += ",\"next\":";
    if (found > 25)
        answer.body.append("\"").append(milestones).append("?").append(query).append("&page=2\"");
    else
        answer.body += "null";
    answer.body += ",\"previous\":null,\"results\":[";
    for (int row = 0; row < found && row < 25; ++row) {
        if (row) answer.body += ',';
        append_milestone(answer.body, rows.get(), row);
    }
    answer.body += "]}";
    return answer;
}

Answer create(const std::string& body) {
    const boost::json::value json = boost::json::parse(body);
    const auto text = [&](const char* key) { return std::string(json.at(key).as_string().c_str()); };
    const std::string project = text("project"), name = text("name"), due_on = text("due_on");
    const Rows rows = run(insertion, {project.c_str(), name.c_str(), due_on.c_str()});
    if (PQntuples(rows.get()) == 0) return {422};
    Answer answer{201};
    append_milestone(answer.body, rows.get(), 0);
    return answer;
}

// The password check costs what it costs in tamiti: the stored hash carries its parameters.
Answer log_in(const std::string& body) {
    const boost::json::value json = boost::json::parse(body);
    const std::string username(json.at("username").as_string()), password(json.at("password").as_string());
    const Rows found = run(account, {username.c_str()});
    if (PQntuples(found.get()) == 0) return {401};
    if (crypto_pwhash_str_verify(PQgetvalue(found.get(), 0, 1), password.data(), password.size()) != 0)
        return {401};
    unsigned char random[32];
    char token[65];
    randombytes_buf(random, sizeof random);
    sodium_bin2hex(token, sizeof token, random, sizeof random);
    run(session, {PQgetvalue(found.get(), 0, 0), token});
    return {200, "{\"access\":\"" + std::string(token) + "\",\"refresh\":\"" + std::string(token) + "\"}"};
}

Answer answer_to(const http::request<http::string_body>& request) {
    const std::string_view target(request.target().data(), request.target().size());
    if (request.method() == http::verb::post) {
        if (target == milestones) return create(request.body());
        if (target == "/api/v1/auth/token") return log_in(request.body());
    } else if (target.starts_with(milestones)) {
        const std::string_view rest = target.substr(milestones.size());
        if (rest.starts_with('?')) return list(rest.substr(1));
        if (rest.size() >= 37)
            return one_row(std::string(rest.substr(1, 36)), rest.substr(37) == "?expand=project");
    }
    return {404};
}

// --- connections
// ---------------------------------------------------------------------------------------------------------

class Session : public std::enable_shared_from_this<Session> {
public:
    explicit Session(tcp::socket socket) : stream_(std::move(socket)) {}

    void read() {
        request_ = {};
        http::async_read(stream_, buffer_, request_,
                         [self = shared_from_this()](beast::error_code error, std::size_t) {
                             if (!error) self->write();
                         });
    }

private:
    void write() {
        Answer answer = answer_to(request_);
        response_ = {static_cast<http::status>(answer.status), request_.version(), std::move(answer.body)};
        response_.set(http::field::content_type, "application/json");
        response_.keep_alive(request_.keep_alive());
        response_.prepare_payload();
        http::async_write(stream_, response_,
                          [self = shared_from_this()](beast::error_code error, std::size_t) {
                              if (!error && self->response_.keep_alive()) self->read();
                          });
    }

    beast::tcp_stream stream_;
    beast::flat_buffer buffer_{};
    http::request<http::string_body> request_{};
    http::response<http::string_body> response_{};
};

void accept(tcp::acceptor& acceptor, asio::io_context& context) {
    acceptor.async_accept(asio::make_strand(context), [&](beast::error_code error, tcp::socket socket) {
        if (error) return;
        socket.set_option(tcp::no_delay(true));
        std::make_shared<Session>(std::move(socket))->read();
        accept(acceptor, context);
    });
}

}  // namespace

int main(int count, char** arguments) {
    if (count == 2 && std::string_view(arguments[1]) == "sql") {
        for (const Statement& one : statements) std::printf("%s\t%s\n", one.name, one.sql);
        return 0;
    }
    if (count != 3 || sodium_init() < 0) {
        std::fprintf(stderr, "usage: bench_reference PORT DATABASE_URL\n");
        return 2;
    }
    database_url = arguments[2];
    const int threads = 4 * static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    asio::io_context context(threads);
    tcp::acceptor acceptor(
        context, {asio::ip::make_address("127.0.0.1"), static_cast<unsigned short>(std::atoi(arguments[1]))});
    accept(acceptor, context);
    asio::signal_set signals(context, SIGINT, SIGTERM);
    signals.async_wait([&](beast::error_code, int) { context.stop(); });
    std::vector<std::thread> pool;
    for (int i = 1; i < threads; ++i) pool.emplace_back([&] { context.run(); });
    context.run();
    for (std::thread& thread : pool) thread.join();
    return 0;
}
