#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/http/chunked.hpp"
#include "core/http/compression.hpp"
#include "core/http/gate.hpp"
#include "core/http/head.hpp"
#include "core/http/proxies.hpp"
#include "core/http/server.hpp"
#include "core/http/wire.hpp"

namespace tamiti::http {

class Connections;

/// What all connections of a server share.
struct Shared {
    ServerSettings settings;
    HeadLimits limits;
    Serve serve;
    Server::Refused refused;
    Proxies proxies;
    Gate gate;
    std::atomic<bool> stopping{false};
    boost::asio::io_context io{};
};

/// When a connection's patience ends. One word that the connection sets and the sweep reads, so a request
/// costs two stores and no timer.
class Deadline {
public:
    /// What the sweep does when the time has come: end the reading (the connection wakes and decides), or
    /// both directions.
    enum class Kind : std::uint8_t { idle, reading, writing, none };

    /// False when the sweep had already fired: the connection must treat itself as timed out.
    bool set(Kind kind, std::chrono::milliseconds patience);

    /// For the sweep: fires when it is due, or when `idle_too` and the connection is idle. The kind that
    /// fired, or none.
    Kind fire(std::int64_t now, bool idle_too);

    static std::int64_t now();  ///< milliseconds of the coarse monotonic clock

private:
    static constexpr std::int64_t fired = -1;
    std::atomic<std::int64_t> word_{static_cast<std::int64_t>(Kind::none)};  ///< milliseconds * 4 + kind
};

/// One client. A single chain of asynchronous steps owns it: whichever thread runs the step may touch
/// everything, and the chain ends by close(), which destroys it.
class Connection {
public:
    Connection(Shared& shared, Connections& all, boost::asio::ip::tcp::socket socket,
               const AddressBytes& peer);

    void start();  ///< begins the chain
    bool turn();  ///< the gate says that this request may be served; false where that can't be, and it closed
    void turn_refused();                                     ///< the request waited too long for a thread
    void cut(std::int64_t now, bool stopping, bool forced);  ///< for the sweep, under the lock of Connections

private:
    enum class Phase : std::uint8_t { idle, head, body, serving, writing, lingering };

    // reading
    void read();
    void on_read(std::size_t count, bool failed);
    void read_head();
    void begin_request();
    Fault check_request() const;
    void identify();
    void begin_body();
    void invite_body();
    void read_body();
    void make_body_room();
    void credit_body(std::size_t fresh);
    bool take_length_body(std::size_t fresh);
    bool take_chunked_body();
    void timed_out();
    // answering
    void admit();
    void serve();
    void refuse(const Fault& fault, bool close);
    void respond();
    bool may_compress() const;
    void write_rest();
    void credit_write(std::size_t count);
    void after_part();
    // streams (connection_stream.cpp)
    void begin_stream(const Framing& framing);
    void next_part();
    void write_part();
    void abort();
    void after_write();
    void forget();
    void linger();
    void close();
    template <class Step>
    void guarded(Step step);

    bool arm(Phase phase);
    std::string_view unread() const { return {in_.data() + begin_, end_ - begin_}; }
    void make_room();

    Shared& shared_;
    Connections& all_;
    boost::asio::ip::tcp::socket socket_;
    AddressBytes peer_;
    bool trusted_peer_ = false;
    Phase phase_ = Phase::head;
    Deadline deadline_{};

    std::vector<char>
        in_{};  ///< begin_ to end_ is unread; the head in parse stays where it is until it is answered
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    Head head_{};
    Fault fault_{};
    ChunkedDecoder chunks_{0};
    std::string body_{};                    ///< of a request whose body did not come with its head
    std::size_t message_end_ = 0;           ///< in in_, where the next message begins
    std::chrono::milliseconds body_due_{};  ///< on the clock of Deadline
    unsigned served_ = 0;
    Request request_{};

    Response response_{};
    std::string out_{};
    bool send_body_ = true;
    bool closing_ = false;
    std::size_t written_ = 0;
    std::chrono::milliseconds write_due_{};  ///< on the clock of Deadline
    bool streaming_ = false;                 ///< more parts follow what is in out_
    std::unique_ptr<GzipStream> packer_{};   ///< of a stream that is compressed
    std::size_t lingered_ = 0;

    friend class Connections;
    std::list<std::unique_ptr<Connection>>::iterator place_{};
};

/// All open connections of a server.
class Connections {
public:
    /// Null when there are too many, all in all or from this address (0: no cap).
    Connection* add(Shared& shared, boost::asio::ip::tcp::socket& socket, const AddressBytes& peer);
    void remove(Connection& connection);
    std::size_t count() const;

    /// Fires what is due. `stopping`: idle ones are due now; `forced`: all are.
    void sweep(bool stopping, bool forced);
    void clear();

private:
    mutable std::mutex mutex_{};
    std::list<std::unique_ptr<Connection>> open_{};
    std::map<AddressBytes, std::size_t> per_address_{};
};

}  // namespace tamiti::http
