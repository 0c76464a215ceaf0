#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Handing mails to an SMTP server (RFC 5321), by libcurl.
namespace tamiti::mail {

/// Where and how.
struct SmtpServer {
    std::string url;                     ///< smtp:// or smtps://, with user and password where it wants them
    std::string greeting = "localhost";  ///< what this host calls itself
    std::chrono::milliseconds connect_timeout{5'000};
    std::chrono::milliseconds timeout{30'000};  ///< of everything
};

/// How a delivery ended.
struct Delivery {
    enum class Outcome : std::uint8_t {
        sent,     ///< the server took it over
        refused,  ///< for good (5xx to this sender, recipient or message)
        later,    ///< not now (4xx), not reached, not signed in, or nobody knows: send it again
    };
    Outcome outcome = Outcome::later;
    std::string answer{};     ///< the server's last words, or what went wrong; one line, no secrets
    bool is_unknown = false;  ///< the server had the whole message and didn't say whether it took it
};

/// Delivers one message to one recipient. STARTTLS is used where the server offers it, and demanded before a
/// password travels to another host. Never throws for what a server does.
Delivery deliver(const SmtpServer& server, const std::string& from, const std::string& to,
                 const std::string& message);

/// Connects, greets and signs in; nothing where that went well, else a sentence.
std::optional<std::string> smtp_fault(const SmtpServer& server);

}  // namespace tamiti::mail
