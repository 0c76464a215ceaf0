#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/nameless_file.hpp"

/// The two ends of a request, free of sockets: what the server hands to the pipeline and what it gets back.
namespace tamiti::http {

enum class Method : std::uint8_t { get, head, post, put, patch, delete_, options };

/// The method's name on the wire, such as "GET".
std::string_view name_of(Method method);

struct Header {
    std::string_view name;   ///< as received; compare with equals_ignoring_case
    std::string_view value;  ///< without surrounding blanks
};

/// A body that went to a file, which is gone with the request, and with the process.
struct BodyFile {
    NamelessFile bytes{};
    std::int64_t size = 0;
    std::string sha256{};  ///< 64 hexadecimal digits
};

/// One complete request. Views point into the connection's buffer and live until the response is sent.
struct Request {
    Method method = Method::get;
    std::string_view path;   ///< raw path of the target, "/api/v1/projects", still percent-encoded
    std::string_view query;  ///< raw query without "?", may be empty
    std::string_view host;   ///< Host as sent, checked for form
    std::vector<Header> headers{};
    std::string_view body;
    std::shared_ptr<const BodyFile> file{};  ///< instead of `body`, where that goes to a file
    std::string client_address{};            ///< the peer, or the hop that a configured proxy vouches for
    std::string id{};     ///< request id, 32 lower-case hex digits, also in the response and the log
    bool secure = false;  ///< arrived over TLS at a configured proxy (X-Forwarded-Proto)

    /// The value of the only header of that name; empty when absent. Names compare without case (RFC
    /// 9110 5.1).
    std::string_view header(std::string_view name) const;

    /// Whether there are several headers of that name. Where the absence of a header is a privilege they are
    /// a reason to refuse.
    bool repeats(std::string_view name) const;
};

/// An answer. The server adds Date, Content-Length, Connection, X-Request-Id and compresses when the client
/// may have it.
struct Response {
    int status = 200;
    std::string content_type = "application/json";
    std::string body{};
    std::vector<std::pair<std::string, std::string>> headers{};
    bool close = false;   ///< end the connection after this answer
    std::string asker{};  ///< who asked, where that is known: their requests share places, whatever they send

    /// Makes a body of unknown length while it is sent: appends the next part and says whether more follows.
    /// Called on whichever server thread sends, never on two at once; destroyed when the client is gone. What
    /// it throws ends the connection before the body's end, so that nobody takes a part for the whole.
    std::function<bool(std::string& part)> produce{};

    void set(std::string name, std::string value) { headers.emplace_back(std::move(name), std::move(value)); }
};

/// Answers one request; called on a server thread and may block on the database. Must not throw.
using Serve = std::function<Response(const Request&)>;

/// What is said to a request with a long body, or one that goes to a file, when no more than its head is
/// there.
struct Screening {
    std::optional<Response> refusal{};  ///< the answer, instead of reading on
    std::string asker{};                ///< as in Response
    std::size_t most_of_file = 0;       ///< bytes that the body may have, where it goes to a file
};

/// Who settles by the head of a request whether its body is read. Neither may throw.
struct Screener {
    /// Whether the body goes to a file, by method and path.
    std::function<bool(const Request&)> takes_file{};
    /// Looks at the head, on a server thread as Serve.
    std::function<Screening(const Request&)> look{};
};

/// ASCII case-insensitive equality, as header names compare.
bool equals_ignoring_case(std::string_view a, std::string_view b);

}  // namespace tamiti::http
