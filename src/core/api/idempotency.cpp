#include "core/api/idempotency.hpp"

#include <algorithm>
#include <boost/describe/class.hpp>
#include <boost/json.hpp>
#include <charconv>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <set>

#include "core/access/sealed_text.hpp"
#include "core/base/crypto.hpp"
#include "core/base/json.hpp"
#include "core/base/text.hpp"
#include "core/jobs/job.hpp"

namespace tamiti::api {
namespace {

constexpr std::size_t longest_key = 255;
constexpr int forgotten_at_once = 1000;
constexpr std::string_view lock_not_available = "55P03";

/// Appends JSON with the members of objects in the order of their names: the same document in one text.
void append_canonical(std::string& out, const json::value& value) {
    if (const auto* list = value.if_array()) {
        out += '[';
        for (const auto& item : *list) {
            append_canonical(out, item);
            out += ',';
        }
        out += ']';
    } else if (const auto* object = value.if_object()) {
        std::vector<const boost::json::key_value_pair*> members;
        for (const auto& member : *object) members.push_back(&member);
        std::sort(members.begin(), members.end(), [](auto* a, auto* b) { return a->key() < b->key(); });
        out += '{';
        for (const auto* member : members) {
            json::append_string(out, {member->key().data(), member->key().size()});
            out += ':';
            append_canonical(out, member->value());
            out += ',';
        }
        out += '}';
    } else {
        json::append(out, value);
    }
}

std::string canonical(std::string_view body) {
    std::string text;
    append_canonical(text, body.empty() ? json::value(json::object{}) : json::parse(body));
    return text;
}

/// The only Idempotency-Key of the request; nothing where there is none.
std::optional<std::string_view> key_of(const http::Request& request) {
    std::optional<std::string_view> found;
    for (const http::Header& header : request.headers) {
        if (!http::equals_ignoring_case(header.name, "Idempotency-Key")) continue;
        const auto is_printable = [](char c) { return c >= ' ' && c <= '~'; };
        if (found || header.value.empty() || header.value.size() > longest_key ||
            !std::all_of(header.value.begin(), header.value.end(), is_printable))
            throw Malformed("http.bad_idempotency_key",
                            "Idempotency-Key takes one text of 1 to 255 printable ASCII characters.");
        found = header.value;
    }
    return found;
}

// An answer as text: status, type and headers in lines, an empty line, the body.
std::string text_of(const http::Response& response) {
    std::string text = std::to_string(response.status) + "\n" + response.content_type + "\n";
    for (const auto& [name, value] : response.headers) {
        const bool is_lasting = name == "ETag" || name == "Location" || name == "Cache-Control";
        if (is_lasting && value.find('\n') == std::string::npos) text.append(name + ":" + value + "\n");
    }
    return text + "\n" + response.body;
}

http::Response response_of(std::string_view text) {
    const auto line = [&] {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view found = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        return found;
    };
    http::Response response;
    const std::string_view status = line();
    std::from_chars(status.data(), status.data() + status.size(), response.status);
    response.content_type = line();
    for (std::string_view header = line(); !header.empty(); header = line()) {
        const std::size_t colon = std::min(header.find(':'), header.size() - 1);
        response.set(std::string(header.substr(0, colon)), std::string(header.substr(colon + 1)));
    }
    response.body = text;
    return response;
}

constexpr std::string_view purpose = "idempotency";
constexpr std::chrono::milliseconds patience{2000};  // as long as the database waits for locks

struct Kept {
    std::string fingerprint{};
    std::optional<std::string> answer{};
};
BOOST_DESCRIBE_STRUCT(Kept, (), (fingerprint, answer))

/// The keys that requests of this process are being worked on with.
class RunningKeys {
public:
    explicit RunningKeys(const Site&) {}

    /// False where somebody else has it for longer than one waits.
    bool take(const std::string& hash) {
        std::unique_lock lock(mutex_);
        const auto is_free = [&] { return !running_.contains(hash); };
        if (!left_.wait_for(lock, patience, is_free)) return false;
        running_.insert(hash);
        return true;
    }

    void give_back(const std::string& hash) {
        const std::lock_guard lock(mutex_);
        running_.erase(hash);
        left_.notify_all();
    }

private:
    std::mutex mutex_{};
    std::condition_variable left_{};
    std::set<std::string> running_{};
};

Problem request_running() {
    return Problem(409, "http.request_running",
                   "A request with this Idempotency-Key is being worked on. Try again in a moment.")
        .with_header("Retry-After", "1");
}

/// True when this request is the first with its key.
bool insert(Tx& tx, const std::string& hash, const std::string& principal, const std::string& request,
            const std::string& fingerprint) {
    try {
        return tx.execute(
                   Sql{R"(INSERT INTO core_idempotency (hash, principal, request, fingerprint, created_at)
                          VALUES ({}, {}, {}, {}, {}) ON CONFLICT (hash) DO NOTHING)",
                       hash, principal, request, fingerprint, tx.now()}) == 1;
    } catch (const db::Error& error) {
        if (error.sqlstate != lock_not_available) throw;
        throw request_running();
    }
}

}  // namespace

bool heeds_idempotency_key(const Operation& operation) {
    const bool is_safe = operation.method == http::Method::get || operation.method == http::Method::head;
    return !is_safe && !operation.is_for_anyone() && !operation.no_store;
}

std::optional<Claim> Claim::of(const http::Request& request, const Operation& operation, const Actor& who) {
    if (!heeds_idempotency_key(operation)) return std::nullopt;
    const auto key = key_of(request);
    if (!key) return std::nullopt;
    Claim claim;
    claim.principal_ = who.is_anonymous() ? std::string() : who.id.text();
    claim.request_ = std::string(name_of(request.method)) + " " + std::string(request.path);
    std::string asker = who.is_anonymous() ? "address " + request.client_address : claim.principal_;
    // An answer that a session or another token got may hold more than this token may read.
    if (!who.token.is_nil()) asker += " token " + who.token.text();
    claim.hash_ = sha256_hex(asker + "\n" + claim.request_ + "\n" + std::string(*key));
    const std::string content = request.file ? "?" + std::string(request.query) + "\n" + request.file->sha256
                                             : canonical(request.body);
    claim.fingerprint_ = sha256_hex(claim.request_ + "\n" + content);
    return claim;
}

std::shared_ptr<void> Claim::wait_for_turn(Site& site) const {
    RunningKeys& running = site.memory.get<RunningKeys>(site);
    if (!running.take(hash_)) throw request_running();
    return {nullptr, [&running, hash = hash_](void*) { running.give_back(hash); }};
}

bool Claim::was_answered(Tx& tx, http::Response& response) const {
    if (insert(tx, hash_, principal_, request_, fingerprint_)) return false;
    const auto kept =
        tx.find_one<Kept>({"SELECT fingerprint, answer FROM core_idempotency WHERE hash = {}", hash_});
    // The row went between the two statements: its time had come. Whoever tries again is the first.
    if (!kept)
        throw Problem(409, "http.request_running", "This Idempotency-Key has just been forgotten. Try again.")
            .with_header("Retry-After", "1");
    if (kept->fingerprint != fingerprint_)
        throw Problem(
            422, "http.key_reused",
            "This Idempotency-Key was sent before with another body. Give each request its own key.");
    const auto answer = open_text(tx.site(), purpose, hash_, kept->answer.value_or(""));
    if (!answer)
        throw Conflict("http.answer_lost",
                       "This request was done before, but the site's secret has changed since and its answer "
                       "can't be read any more. Look at what it made.");
    response = response_of(answer->text);
    response.set("Idempotent-Replayed", "true");
    return true;
}

void Claim::keep(Tx& tx, const http::Response& response) const {
    tx.send(Sql{"UPDATE core_idempotency SET answer = {} WHERE hash = {}",
                seal_text(tx.site(), purpose, hash_, text_of(response)), hash_});
}

JobResult forget_idempotency_keys(JobRun& run, const ForgetIdempotencyKeys&) {
    for (int forgotten = forgotten_at_once; forgotten == forgotten_at_once && !run.should_stop();) {
        run.transact([&](Tx& tx) {
            forgotten = tx.execute(Sql{R"(DELETE FROM core_idempotency WHERE hash IN (
                           SELECT hash FROM core_idempotency WHERE created_at < {}
                           ORDER BY created_at LIMIT {} FOR UPDATE SKIP LOCKED))",
                                       tx.now() - std::chrono::days(tx.settings().idempotency_days),
                                       forgotten_at_once});
        });
    }
    return done();
}

void forget_idempotency_keys_of(Tx& tx, const Uuid& person) {
    tx.execute(Sql{"DELETE FROM core_idempotency WHERE principal = {}", person.text()});
}

}  // namespace tamiti::api
