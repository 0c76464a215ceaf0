#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <string>
#include <string_view>

/// Strict JSON in and fast JSON out.
namespace tamiti::json {

using boost::json::array;
using boost::json::object;
using boost::json::value;

/// Reads one JSON text (RFC 8259), at most 32 levels deep. Refused with a Problem (400 "http.malformed_json")
/// that says where and why: duplicate keys in an object, numbers that overflow to infinity or lose digits as
/// whole numbers beyond 64 bits, invalid UTF-8, NUL in a string, lone surrogates, a byte order mark, anything
/// after the text.
value parse(std::string_view text);

/// Appends a JSON string with its quotes; control characters are escaped.
void append_string(std::string& out, std::string_view text);

/// Appends a value in compact form, members in their order.
void append(std::string& out, const value& json);

std::string text_of(const value& json);

/// Writes objects and arrays straight into a buffer and sets the commas itself.
class Writer {
public:
    explicit Writer(std::string& out) : out_(out) {}

    void begin_object();
    void end_object();
    void begin_array();
    void end_array();
    void key(std::string_view name);  ///< name must need no escapes
    void string(std::string_view text);
    void raw(std::string_view json);  ///< a value that is JSON already
    void integer(std::int64_t number);
    void boolean(bool value);
    void null();

    std::string& buffer() { return out_; }

private:
    void separate();
    std::string& out_;
    bool need_comma_ = false;
};

}  // namespace tamiti::json
