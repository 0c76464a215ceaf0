#include "core/telemetry/sentry.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "core/base/json.hpp"
#include "core/base/log.hpp"
#include "core/base/text.hpp"
#include "core/base/time.hpp"
#include "core/base/uuid.hpp"
#include "core/telemetry/metrics.hpp"

namespace tamiti::telemetry {
namespace {

constexpr std::size_t most_waiting = 100;
constexpr std::chrono::seconds farewell{2};
constexpr const char* client_name = "tamiti/1.0";

std::string new_event_id() {
    std::string id = Uuid::make().text();
    id.erase(std::remove(id.begin(), id.end(), '-'), id.end());
    return id;
}

/// Answers are read and forgotten.
std::size_t discard(char*, std::size_t size, std::size_t count, void*) {
    return size * count;
}

/// One connection to Sentry, kept between reports. Used by one thread.
class Sender {
public:
    explicit Sender(SentryTarget target) : target_(std::move(target)), curl_(curl_easy_init()) {
        if (!curl_) throw std::runtime_error("The client for Sentry can't be made.");
        const std::string auth =
            "X-Sentry-Auth: Sentry sentry_version=7, sentry_client=" + std::string(client_name) +
            ", sentry_key=" + target_.public_key;
        headers_.reset(curl_slist_append(headers_.release(), auth.c_str()));
        headers_.reset(curl_slist_append(headers_.release(), "Content-Type: application/x-sentry-envelope"));
        headers_.reset(curl_slist_append(headers_.release(), "Expect:"));
        CURL* const curl = curl_.get();
        curl_easy_setopt(curl, CURLOPT_URL, target_.envelope_url.c_str());
        curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers_.get());
        curl_easy_setopt(curl, CURLOPT_USERAGENT, client_name);
        curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, 3L);
        curl_easy_setopt(curl, CURLOPT_TIMEOUT, 10L);
        curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
        curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
        curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, discard);
        curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
        curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, abort_when_told);
        curl_easy_setopt(curl, CURLOPT_XFERINFODATA, this);
    }

    /// Sends one envelope; a failure is logged and the report is lost. Returns how long Sentry wants to be
    /// left alone.
    std::chrono::seconds send(const std::string& envelope) {
        CURL* const curl = curl_.get();
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(envelope.size()));
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, envelope.c_str());
        const CURLcode result = curl_easy_perform(curl);
        long status = 0;
        curl_off_t wait = 0;
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
        curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &wait);
        if (result != CURLE_OK) log::info("sentry_unreachable", {{"error", curl_easy_strerror(result)}});
        if (result == CURLE_OK && status / 100 != 2)
            log::info("sentry_refused", {{"status", static_cast<int>(status)}});
        if (status != 429) return std::chrono::seconds{0};
        return std::chrono::seconds{std::clamp<curl_off_t>(wait == 0 ? 60 : wait, 1, 3600)};
    }

    /// Makes the transfer that runs, and all later ones, fail at once.
    void abort() { aborted_ = true; }

private:
    static int abort_when_told(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
        return static_cast<Sender*>(self)->aborted_ ? 1 : 0;
    }

    struct Cleanup {
        void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
        void operator()(curl_slist* list) const { curl_slist_free_all(list); }
    };
    SentryTarget target_;
    std::unique_ptr<CURL, Cleanup> curl_;
    std::unique_ptr<curl_slist, Cleanup> headers_{};
    std::atomic<bool> aborted_{false};
};

/// The queue and the thread that empties it.
class Reporter {
public:
    Reporter(SentryTarget target, std::string release, std::string environment)
        : sender_(std::move(target)), release_(std::move(release)), environment_(std::move(environment)) {
        thread_ = std::thread([this] { run(); });
    }

    ~Reporter() {
        {
            std::unique_lock lock(mutex_);
            stopping_ = true;
            wake_.notify_all();
            if (!emptied_.wait_for(lock, farewell, [&] { return finished_; })) {
                waiting_.clear();
                sender_.abort();
            }
        }
        thread_.join();
    }

    void push(std::string envelope) {
        const std::lock_guard lock(mutex_);
        if (waiting_.size() >= most_waiting) {
            set_gauge("tamiti_sentry_dropped", static_cast<double>(++dropped_));
            return;
        }
        waiting_.push_back(std::move(envelope));
        wake_.notify_one();
    }

    const std::string& release() const { return release_; }
    const std::string& environment() const { return environment_; }

private:
    void run() {
        std::unique_lock lock(mutex_);
        while (true) {
            wake_.wait(lock, [&] { return stopping_ || !waiting_.empty(); });
            if (waiting_.empty()) break;
            const std::string envelope = std::move(waiting_.front());
            waiting_.pop_front();
            lock.unlock();
            const auto pause = sender_.send(envelope);
            lock.lock();
            if (pause.count() > 0) wake_.wait_for(lock, pause, [&] { return stopping_; });
            if (pause.count() > 0 && stopping_) break;
        }
        finished_ = true;
        emptied_.notify_all();
    }

    Sender sender_;
    const std::string release_;
    const std::string environment_;
    std::mutex mutex_{};
    std::condition_variable wake_{};
    std::condition_variable emptied_{};
    std::deque<std::string> waiting_{};
    std::uint64_t dropped_ = 0;
    bool stopping_ = false;
    bool finished_ = false;
    std::thread thread_{};
};

std::mutex reporter_mutex;
std::shared_ptr<Reporter> reporter;

std::shared_ptr<Reporter> current_reporter() {
    const std::lock_guard lock(reporter_mutex);
    return reporter;
}

using Tags = std::vector<std::pair<std::string, std::string>>;

void write_tags(json::Writer& writer, const std::string& request_id, const Tags& tags) {
    writer.begin_object();
    writer.key("request_id");
    writer.string(request_id);
    for (const auto& [name, value] : tags) {
        writer.string(name);
        writer.buffer() += ':';
        std::string quoted;
        json::append_string(quoted, value);
        writer.buffer() += quoted;
    }
    writer.end_object();
}

/// An envelope of one event: three lines of JSON, each ending where the next begins.
std::string make_envelope(const Reporter& to, const std::string& message, const std::string& request_id,
                          const Tags& tags) {
    const std::string id = new_event_id();
    const std::string now = format(Clock{}.now());
    std::string event;
    json::Writer writer(event);
    writer.begin_object();
    const auto member = [&](const char* name, std::string_view value) {
        writer.key(name);
        writer.string(value);
    };
    member("event_id", id);
    member("timestamp", now);
    member("platform", "native");
    member("level", "error");
    member("release", to.release());
    member("environment", to.environment());
    writer.key("message");
    writer.begin_object();
    member("formatted", message);
    writer.end_object();
    writer.key("tags");
    write_tags(writer, request_id, tags);
    writer.end_object();
    return "{\"event_id\":\"" + id + "\",\"sent_at\":\"" + now +
           "\"}\n{\"type\":\"event\",\"length\":" + std::to_string(event.size()) + "}\n" + event + "\n";
}

}  // namespace

SentryTarget parse_dsn(std::string_view dsn) {
    const auto refuse = [] {
        throw std::invalid_argument("SENTRY_DSN must be an address such as https://key@host/project.");
    };
    const std::size_t scheme_end = dsn.find("://");
    const std::string_view scheme = dsn.substr(0, scheme_end);
    if (scheme_end == dsn.npos || (scheme != "https" && scheme != "http")) refuse();
    const std::string_view rest = dsn.substr(scheme_end + 3);
    const std::size_t at = rest.find('@');
    const std::size_t slash = rest.rfind('/');
    if (at == rest.npos || slash == rest.npos || slash < at) refuse();
    const std::string_view key =
        rest.substr(0, std::min(at, rest.find(':')));  // an old DSN has a secret behind a colon
    const std::string_view project = rest.substr(slash + 1);
    const std::string_view base = rest.substr(at + 1, slash - at - 1);  // host, port and perhaps a path
    const auto is_plain = [](std::string_view text) {
        return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                   c == '_';
        });
    };
    const std::string origin = normalise_url(std::string(scheme) + "://" + std::string(base));
    if (!is_plain(key) || !is_plain(project) || origin.empty()) refuse();
    return {origin + "/api/" + std::string(project) + "/envelope/", std::string(key)};
}

void start(const std::string& dsn, const std::string& release, const std::string& environment) {
    if (dsn.empty()) return;
    static const CURLcode prepared = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (prepared != CURLE_OK) throw std::runtime_error("The client for Sentry can't be made.");
    auto started = std::make_shared<Reporter>(parse_dsn(dsn), release, environment);
    stop();
    const std::lock_guard lock(reporter_mutex);
    reporter = std::move(started);
}

void report(const std::string& message, const std::string& request_id, const Tags& tags) {
    if (const auto to = current_reporter()) to->push(make_envelope(*to, message, request_id, tags));
}

void stop() {
    std::shared_ptr<Reporter> last;
    const std::lock_guard lock(reporter_mutex);
    last = std::move(reporter);
}

}  // namespace tamiti::telemetry
