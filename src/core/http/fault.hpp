#pragma once

#include <string_view>

/// Why the server itself refuses a message, before any app sees it.
namespace tamiti::http {

/// A refusal as data: all of it static text, so it can be passed about freely. A default one means "nothing
/// wrong".
struct Fault {
    int status = 0;
    std::string_view code{};      ///< "http.malformed_head"; on the wire "/problems/http.malformed_head"
    std::string_view sentence{};  ///< what the client reads

    explicit operator bool() const { return status != 0; }
};

/// How far an incremental reader came with the bytes it was given.
enum class Step { more, done, refused };

}  // namespace tamiti::http
