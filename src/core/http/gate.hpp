#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <mutex>
#include <unordered_map>

namespace tamiti::http {

class Connection;

/// Bounds what is in flight: some requests are served, some more wait in line for a short while, the rest is
/// refused at once. Nobody takes it all: whoever's requests take long has a quarter of the places at most,
/// whoever is new here half of them, whoever's are quick all but one while others ask; and nobody fills more
/// than a quarter of the line, from which the askers are served in turn.
class Gate {
public:
    using Clock = std::chrono::steady_clock;
    using Asker =
        std::uint64_t;  ///< who asks: a person, or somebody of whom no more than the address is known
    enum class Entry { serve, wait, refused };

    /// At most `serving` at once and `in_flight` with those in line.
    Gate(std::size_t serving, std::size_t in_flight);

    /// With `wait` the connection is in line until somebody's leave() gives it its turn or expire() takes it
    /// out.
    Entry enter(Connection* connection, Asker asker, Clock::time_point now);

    /// Ends one serving of that asker's, which took so long (zero where nothing was served). The connection
    /// whose turn it is now, or null.
    Connection* leave(Asker asker, Clock::duration took);

    /// Takes out of the line one connection that stands there since before `limit`; null when there is none.
    Connection* expire(Clock::time_point limit);

    /// Who sends these credentials, where a request with them has told; otherwise `unknown`.
    Asker asker_of(std::uint64_t credentials, Asker unknown) const;

    /// Remembers whose they are.
    void know(std::uint64_t credentials, Asker asker);

private:
    struct Waiting {
        Connection* connection;
        Clock::time_point since;
    };
    struct Share {
        std::size_t serving = 0;
        double mean_ms = 0;      // of the last requests, about twenty of them
        std::size_t served = 0;  // so many it has learnt from
        std::deque<Waiting> line{};
    };
    using Shares = std::unordered_map<Asker, Share>;

    /// When somebody came.
    struct Visit {
        Asker asker = 0;
        Clock::time_point at{};
    };

    std::size_t most_of(Asker asker, const Share& share) const;
    bool may_serve(Asker asker, const Share& share) const { return share.serving < most_of(asker, share); }
    bool others_ask(Asker asker) const;
    Connection* pop(Shares::iterator share);
    Connection* next();
    void forget_idle();

    const std::size_t most_serving_;
    const std::size_t most_waiting_;
    mutable std::mutex mutex_{};
    std::size_t serving_ = 0;
    std::size_t waiting_ = 0;
    Shares shares_{};
    Visit last_{}, last_other_{};  // the latest, and the latest of somebody else
    std::list<Asker> turns_{};     // of those who have somebody in line, the next first
    std::unordered_map<std::uint64_t, Asker> known_{};
};

}  // namespace tamiti::http
