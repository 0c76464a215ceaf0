#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>

namespace tamiti::test {

/// A raw socket to a server on loopback, for saying exactly the bytes that a test is about.
class Client {
public:
    explicit Client(unsigned short port, const char* from = nullptr)
        : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        if (from != nullptr) {
            inet_pton(AF_INET, from, &address.sin_addr);
            bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address);
        }
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        connected_ = connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
        patience(std::chrono::seconds(10));
    }
    ~Client() { close(socket_); }
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    bool connected() const { return connected_; }

    /// How long it waits for each piece of an answer.
    void patience(std::chrono::microseconds time) {
        const timeval patience{time.count() / 1'000'000, time.count() % 1'000'000};
        setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    }

    void say(std::string_view bytes) {
        while (!bytes.empty()) {
            const auto count = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (count <= 0) return;
            bytes.remove_prefix(static_cast<std::size_t>(count));
        }
    }

    /// One answer: head and body as Content-Length says. What follows it is kept for the next call. Empty at
    /// the end.
    std::string hear(bool bodiless = false) {
        while (heard_.find("\r\n\r\n") == heard_.npos)
            if (!receive()) return std::exchange(heard_, {});
        std::size_t size = heard_.find("\r\n\r\n") + 4;
        const auto length = heard_.find("Content-Length: ");
        if (!bodiless && length < size) size += std::stoul(heard_.substr(length + 16));
        while (heard_.size() < size)
            if (!receive()) return std::exchange(heard_, {});
        const std::string answer = heard_.substr(0, size);
        heard_.erase(0, size);
        return answer;
    }

    /// Reads so many bytes at most and forgets them; false at the end.
    bool sip(std::size_t most) {
        char bytes[65536];
        return recv(socket_, bytes, std::min(most, sizeof bytes), 0) > 0;
    }

    /// Everything until the server closes.
    std::string hear_all() {
        while (receive()) continue;
        return std::exchange(heard_, {});
    }

    /// Whether the server closed without another word.
    bool is_closed() { return heard_.empty() && !receive() && heard_.empty(); }

private:
    bool receive() {
        char bytes[65536];
        const auto count = recv(socket_, bytes, sizeof bytes, 0);
        if (count <= 0) return false;
        heard_.append(bytes, static_cast<std::size_t>(count));
        return true;
    }

    int socket_;
    bool connected_ = false;
    std::string heard_{};
};

}  // namespace tamiti::test
