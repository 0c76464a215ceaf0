#include "core/base/json.hpp"

#include <boost/json.hpp>
#include <boost/json/basic_parser_impl.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>

#include "core/base/problem.hpp"
#include "core/base/text.hpp"

namespace tamiti::json {
namespace {

constexpr std::size_t depth_limit = 32;
constexpr std::size_t members_limit = 10'000;  // a bound on the work that colliding keys can cause
constexpr std::size_t significant_digits_limit = 17;

/// The significant digits of a number as written: no sign, point, exponent, leading or trailing zeros.
std::size_t count_significant_digits(std::string_view number) {
    std::size_t digits = 0;
    std::size_t zeros = 0;
    for (const char c : number.substr(0, number.find_first_of("eE"))) {
        if (c == '0') {
            ++zeros;
        } else if (c > '0' && c <= '9') {
            digits += (digits == 0 ? 0 : zeros) + 1;
            zeros = 0;
        }
    }
    return digits;
}

/// Builds the value while the parser runs. An object's member exists as soon as its key is read, so a second
/// one of that name is noticed where it stands.
class Builder {
public:
    using error_code = boost::json::error_code;
    static constexpr std::size_t max_object_size = members_limit;
    static constexpr std::size_t max_array_size = boost::json::array::max_size();
    static constexpr std::size_t max_key_size = boost::json::string::max_size();
    static constexpr std::size_t max_string_size = boost::json::string::max_size();

    value root{};
    std::string fault{};  ///< what this class refused, as the end of a sentence

    bool on_document_begin(error_code&) { return true; }
    bool on_document_end(error_code&) { return true; }

    bool on_object_begin(error_code&) {
        value& placed = place();
        placed.emplace_object();
        return open(placed);
    }
    bool on_object_end(std::size_t, error_code&) { return close(); }
    bool on_array_begin(error_code&) {
        value& placed = place();
        placed.emplace_array();
        return open(placed);
    }
    bool on_array_end(std::size_t, error_code&) { return close(); }

    bool on_key_part(std::string_view part, std::size_t, error_code&) {
        pending_ += part;
        return true;
    }
    bool on_key(std::string_view last, std::size_t, error_code& error) {
        const std::string_view key = complete(last);
        if (key.find('\0') != key.npos) return refuse(error, "a key contains NUL (\\u0000)");
        const auto [member, inserted] = containers_[depth_ - 1]->get_object().emplace(key, nullptr);
        if (!inserted) return refuse(error, "the key " + shown(key) + " appears twice in one object");
        member_ = &member->value();
        pending_.clear();
        return true;
    }

    bool on_string_part(std::string_view part, std::size_t, error_code&) {
        pending_ += part;
        return true;
    }
    bool on_string(std::string_view last, std::size_t, error_code& error) {
        const std::string_view text = complete(last);
        if (text.find('\0') != text.npos) return refuse(error, "a string contains NUL (\\u0000)");
        place().emplace_string().assign(text);
        pending_.clear();
        return true;
    }

    bool on_number_part(std::string_view part, error_code&) {
        pending_ += part;
        return true;
    }
    bool on_int64(std::int64_t number, std::string_view, error_code&) {
        place() = number;
        pending_.clear();
        return true;
    }
    bool on_uint64(std::uint64_t number, std::string_view, error_code&) {
        place() = number;
        pending_.clear();
        return true;
    }
    bool on_double(double, std::string_view last, error_code& error) {
        const std::string_view text = complete(last);
        if (text.find_first_of(".eE") == text.npos) {
            return refuse(error, "a whole number doesn't fit in 64 bits; send it as a string");
        }
        if (count_significant_digits(text) > significant_digits_limit) {
            return refuse(error, "a number has more than 17 significant digits; send it as a string");
        }
        // The parser's own conversion may be off in the last digit; this one is exact.
        double number = 0;
        const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (status != std::errc{} || end != text.data() + text.size() || !std::isfinite(number)) {
            return refuse(error, "a number is too large or too small; send it as a string");
        }
        place() = number;
        pending_.clear();
        return true;
    }

    bool on_bool(bool truth, error_code&) {
        place() = truth;
        return true;
    }
    bool on_null(error_code&) {
        place() = nullptr;
        return true;
    }
    bool on_comment_part(std::string_view, error_code&) { return true; }
    bool on_comment(std::string_view, error_code&) { return true; }

private:
    /// Where the value that was just read belongs.
    value& place() {
        if (depth_ == 0) return root;
        value& container = *containers_[depth_ - 1];
        return container.is_array() ? container.get_array().emplace_back(nullptr) : *member_;
    }
    bool open(value& container) {
        containers_[depth_++] = &container;
        return true;
    }
    bool close() {
        --depth_;
        return true;
    }
    /// The whole text of which `last` is the end; a piece in one part isn't copied.
    std::string_view complete(std::string_view last) {
        return pending_.empty() ? last : std::string_view(pending_ += last);
    }
    bool refuse(error_code& error, std::string why) {
        fault = std::move(why);
        error = boost::json::error::syntax;
        return false;
    }
    /// A key as a message may show it.
    static std::string shown(std::string_view key) {
        std::string out;
        append_string(out, key.size() <= 60 ? key : std::string_view("…"));
        return out;
    }

    std::array<value*, depth_limit + 1>
        containers_{};  // stable: a container doesn't change while one inside is open
    std::size_t depth_ = 0;
    value* member_ = nullptr;
    std::string pending_{};
};

/// What the parser refused, as the end of a sentence. `at` is where it stopped.
std::string explain(const boost::json::error_code& error, std::string_view text, std::size_t at) {
    using Fault = boost::json::error;
    if (error == Fault::incomplete) return "it ends before the value is complete";
    if (error == Fault::extra_data) return "something follows the value";
    if (error == Fault::too_deep) return "it is nested more than 32 levels deep";
    if (error == Fault::object_too_large) return "an object has more than 10,000 members";
    if (error == Fault::exponent_overflow) return "a number is too large or too small; send it as a string";
    if (error == Fault::expected_hex_digit) return "a \\u escape needs four hexadecimal digits";
    if (error == Fault::illegal_leading_surrogate || error == Fault::illegal_trailing_surrogate ||
        error == Fault::expected_utf16_escape) {
        return "a \\u escape is half of a surrogate pair";
    }
    if (at >= text.size()) return "it ends before the value is complete";
    if (static_cast<unsigned char>(text[at]) < 0x20) return "a control character must be escaped in a string";
    if (static_cast<unsigned char>(text[at]) > 0x7e) return "a character is not expected here";
    return std::string("the character ") + text[at] + " is not expected here";
}

[[noreturn]] void refuse(std::string_view text, std::size_t at, const std::string& why) {
    const std::string_view before = text.substr(0, std::min(at, text.size()));
    const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    const std::size_t column = 1 + count_characters(before.substr(line_start));
    throw Malformed("http.malformed_json", "The JSON can't be read: " + why + " (line " +
                                               std::to_string(line) + ", column " + std::to_string(column) +
                                               ").");
}

}  // namespace

value parse(std::string_view text) {
    if (text.starts_with("\xEF\xBB\xBF")) refuse(text, 0, "it starts with a byte order mark");
    if (!is_utf8(text))
        throw Malformed("http.malformed_json", "The JSON can't be read: it isn't valid UTF-8.");
    boost::json::parse_options options;
    options.max_depth = depth_limit;
    boost::json::basic_parser<Builder> parser(options);
    boost::json::error_code error;
    std::size_t read = parser.write_some(false, text.data(), text.size(), error);
    if (!error) {
        read = std::min(text.find_first_not_of(" \t\r\n", read), text.size());
        if (read < text.size()) error = boost::json::error::extra_data;
    }
    Builder& builder = parser.handler();
    if (error) refuse(text, read, builder.fault.empty() ? explain(error, text, read) : builder.fault);
    return std::move(builder.root);
}

}  // namespace tamiti::json
