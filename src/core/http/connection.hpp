#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/base/text.hpp"
#include "core/http/budget.hpp"
#include "core/http/chunked.hpp"
#include "core/http/compression.hpp"
#include "core/http/gate.hpp"
#include "core/http/head.hpp"
#include "core/http/intake.hpp"
#include "core/http/proxies.hpp"
#include "core/http/server.hpp"
#include "core/http/wire.hpp"

namespace tamiti::http {

class Connections;

/// What each connection has from its beginning; only what is beyond it counts.
inline constexpr std::size_t first_buffer = 4 * 1024;

/// What a client reads where an app threw, which no app should.
inline constexpr Fault broken{500, "http.internal",
                              "The server failed to answer; the request id leads to the reason."};

/// What hashes of askers are mixed with, each kind with its own: nobody can choose credentials that have the
/// hash of somebody's address.
struct AskerSeeds {
    std::uint64_t address;
    std::uint64_t credentials;
    std::uint64_t person;
};

/// What all connections of a server share.
struct Shared {
    ServerSettings settings;
    HeadLimits limits;
    Serve serve;
    Screener screener;
    Server::Refused refused;
    Proxies proxies;
    AskerSeeds seeds;
    Gate gate;
    Budget budget;
    IntakeRoom intake_room{settings.intake_disk, settings.intake_disk / 4};
    std::string too_large = limit_sentence(settings.max_body);
    std::atomic<bool> stopping{false};
    boost::asio::io_context io{};
};

/// When a connection's patience ends. One word that the connection sets and the sweep reads, so a request
/// costs two stores and no timer.
class Deadline {
public:
    /// What the sweep does when the time has come: end the reading (the connection wakes and decides), or
    /// both directions. Idle and before the end of a head a connection may be let go for another.
    enum class Kind : std::uint8_t { idle, head, reading, writing, none };

    /// False when the sweep had already fired: the connection must treat itself as timed out.
    bool set(Kind kind, std::chrono::milliseconds patience);

    /// For the sweep: fires when it is due, or when `idle_too` and the connection is idle. The kind that
    /// fired, or none.
    Kind fire(std::int64_t now, bool idle_too);

    /// When an idle connection, or one that waits for a head, is due; nothing for the others.
    std::optional<std::int64_t> idle_until() const;

    static std::int64_t now();  ///< milliseconds of the coarse monotonic clock

private:
    static constexpr std::int64_t fired = -1;
    std::atomic<std::int64_t> word_{static_cast<std::int64_t>(Kind::none)};  ///< milliseconds * 8 + kind
};

/// One client. A single chain of asynchronous steps owns it: whichever thread runs the step may touch
/// everything, and the chain ends by close(), which destroys it.
class Connection {
public:
    Connection(Shared& shared, Connections& all, boost::asio::ip::tcp::socket socket,
               const AddressBytes& peer);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    void start();  ///< begins the chain
    bool turn();  ///< the gate says that this request may be served; false where that can't be, and it closed
    void turn_refused();  ///< the request waited too long for a thread
    /// For the sweep, under the lock of Connections, and for the budget, under its own; whether it was due.
    bool cut(std::int64_t now, bool stopping, bool forced);

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
    // bodies that go to a file (connection_intake.cpp)
    void await_file(const Screening& screening);
    void read_file();
    Fault take_into_file(std::string_view arrived, bool& is_whole);
    // before a long body or one that goes to a file, and what the client makes us hold (connection_share.cpp)
    bool needs_screening() const;
    void screen();
    void after_screening();
    std::size_t held() const;
    bool hold();
    // answering
    void admit();
    void enter();
    void know_asker();
    void serve();
    void leave(std::string_view asker, Gate::Clock::duration took);
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
    bool to_file_ = false;                  ///< the body of this request goes to a file
    bool screens_ = false;                  ///< what waits for its turn is the screening
    bool screened_ = false;                 ///< this request may send its body
    std::unique_ptr<IncomingFile> incoming_{};
    std::chrono::milliseconds intake_due_{};  ///< on the clock of Deadline
    unsigned served_ = 0;
    Request request_{};
    std::uint64_t credentials_ = 0;  ///< a hash of those that the request has; 0 without any
    Gate::Asker asker_ = 0;

    Response response_{};
    std::string out_{};
    bool send_body_ = true;
    bool closing_ = false;
    std::size_t written_ = 0;
    std::chrono::milliseconds write_due_{};  ///< on the clock of Deadline
    bool streaming_ = false;                 ///< more parts follow what is in out_
    std::unique_ptr<GzipStream> packer_{};   ///< of a stream that is compressed
    std::size_t lingered_ = 0;
    Budget::Holding holding_{this};
    std::size_t claimed_ = 0;  ///< of the budget, as far as this connection knows

    friend class Connections;
    std::list<std::unique_ptr<Connection>>::iterator place_{};
    bool leaving_ = false;  ///< it was asked to make room, under the lock of Connections
};

/// All open connections of a server.
class Connections {
public:
    /// Where there are too many, the longest idle one of the address that has most goes. Null when none is
    /// idle, or when there are too many from this address (0: no cap).
    Connection* add(Shared& shared, boost::asio::ip::tcp::socket& socket, const AddressBytes& peer);
    void remove(Connection& connection);
    std::size_t count() const;

    /// Fires what is due. `stopping`: idle ones are due now; `forced`: all are.
    void sweep(bool stopping, bool forced);
    void clear();

private:
    bool make_room();

    mutable std::mutex mutex_{};
    std::size_t leaving_ = 0;  ///< of the open ones
    std::list<std::unique_ptr<Connection>> open_{};
    std::map<AddressBytes, std::size_t> per_address_{};
};

}  // namespace tamiti::http
