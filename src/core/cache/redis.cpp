#include "core/cache/redis.hpp"

#include <hiredis/hiredis.h>
#include <sodium.h>
#include <sys/time.h>

#include <algorithm>
#include <csignal>

#include "core/base/log.hpp"
#include "core/base/settings.hpp"
#include "core/base/text.hpp"
#include "core/site/site.hpp"
#include "core/telemetry/metrics.hpp"

namespace tamiti {
namespace {

timeval interval(std::chrono::milliseconds time) {
    return {.tv_sec = time.count() / 1000, .tv_usec = time.count() % 1000 * 1000};
}

std::string hash(const std::string& key, std::string_view bytes) {
    std::string digest(crypto_generichash_BYTES_MIN, '\0');
    crypto_generichash(reinterpret_cast<unsigned char*>(digest.data()), digest.size(),
                       reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                       reinterpret_cast<const unsigned char*>(key.data()), key.size());
    return digest;
}

// "tamiti" of postgresql://host/tamiti?host=…: two sites with one secret, as in tests, must not meet.
std::string_view database_of(std::string_view url) {
    const std::size_t scheme = url.find("://");
    if (scheme == url.npos) return url;
    std::string_view rest = url.substr(scheme + 3);
    rest = rest.substr(0, rest.find('?'));
    const std::size_t slash = rest.find('/');
    return slash == rest.npos ? std::string_view() : rest.substr(slash + 1);
}

// hiredis 0.14 writes with write(), which ends a program that doesn't ignore SIGPIPE.
void ignore_broken_pipes() {
    struct sigaction present {};
    if (sigaction(SIGPIPE, nullptr, &present) == 0 && present.sa_handler == SIG_DFL)
        std::signal(SIGPIPE, SIG_IGN);
}

RedisReply read(const redisReply& from) {
    RedisReply reply;
    switch (from.type) {
        case REDIS_REPLY_INTEGER:
            reply.kind = RedisReply::Kind::integer;
            reply.integer = from.integer;
            break;
        case REDIS_REPLY_STRING:
        case REDIS_REPLY_STATUS:
            reply.kind = RedisReply::Kind::text;
            reply.text.assign(from.str, from.len);
            break;
        case REDIS_REPLY_ERROR:
            reply.kind = RedisReply::Kind::error;
            reply.text.assign(from.str, from.len);
            break;
        case REDIS_REPLY_ARRAY:
            reply.kind = RedisReply::Kind::list;
            for (std::size_t i = 0; i < from.elements; ++i) reply.list.push_back(read(*from.element[i]));
            break;
        default:
            break;
    }
    return reply;
}

bool is_error(const RedisReply& reply, std::string_view start) {
    return reply.kind == RedisReply::Kind::error && reply.text.starts_with(start);
}

}  // namespace

void Redis::Close::operator()(redisContext* context) const {
    redisFree(context);
}

Redis::Redis(const Site& site)
    : prefix_("tamiti:" +
              hex(hash(site.key("redis prefix"), database_of(site.settings->database_url)).substr(0, 6)) +
              ":"),
      hash_key_(site.key("redis names")) {
    if (site.settings->redis_url.empty()) return;
    address_ = parse_redis_url(site.settings->redis_url);
    if (!address_) log::error("redis_url", {{"error", "REDIS_URL is not of a form that is known."}});
    ignore_broken_pipes();
}

Redis::~Redis() = default;

std::string Redis::key(std::string_view kind, const std::vector<std::string_view>& parts) const {
    std::string framed;
    for (const std::string_view part : parts)
        framed.append(std::to_string(part.size())).append(":").append(part);
    return prefix_ + std::string(kind) + ":" + hex(hash(hash_key_, framed));
}

std::optional<RedisReply> Redis::command(const std::vector<std::string_view>& words) {
    if (!address_ || !may_ask()) return std::nullopt;
    const auto began = Steady::now();
    // A kept connection may have died with the Redis at its other end; that shows at once and deserves a new
    // one. Whoever waited for an answer in vain doesn't wait again.
    if (Connection kept = take_kept()) {
        if (auto reply = ask(kept.get(), words)) {
            keep(std::move(kept));
            return reply;
        }
        const std::string fault = kept->errstr;
        if (Steady::now() - began >= command_timeout) {
            failed(fault, began);
            return std::nullopt;
        }
    }
    std::string fault;
    Connection fresh = connect(fault);
    if (!fresh) {
        failed(fault, began);
        return std::nullopt;
    }
    auto reply = ask(fresh.get(), words);
    // While it loads its data, or is out of memory, it is as good as away.
    if (!reply || is_error(*reply, "LOADING") || is_error(*reply, "NOAUTH")) {
        failed(reply ? reply->text : fresh->errstr, began);
        return std::nullopt;
    }
    keep(std::move(fresh));
    return reply;
}

std::optional<RedisReply> Redis::run(RedisScript& script, const std::vector<std::string>& keys,
                                     const std::vector<std::string>& arguments) {
    std::string hash;
    {
        const std::lock_guard lock(script.mutex_);
        hash = script.hash_;
    }
    if (hash.empty()) {
        const auto loaded = command({"SCRIPT", "LOAD", script.source_});
        if (!loaded || loaded->kind != RedisReply::Kind::text) return loaded;
        hash = loaded->text;
        const std::lock_guard lock(script.mutex_);
        script.hash_ = hash;
    }
    const std::string count = std::to_string(keys.size());
    std::vector<std::string_view> words = {"EVALSHA", hash, count};
    words.insert(words.end(), keys.begin(), keys.end());
    words.insert(words.end(), arguments.begin(), arguments.end());
    auto reply = command(words);
    if (!reply || !is_error(*reply, "NOSCRIPT")) return reply;
    words[0] = "EVAL";
    words[1] = script.source_;
    return command(words);
}

bool Redis::may_ask() {
    auto until = asleep_until_.load(std::memory_order_relaxed);
    if (until == Steady::duration::zero()) return true;
    const auto now = Steady::now().time_since_epoch();
    if (now < until) return false;
    // One asks whether it is back; the others go on without.
    return asleep_until_.compare_exchange_strong(until, now + pause);
}

Redis::Connection Redis::take_kept() {
    const std::lock_guard lock(mutex_);
    if (kept_.empty()) return nullptr;
    Connection connection = std::move(kept_.back());
    kept_.pop_back();
    return connection;
}

void Redis::keep(Connection connection) {
    const bool was_away = asleep_until_.load(std::memory_order_relaxed) != Steady::duration::zero();
    if (was_away && asleep_until_.exchange(Steady::duration::zero()) != Steady::duration::zero()) {
        log::info("redis_back", {{"address", address_->text()}});
        telemetry::set_gauge("tamiti_redis_up", 1);
    }
    const std::lock_guard lock(mutex_);
    if (kept_.size() < most_kept) kept_.push_back(std::move(connection));
}

void Redis::failed(const std::string& fault, Steady::time_point began) {
    const auto now = Steady::now();
    // Looking up a name has no time-out of its own: where that is what takes long, ask all the less often.
    const auto rest = std::max<Steady::duration>(pause, 20 * (now - began) - 20 * 2 * command_timeout);
    asleep_until_.store((now + rest).time_since_epoch());
    {
        const std::lock_guard lock(mutex_);
        kept_.clear();
    }
    telemetry::set_gauge("tamiti_redis_up", 0);
    auto logged = logged_at_.load();
    const bool due = logged == Steady::duration::min() || now.time_since_epoch() - logged >= pause;
    if (due && logged_at_.compare_exchange_strong(logged, now.time_since_epoch()))
        log::warning("redis_away", {{"address", address_->text()}, {"error", fault}});
}

Redis::Connection Redis::connect(std::string& fault) const {
    const timeval limit = interval(connect_timeout);
    Connection connection(address_->socket.empty()
                              ? redisConnectWithTimeout(address_->host.c_str(), address_->port, limit)
                              : redisConnectUnixWithTimeout(address_->socket.c_str(), limit));
    if (!connection || connection->err != 0) {
        fault = connection ? connection->errstr : "out of memory";
        return nullptr;
    }
    redisSetTimeout(connection.get(), interval(command_timeout));
    std::vector<std::vector<std::string_view>> greetings;
    if (!address_->user.empty()) {
        greetings.push_back({"AUTH", address_->user, address_->password});
    } else if (!address_->password.empty()) {
        greetings.push_back({"AUTH", address_->password});
    }
    const std::string database = std::to_string(address_->database);
    if (address_->database != 0) greetings.push_back({"SELECT", database});
    for (const auto& words : greetings) {
        const auto reply = ask(connection.get(), words);
        if (reply && reply->kind != RedisReply::Kind::error) continue;
        fault = reply ? reply->text : connection->errstr;
        return nullptr;
    }
    return connection;
}

std::optional<RedisReply> Redis::ask(redisContext* connection, const std::vector<std::string_view>& words) {
    std::vector<const char*> starts;
    std::vector<std::size_t> lengths;
    for (const std::string_view word : words) {
        starts.push_back(word.data());
        lengths.push_back(word.size());
    }
    const std::unique_ptr<void, decltype(&freeReplyObject)> raw(
        redisCommandArgv(connection, static_cast<int>(words.size()), starts.data(), lengths.data()),
        freeReplyObject);
    if (!raw) return std::nullopt;
    return read(*static_cast<const redisReply*>(raw.get()));
}

}  // namespace tamiti
