#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/http/intake.hpp"
#include "core/http/message.hpp"

/// The listening end of HTTP/1.1: sockets, limits, time-outs and framing. What a request means is the Serve
/// callback's.
namespace tamiti::http {

/// A request that the server itself answered, for the log and the metrics. Views live during the callback
/// only.
struct Refusal {
    int status = 400;
    std::string_view code;      ///< "http.malformed_head"; the problem type is "/problems/" + code
    std::string_view sentence;  ///< what the client was told
    std::string_view method;    ///< as far as it was understood, else empty
    std::string_view target;    ///< as far as it was understood, else empty
    std::string_view client_address;
    std::string_view id;  ///< request id, also in the answer
};

/// How one Server listens and what it allows. The defaults are those of production.
struct ServerSettings {
    std::string address = "127.0.0.1";
    unsigned short port = 8000;  ///< 0 lets the system choose; see Server::port
    unsigned threads = 0;        ///< 0 means four per core
    std::chrono::milliseconds head_timeout{10'000};
    std::chrono::milliseconds body_grace{5'000};   ///< after this a body must arrive at body_rate or faster
    std::size_t body_rate = 1024;                  ///< bytes per second
    std::chrono::milliseconds keep_alive{60'000};  ///< an idle connection is closed after this
    unsigned keep_alive_requests = 1000;           ///< requests that one connection may carry
    std::chrono::milliseconds write_timeout{
        30'000};                    ///< after this a client must read at write_rate or faster
    std::size_t write_rate = 1024;  ///< bytes per second
    std::size_t max_target = 8 * 1024;
    std::size_t max_headers = 100;
    std::size_t max_head = 16 * 1024;
    std::size_t max_body = 1024 * 1024;
    std::size_t intake_disk = 1 << 30;  ///< bytes of bodies that go to files; a quarter of it for one asker
    std::chrono::milliseconds intake_time{std::chrono::minutes(15)};  ///< in which such a body is there
    std::size_t screen_from = 16 * 1024;  ///< bytes of body beyond which its head is looked at before
    std::size_t memory = 64 << 20;        ///< bytes that slow clients may make the server hold together
    std::size_t max_connections = 10'000;
    std::size_t max_connections_per_address = 0;  ///< 0 means no cap; a configured proxy is never capped
    std::size_t max_in_flight =
        0;  ///< requests served and waiting their turn; 0 means 32 per thread; beyond it 503
    std::chrono::milliseconds queue_timeout{
        5'000};  ///< a request that waited this long for a thread is answered 503
    std::vector<std::string> trusted_proxies{};  ///< addresses or CIDR blocks, "10.0.0.0/8"
    std::chrono::milliseconds drain{30'000};     ///< how long stop() lets requests finish
    std::size_t compress_from = 1024;            ///< bytes of body from which compression pays
};

/// An HTTP/1.1 server. Every request is served synchronously on the thread that read it; the callback may
/// block.
class Server {
public:
    using Refused = std::function<void(const Refusal&)>;

    /// Serve must not throw; a throw is answered 500. `refused` hears of every answer the server made by
    /// itself. `screener` is asked before a long body is read; without it all are read, into memory.
    Server(ServerSettings settings, Serve serve, Refused refused = {}, Screener screener = {});
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// Binds, listens and starts the threads. Throws std::runtime_error with a sentence when the port can't
    /// be had.
    void start();

    /// The bound port, known after start().
    unsigned short port() const;

    /// Stops accepting, closes idle connections and lets requests in flight finish, at most `drain` long.
    /// Safe to call twice and from any thread except one that serves.
    void stop();

    /// Returns when the server has stopped.
    void wait();

private:
    class Core;
    std::unique_ptr<Core> core_;
};

}  // namespace tamiti::http
