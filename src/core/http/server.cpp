#include "core/http/server.hpp"

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <condition_variable>
#include <limits>
#include <optional>
#include <random>
#include <stdexcept>
#include <thread>

#include "core/http/connection.hpp"

namespace tamiti::http {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds accept_pause{
    100};  ///< after a failed accept: out of descriptors or memory, so let some go
constexpr milliseconds stand_in_pause{10};
constexpr milliseconds last_words{500};  ///< for connections that were cut at the end of the drain
constexpr Fault too_many{503, "http.too_many_connections",
                         "Too many connections are open; please try again in a moment."};

unsigned threads_of(const ServerSettings& settings) {
    return settings.threads > 0 ? settings.threads : 4 * std::max(1U, std::thread::hardware_concurrency());
}

AskerSeeds random_seeds() {
    std::random_device source;
    const auto seed = [&] { return std::uint64_t{source()} << 32 | source(); };
    return {.address = seed(), .credentials = seed(), .person = seed()};
}

/// Ends the wait of a connection for its client, so that its memory is free for others.
bool cut_for_others(Connection& connection) {
    return connection.cut(std::numeric_limits<std::int64_t>::max(), false, false);
}

Shared make_shared_state(ServerSettings settings, Serve serve, Server::Refused refused, Screener screener) {
    const std::size_t threads = threads_of(settings);
    const std::size_t in_flight = settings.max_in_flight > 0 ? settings.max_in_flight : 32 * threads;
    const HeadLimits limits{settings.max_target, settings.max_headers, settings.max_head};
    Proxies proxies(settings.trusted_proxies);
    const std::size_t memory = settings.memory;
    return Shared{std::move(settings),
                  limits,
                  std::move(serve),
                  std::move(screener),
                  std::move(refused),
                  std::move(proxies),
                  random_seeds(),
                  Gate(std::min(threads, in_flight), in_flight),
                  Budget(memory, cut_for_others)};
}

AddressBytes bytes_of(const asio::ip::address& address) {
    if (address.is_v6()) return address.to_v6().to_bytes();
    return asio::ip::make_address_v6(asio::ip::v4_mapped, address.to_v4()).to_bytes();
}

/// How often deadlines are looked at: an eighth of the shortest patience, so that tests with short ones stay
/// exact.
milliseconds sweep_pause(const ServerSettings& s) {
    const auto shortest =
        std::min({s.head_timeout, s.body_grace, s.keep_alive, s.write_timeout, s.queue_timeout});
    return std::clamp(shortest / 8, milliseconds(5), milliseconds(250));
}

}  // namespace

class Server::Core {
public:
    Core(ServerSettings settings, Serve serve, Refused refused, Screener screener)
        : shared_(make_shared_state(std::move(settings), std::move(serve), std::move(refused),
                                    std::move(screener))) {}
    ~Core() { stop(); }

    void start();
    void stop();
    void wait();
    unsigned short port() const { return port_; }

private:
    void listen();
    void accept();
    void admit(tcp::socket socket);
    void turn_away(tcp::socket socket, const AddressBytes& peer);
    void sweep_later();
    void run();
    void stand_in();
    void drain();

    Shared shared_;
    Connections connections_{};
    asio::executor_work_guard<asio::io_context::executor_type> work_{shared_.io.get_executor()};
    asio::strand<asio::io_context::executor_type> strand_{asio::make_strand(shared_.io)};
    tcp::acceptor acceptor_{strand_};
    asio::steady_timer sweep_timer_{strand_};
    asio::steady_timer accept_timer_{strand_};
    std::vector<std::thread> threads_{};
    unsigned short port_ = 0;

    std::mutex mutex_{};
    std::condition_variable changed_{};
    enum class State { made, running, stopping, stopped } state_ = State::made;
};

void Server::Core::listen() {
    const auto& settings = shared_.settings;
    const std::string where = "port " + std::to_string(settings.port) + " of " + settings.address;
    error_code error;
    const auto address = asio::ip::make_address(settings.address, error);
    if (error)
        throw std::runtime_error("The address to listen on, \"" + settings.address +
                                 "\", is not an IP address.");
    const tcp::endpoint endpoint(address, settings.port);
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (error == asio::error::address_in_use)
        throw std::runtime_error("Another program already listens on " + where +
                                 "; stop it or choose another port.");
    if (error) throw std::runtime_error("Can't listen on " + where + ": " + error.message() + ".");
    port_ = acceptor_.local_endpoint().port();
}

void Server::Core::start() {
    listen();
    asio::post(strand_, [this] {
        accept();
        sweep_later();
    });
    const std::lock_guard lock(mutex_);
    state_ = State::running;
    for (unsigned i = 0; i < threads_of(shared_.settings); ++i) threads_.emplace_back([this] { run(); });
    threads_.emplace_back([this] { stand_in(); });
}

/// Goes on reading and refusing while all others serve. It looks from time to time: a thread that waited
/// beside the others would be woken for most requests, which costs more than many of them.
void Server::Core::stand_in() {
    while (!shared_.io.stopped()) {
        std::this_thread::sleep_for(stand_in_pause);
        try {
            shared_.io.poll();
        } catch (...) {
            continue;
        }
    }
}

/// Nothing that escapes a step may end the thread, let alone the process.
void Server::Core::run() {
    while (true) {
        try {
            shared_.io.run();
            return;
        } catch (...) {
            continue;
        }
    }
}

void Server::Core::accept() {
    acceptor_.async_accept(shared_.io, [this](const error_code& error, tcp::socket socket) {
        if (!acceptor_.is_open()) return;
        if (error) {
            accept_timer_.expires_after(accept_pause);
            return accept_timer_.async_wait([this](const error_code&) {
                if (acceptor_.is_open()) accept();
            });
        }
        try {
            admit(std::move(socket));
        } catch (...) {  // out of memory: this client is lost, the next may have more luck
        }
        accept();
    });
}

void Server::Core::admit(tcp::socket socket) {
    error_code error;
    const auto remote = socket.remote_endpoint(error);
    if (error) return;
    const AddressBytes peer = bytes_of(remote.address());
    if (Connection* connection = connections_.add(shared_, socket, peer))
        connection->start();
    else
        turn_away(std::move(socket), peer);
}

void Server::Core::turn_away(tcp::socket socket, const AddressBytes& peer) {
    std::string id;
    make_request_id(id);
    const std::string address = format_address(peer);
    if (shared_.refused)
        shared_.refused({too_many.status, too_many.code, too_many.sentence, {}, {}, address, id});
    const Response response = problem_response(too_many, id);
    std::string bytes;
    write_head(response, {.id = id, .close = true}, bytes);
    bytes += response.body;
    error_code ignored;
    socket.non_blocking(true, ignored);
    socket.write_some(asio::buffer(bytes), ignored);
    socket.shutdown(tcp::socket::shutdown_send, ignored);
}

void Server::Core::sweep_later() {
    sweep_timer_.expires_after(sweep_pause(shared_.settings));
    sweep_timer_.async_wait([this](const error_code& error) {
        if (error) return;
        connections_.sweep(false, false);
        const auto limit = Gate::Clock::now() - shared_.settings.queue_timeout;
        while (Connection* late = shared_.gate.expire(limit)) late->turn_refused();
        sweep_later();
    });
}

/// Idle connections close at once; requests in flight get `drain` to finish, then they are cut.
void Server::Core::drain() {
    const auto until = std::chrono::steady_clock::now() + shared_.settings.drain;
    const auto wait_for_last = [&](std::chrono::steady_clock::time_point limit, bool forced) {
        while (connections_.count() > 0 && std::chrono::steady_clock::now() < limit) {
            connections_.sweep(true, forced);
            std::this_thread::sleep_for(milliseconds(5));
        }
    };
    wait_for_last(until, false);
    wait_for_last(std::chrono::steady_clock::now() + last_words, true);
}

void Server::Core::stop() {
    {
        std::unique_lock lock(mutex_);
        if (state_ == State::made) state_ = State::stopped;
        if (state_ == State::stopping) changed_.wait(lock, [this] { return state_ == State::stopped; });
        if (state_ == State::stopped) return;
        state_ = State::stopping;
    }
    shared_.stopping = true;
    asio::post(strand_, [this] {
        error_code ignored;
        acceptor_.close(ignored);
        accept_timer_.cancel();
    });
    drain();
    work_.reset();
    shared_.io.stop();
    for (auto& thread : threads_) thread.join();
    connections_.clear();
    const std::lock_guard lock(mutex_);
    state_ = State::stopped;
    changed_.notify_all();
}

void Server::Core::wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return state_ == State::made || state_ == State::stopped; });
}

Server::Server(ServerSettings settings, Serve serve, Refused refused, Screener screener)
    : core_(std::make_unique<Core>(std::move(settings), std::move(serve), std::move(refused),
                                   std::move(screener))) {}
Server::~Server() = default;

void Server::start() {
    core_->start();
}
unsigned short Server::port() const {
    return core_->port();
}
void Server::stop() {
    core_->stop();
}
void Server::wait() {
    core_->wait();
}

}  // namespace tamiti::http
