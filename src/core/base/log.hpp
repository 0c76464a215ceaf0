#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

/// JSON logs, one line an event. Values are escaped, so a value can't forge a line.
namespace tamiti::log {

enum class Level : std::uint8_t { debug, info, warning, error };

/// One named value of an event.
struct Value {
    std::string_view name;
    std::variant<std::string_view, std::int64_t, double, bool> value;

    Value(std::string_view n, std::string_view v) : name(n), value(v) {}
    Value(std::string_view n, const char* v) : name(n), value(std::string_view(v)) {}
    Value(std::string_view n, const std::string& v) : name(n), value(std::string_view(v)) {}
    Value(std::string_view n, std::int64_t v) : name(n), value(v) {}
    Value(std::string_view n, int v) : name(n), value(static_cast<std::int64_t>(v)) {}
    Value(std::string_view n, double v) : name(n), value(v) {}
    Value(std::string_view n, bool v) : name(n), value(v) {}
};

/// Sets the least level that is written ("debug", "info", "warning", "error") and where to: standard output.
void start(std::string_view level);

/// Writes everything that is buffered; call before the process ends.
void flush();

/// One event: {"at", "level", "event", …values}.
void write(Level level, std::string_view event, std::initializer_list<Value> values = {});

inline void info(std::string_view event, std::initializer_list<Value> values = {}) {
    write(Level::info, event, values);
}
inline void warning(std::string_view event, std::initializer_list<Value> values = {}) {
    write(Level::warning, event, values);
}
inline void error(std::string_view event, std::initializer_list<Value> values = {}) {
    write(Level::error, event, values);
}

}  // namespace tamiti::log
