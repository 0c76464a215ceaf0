#include <atomic>
#include <chrono>
#include <thread>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <libpq-fe.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/db/connection.hpp"
#include "core/db/error.hpp"
#include "tests/support/database.hpp"

namespace tamiti::db {
namespace {

/// A wire between one client and PostgreSQL that can go silent without closing, as when a machine or a
/// firewall dies.
class Wire {
public:
    explicit Wire(int server) : server_(server), listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
            ::listen(listener_, 1) != 0 ||
            ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
            throw std::runtime_error("no port on the loopback interface");
        }
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this] { carry(); });
    }
    ~Wire() {
        ended_ = true;
        thread_.join();
        ::close(listener_);
    }

    int port() const { return port_; }
    void go_silent() { silent_ = true; }

private:
    static bool pass(int from, int to) {
        char bytes[4096];
        const auto count = ::read(from, bytes, sizeof bytes);
        return count > 0 && ::send(to, bytes, static_cast<std::size_t>(count), MSG_NOSIGNAL) == count;
    }

    void carry() {
        const int client = ::accept(listener_, nullptr, nullptr);
        pollfd ends[] = {{client, POLLIN, 0}, {server_, POLLIN, 0}};
        bool works = true;
        while (!ended_ && works) {
            ::poll(ends, 2, 20);
            if (silent_) continue;
            if (ends[0].revents != 0) works = pass(client, server_);
            if (ends[1].revents != 0) works = works && pass(server_, client);
        }
        ::close(client);
    }

    int server_;
    int listener_;
    int port_ = 0;
    std::atomic<bool> silent_ = false;
    std::atomic<bool> ended_ = false;
    std::thread thread_{};
};

TEST(ASilentServer, HoldsNoThreadMuchLongerThanTheStatementsLimit) {
    const test::TestDatabase database(test::TestDatabase::Kind::empty);
    // A raw connection to the server's socket: libpq starts one and is given the other end of the wire to
    // finish with.
    pg_conn* begun = PQconnectStart(database.owner_url().c_str());
    ASSERT_GE(PQsocket(begun), 0);
    const std::string user = PQuser(begun);
    {
        Wire wire(PQsocket(begun));
        Connection session({.url = "host=127.0.0.1 sslmode=disable gssencmode=disable user=" + user +
                                   " dbname=" + database.name() + " port=" + std::to_string(wire.port()),
                            .statement_timeout_ms = 100});
        EXPECT_EQ(session.run("SELECT 1")[0].integer(0), 1);
        wire.go_silent();
        const auto start = std::chrono::steady_clock::now();
        try {
            session.run("SELECT 1");
            FAIL() << "it was answered";
        } catch (const Error& error) {
            EXPECT_EQ(error.sqlstate, "08006");
        }
        EXPECT_FALSE(session.is_open());
        const auto waited = std::chrono::steady_clock::now() - start;
        EXPECT_GT(waited, std::chrono::milliseconds(1000)) << "shorter than a busy server may need";
        EXPECT_LT(waited, std::chrono::milliseconds(4000));
    }
    PQfinish(begun);
}

}  // namespace
}  // namespace tamiti::db
