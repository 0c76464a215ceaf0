#include "core/base/log.hpp"

#include <poll.h>
#include <pthread.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/base_sink.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "core/base/json.hpp"
#include "core/base/text.hpp"
#include "core/base/time.hpp"

namespace tamiti::log {
namespace {

constexpr std::size_t longest_value = 8192;  // bytes of one value; the rest is cut off

/// Collects whole lines and hands them to standard output in few calls.
class BufferedOutput : public spdlog::sinks::base_sink<std::mutex> {
protected:
    void sink_it_(const spdlog::details::log_msg& message) override {
        buffer_.append(message.payload.data(), message.payload.size());
        buffer_ += '\n';
        if (buffer_.size() >= full) flush_();
    }

    void flush_() override {
        std::size_t written = 0;
        while (written < buffer_.size()) {
            const ssize_t count = ::write(STDOUT_FILENO, buffer_.data() + written, buffer_.size() - written);
            if (count < 0 && (errno == EINTR || (errno == EAGAIN && wait_for_reader()))) continue;
            if (count <= 0) break;  // nobody reads the log, or the disk is full: serving goes on without it
            written += static_cast<std::size_t>(count);
        }
        buffer_.clear();
    }

private:
    static bool wait_for_reader() {
        pollfd descriptor{STDOUT_FILENO, POLLOUT, 0};
        return ::poll(&descriptor, 1, 1000) > 0;
    }

    static constexpr std::size_t full = 64 * 1024;
    std::string buffer_{};
};

/// The process's one log. It is never destroyed, so that anything may log until the very end.
struct Output {
    spdlog::logger logger{"tamiti", std::make_shared<BufferedOutput>()};
    std::atomic<Level> least{Level::info};
    std::atomic<bool> flushed_by_timer{false};
    std::once_flag timer_started{};

    Output() {
        logger.set_level(spdlog::level::trace);
        std::atexit([] { flush(); });
    }
};

Output& output() {
    static Output* const instance = new Output;
    return *instance;
}

void append_escaped_point(std::string& out, unsigned point) {
    constexpr char digits[] = "0123456789abcdef";
    out += {'\\',
            'u',
            digits[point >> 12 & 15],
            digits[point >> 8 & 15],
            digits[point >> 4 & 15],
            digits[point & 15]};
}

/// Control characters beyond ASCII and bidirectional overrides move the cursor or deceive the eye in a
/// terminal too.
bool is_hidden(unsigned point) {
    return (point >= 0x7F && point < 0xA0) || (point >= 0x202A && point <= 0x202E) ||
           (point >= 0x2066 && point <= 0x2069);
}

/// A string that may hold any bytes: what isn't UTF-8 becomes U+FFFD.
void append_unclean_string(std::string& out, std::string_view text) {
    out += '"';
    while (!text.empty()) {
        std::size_t length = 1;
        while (length < 4 && length < text.size() &&
               (static_cast<unsigned char>(text[length]) & 0xC0) == 0x80)
            ++length;
        std::string_view character = text.substr(0, length);
        if (!is_utf8(character)) {
            length = 1;
            out += "\\ufffd";
        } else {
            unsigned point = static_cast<unsigned char>(text[0]);
            if (length > 1) point &= 0x7FU >> length;
            for (std::size_t i = 1; i < length; ++i)
                point = point << 6 | (static_cast<unsigned char>(text[i]) & 0x3FU);
            if (is_hidden(point)) {
                append_escaped_point(out, point);
            } else {
                std::string quoted;
                json::append_string(quoted, character);
                out.append(quoted, 1, quoted.size() - 2);
            }
        }
        text.remove_prefix(length);
    }
    out += '"';
}

void append_text(std::string& out, std::string_view text) {
    const bool cut = text.size() > longest_value;
    text = text.substr(0, longest_value);
    const auto is_plain = [](char c) { return static_cast<unsigned char>(c) < 0x7F; };
    if (std::all_of(text.begin(), text.end(), is_plain)) {
        json::append_string(out, text);
    } else {
        append_unclean_string(out, text);
    }
    if (cut) out.insert(out.size() - 1, "…");
}

void append_value(std::string& out, const std::variant<std::string_view, std::int64_t, double, bool>& value) {
    if (const auto* text = std::get_if<std::string_view>(&value)) return append_text(out, *text);
    std::array<char, 32> digits{};
    char* end = digits.data();
    if (const auto* truth = std::get_if<bool>(&value)) {
        out += *truth ? "true" : "false";
    } else if (const auto* whole = std::get_if<std::int64_t>(&value)) {
        end = std::to_chars(digits.data(), digits.data() + digits.size(), *whole).ptr;
    } else if (const double number = std::get<double>(value); std::isfinite(number)) {
        end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    } else {
        out += "null";
    }
    out.append(digits.data(), end);
}

std::string_view name_of(Level level) {
    constexpr std::array<std::string_view, 4> names = {"debug", "info", "warning", "error"};
    return names[static_cast<std::size_t>(level)];
}

/// Flushes once a second for as long as the process runs. The thread takes no signals: one that asks the
/// process to stop must find whoever waits for it, not end the process here.
void start_timer() {
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    std::thread timer([] {
        while (true) {
            std::this_thread::sleep_for(std::chrono::seconds{1});
            output().logger.flush();
        }
    });
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    pthread_setname_np(timer.native_handle(), "log");
    timer.detach();
    output().flushed_by_timer = true;
}

}  // namespace

void start(std::string_view level) {
    for (const Level known : {Level::debug, Level::info, Level::warning, Level::error}) {
        if (name_of(known) != level) continue;
        output().least = known;
        std::call_once(output().timer_started, start_timer);
        return;
    }
    throw std::invalid_argument("The log level must be debug, info, warning or error.");
}

void flush() {
    output().logger.flush();
}

void write(Level level, std::string_view event, std::initializer_list<Value> values) {
    Output& to = output();
    if (level < to.least.load(std::memory_order_relaxed)) return;
    std::string line;
    line.reserve(512);
    line += "{\"at\":\"";
    line += format(Clock{}.now());
    line += "\",\"level\":\"";
    line += name_of(level);
    line += "\",\"event\":";
    append_text(line, event);
    for (const Value& value : values) {
        line += ',';
        append_text(line, value.name);
        line += ':';
        append_value(line, value.value);
    }
    line += '}';
    to.logger.log(spdlog::level::info, spdlog::string_view_t(line.data(), line.size()));
    if (level >= Level::warning || !to.flushed_by_timer.load(std::memory_order_relaxed)) to.logger.flush();
}

}  // namespace tamiti::log
