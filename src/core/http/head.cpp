#include "core/http/head.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "core/http/characters.hpp"

namespace tamiti::http {
namespace {

constexpr Fault malformed(std::string_view sentence) {
    return {400, "http.malformed_head", sentence};
}
constexpr Fault ambiguous(std::string_view sentence) {
    return {400, "http.ambiguous_length", sentence};
}
constexpr Fault bad_host(std::string_view sentence) {
    return {400, "http.malformed_host", sentence};
}
constexpr Fault bad_target(std::string_view sentence) {
    return {400, "http.malformed_target", sentence};
}

constexpr std::size_t longest_method = 20;
constexpr std::uint64_t huge_length = std::uint64_t{1} << 63;

std::optional<Method> method_of(std::string_view name) {
    for (auto method : {Method::get, Method::post, Method::patch, Method::delete_, Method::put, Method::head,
                        Method::options})
        if (name == name_of(method)) return method;
    return std::nullopt;
}

/// Strips the port that the scheme implies, so that "a" and "a:80" agree for http.
std::string_view without_default_port(std::string_view host, std::string_view port) {
    if (host.size() > port.size() && host.ends_with(port)) host.remove_suffix(port.size());
    return host;
}

/// Calls `see` with each element of a comma-separated list, blanks trimmed.
template <class See>
void each_element(std::string_view list, See see) {
    while (true) {
        const auto comma = list.find(',');
        auto element = list.substr(0, comma);
        while (!element.empty() && (element.front() == ' ' || element.front() == '\t'))
            element.remove_prefix(1);
        while (!element.empty() && (element.back() == ' ' || element.back() == '\t'))
            element.remove_suffix(1);
        see(element);
        if (comma == list.npos) return;
        list.remove_prefix(comma + 1);
    }
}

class HeadReader {
public:
    HeadReader(std::string_view bytes, const HeadLimits& limits, Head& head, Fault& fault)
        : begin_(bytes.data()),
          at_(begin_),
          end_(begin_ + bytes.size()),
          limits_(limits),
          head_(head),
          fault_(fault) {}

    Step read() {
        auto headers = std::move(head_.headers);
        headers.clear();
        head_ = Head{};
        head_.headers = std::move(headers);
        Step step = read_request_line();
        if (step == Step::done) step = read_fields();
        if (step == Step::done) step = conclude();
        if (step == Step::more && static_cast<std::size_t>(end_ - begin_) >= limits_.head) return too_large();
        return step;
    }

private:
    Step refuse(const Fault& fault) {
        fault_ = fault;
        return Step::refused;
    }
    Step too_large() {
        return refuse(
            {431, "http.head_too_large", "The request's headers are larger than this server takes."});
    }

    Step read_request_line();
    Step read_target();
    Step read_version();
    Step read_line_end();
    Step read_fields();
    Step read_field();
    Step note(const Header& header);
    Step note_length(std::string_view value);
    Step split_target();
    Step split_absolute();
    Step split_path(std::string_view rest);
    Step conclude();

    const char* begin_;
    const char* at_;
    const char* end_;
    const HeadLimits& limits_;
    Head& head_;
    Fault& fault_;
    bool host_seen_ = false;
    bool encoding_seen_ = false;
    bool expect_seen_ = false;
    bool tab_after_ = false;  // the value at hand; llhttp refuses it where it decides about framing
    bool close_ = false;
    bool stay_ = false;
    std::string_view authority_{};  // of an absolute-form target
    bool https_ = false;
};

Step HeadReader::read_request_line() {
    const char* start = at_;
    while (at_ != end_ && is(*at_, token_char) && at_ - start <= static_cast<std::ptrdiff_t>(longest_method))
        ++at_;
    head_.method_name = {start, static_cast<std::size_t>(at_ - start)};
    const bool endless = head_.method_name.size() > longest_method;
    if (at_ == end_ && !endless) return Step::more;
    if (head_.method_name.empty()) return refuse(malformed("The request does not begin with a method."));
    if (!endless && *at_ != ' ') return refuse(malformed("The method is not followed by one blank."));
    const auto method = method_of(head_.method_name);
    if (!method)
        return refuse({501, "http.unknown_method", "This server does not know the request's method."});
    head_.method = *method;
    ++at_;
    if (const Step step = read_target(); step != Step::done) return step;
    return read_version();
}

Step HeadReader::read_target() {
    const char* start = at_;
    const auto left = std::min(static_cast<std::size_t>(end_ - at_), limits_.target + 1);
    const char* stop = at_ + left;
    while (at_ != stop && (is(*at_, query_char))) ++at_;
    head_.target = {start, static_cast<std::size_t>(at_ - start)};
    if (head_.target.size() > limits_.target)
        return refuse({414, "http.target_too_long", "The request's URL is longer than this server takes."});
    if (at_ == end_) return Step::more;
    if (*at_ != ' ' || head_.target.empty())
        return refuse(bad_target("The URL holds a character that must be percent-encoded, or a fragment."));
    ++at_;
    return split_target();
}

Step HeadReader::split_target() {
    const auto& target = head_.target;
    for (auto at = target.find('%'); at != target.npos; at = target.find('%', at + 3))
        if (at + 2 >= target.size() || !is(target[at + 1], hex_digit) || !is(target[at + 2], hex_digit))
            return refuse(bad_target("A % in the URL is not followed by two hexadecimal digits."));
    if (target.front() == '/') return split_path(target);
    if (target == "*") {
        if (head_.method != Method::options) return refuse(bad_target("Only OPTIONS may ask for *."));
        head_.path = target;
        return Step::done;
    }
    return split_absolute();
}

Step HeadReader::split_absolute() {
    std::string_view rest = head_.target;
    const auto scheme_end = rest.find("://");
    const auto scheme = rest.substr(0, scheme_end);
    https_ = equals_ignoring_case(scheme, "https");
    if (scheme_end == rest.npos || (!https_ && !equals_ignoring_case(scheme, "http")))
        return refuse(bad_target("The URL must be a path, or begin with http:// or https://."));
    rest.remove_prefix(scheme_end + 3);
    authority_ = rest.substr(0, rest.find_first_of("/?"));
    if (!valid_host(authority_)) return refuse(bad_host("The URL's host is malformed."));
    return split_path(rest.substr(authority_.size()));
}

Step HeadReader::split_path(std::string_view rest) {
    const auto mark = rest.find('?');
    head_.path = rest.substr(0, mark);
    if (mark != rest.npos) head_.query = rest.substr(mark + 1);
    if (head_.path.empty()) head_.path = "/";
    for (const char c : head_.path)
        if (!is(c, path_char))
            return refuse(bad_target("The path holds a character that must be percent-encoded."));
    return Step::done;
}

Step HeadReader::read_version() {
    constexpr std::string_view form = "HTTP/d.d";
    const auto available = std::min(form.size(), static_cast<std::size_t>(end_ - at_));
    for (std::size_t i = 0; i < available; ++i) {
        const bool fits = form[i] == 'd' ? at_[i] >= '0' && at_[i] <= '9' : at_[i] == form[i];
        if (!fits) return refuse(malformed("The request line does not end in an HTTP version."));
    }
    if (available < form.size()) return Step::more;
    const char major = at_[5];
    const char minor = at_[7];
    if (major != '1' || minor > '1')
        return refuse({505, "http.unknown_version", "This server speaks HTTP/1.1 and HTTP/1.0 only."});
    head_.http_1_1 = minor == '1';
    at_ += form.size();
    return read_line_end();
}

/// Exactly CR LF: a bare LF or a stray CR is what one parser takes for a line end and the next does not.
Step HeadReader::read_line_end() {
    if (at_ == end_) return Step::more;
    if (*at_ == '\n') return refuse(malformed("A line ends without a carriage return."));
    if (*at_ != '\r') return refuse(malformed("The head holds a control character."));
    if (at_ + 1 == end_) return Step::more;
    if (at_[1] != '\n') return refuse(malformed("A carriage return stands alone."));
    at_ += 2;
    return Step::done;
}

Step HeadReader::read_fields() {
    while (true) {
        if (at_ == end_) return Step::more;
        if (*at_ == '\r') break;
        if (const Step step = read_field(); step != Step::done) return step;
        if (static_cast<std::size_t>(at_ - begin_) > limits_.head) return too_large();
    }
    const Step step = read_line_end();
    head_.size = static_cast<std::size_t>(at_ - begin_);
    if (step == Step::done && head_.size > limits_.head) return too_large();
    return step;
}

Step HeadReader::read_field() {
    const char* start = at_;
    while (at_ != end_ && is(*at_, token_char)) ++at_;
    if (at_ == end_) return Step::more;
    Header header{{start, static_cast<std::size_t>(at_ - start)}, {}};
    if (header.name.empty() && (*at_ == ' ' || *at_ == '\t'))
        return refuse(malformed("A header is continued on a second line."));
    if (*at_ != ':' || header.name.empty()) return refuse(malformed("A header's name is malformed."));
    ++at_;
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\t')) ++at_;
    start = at_;
    while (at_ != end_ && is(*at_, value_char)) ++at_;
    header.value = {start, static_cast<std::size_t>(at_ - start)};
    tab_after_ = false;
    while (!header.value.empty() && (header.value.back() == ' ' || header.value.back() == '\t')) {
        tab_after_ |= header.value.back() == '\t';
        header.value.remove_suffix(1);
    }
    if (const Step step = read_line_end(); step != Step::done) return step;
    if (head_.headers.size() == limits_.headers)
        return refuse({431, "http.head_too_large", "The request has more headers than this server takes."});
    head_.headers.push_back(header);
    return note(header);
}

/// Remembers what decides about framing; everything else is the application's.
Step HeadReader::note(const Header& header) {
    const auto named = [&](std::string_view name) { return equals_ignoring_case(header.name, name); };
    switch (header.name.size()) {
        case 4:
            if (!named("host")) break;
            if (host_seen_) return refuse(bad_host("The request has more than one Host header."));
            host_seen_ = true;
            if (!valid_host(header.value)) return refuse(bad_host("The Host header is malformed."));
            head_.host = header.value;
            break;
        case 6:
            if (!named("expect")) break;
            if (expect_seen_) return refuse(malformed("The request has more than one Expect header."));
            expect_seen_ = true;
            head_.expect = header.value;
            break;
        case 10:
            if (!named("connection")) break;
            each_element(header.value, [&](std::string_view option) {
                close_ |= equals_ignoring_case(option, "close");
                stay_ |= equals_ignoring_case(option, "keep-alive");
            });
            break;
        case 14:
            if (named("content-length")) return note_length(header.value);
            break;
        case 17:
            if (!named("transfer-encoding")) break;
            if (encoding_seen_ || tab_after_ || !equals_ignoring_case(header.value, "chunked"))
                return refuse(ambiguous("Transfer-Encoding must be exactly chunked, once."));
            encoding_seen_ = true;
            break;
        default:
            break;
    }
    return Step::done;
}

Step HeadReader::note_length(std::string_view value) {
    if (head_.content_length)
        return refuse(ambiguous("The request has more than one Content-Length header."));
    if (value.empty() || tab_after_ ||
        !std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; }))
        return refuse(ambiguous("Content-Length is not a plain number."));
    if (value.size() > 20) return refuse(ambiguous("Content-Length has too many digits."));
    std::uint64_t length = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), length);
    head_.content_length = error == std::errc{} ? std::min(length, huge_length) : huge_length;
    return Step::done;
}

Step HeadReader::conclude() {
    if (!host_seen_) return refuse(bad_host("The request has no Host header."));
    if (encoding_seen_ && head_.content_length)
        return refuse(ambiguous("The request has both Transfer-Encoding and Content-Length."));
    if (encoding_seen_ && !head_.http_1_1)
        return refuse(ambiguous("Transfer-Encoding is not part of HTTP/1.0."));
    if (!authority_.empty()) {
        const std::string_view port = https_ ? ":443" : ":80";
        if (!equals_ignoring_case(without_default_port(authority_, port),
                                  without_default_port(head_.host, port)))
            return refuse(bad_host("The URL and the Host header name different hosts."));
    }
    head_.chunked = encoding_seen_;
    head_.keep_alive = !close_ && (head_.http_1_1 || stay_);
    return Step::done;
}

bool valid_port(std::string_view port) {
    if (port.empty() || port.size() > 5) return false;
    unsigned number = 0;
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
    return error == std::errc{} && end == port.data() + port.size() && number <= 65535;
}

bool valid_ip_literal(std::string_view inside) {
    char text[INET6_ADDRSTRLEN] = {};
    if (inside.size() >= sizeof text) return false;
    std::copy(inside.begin(), inside.end(), text);
    in6_addr ignored{};
    return inet_pton(AF_INET6, text, &ignored) == 1;
}

}  // namespace

bool valid_host(std::string_view host) {
    if (host.empty() || host.size() > 261) return false;
    if (host.front() == '[') {
        const auto close = host.find(']');
        if (close == host.npos || !valid_ip_literal(host.substr(1, close - 1))) return false;
        const auto rest = host.substr(close + 1);
        return rest.empty() || (rest.front() == ':' && valid_port(rest.substr(1)));
    }
    const auto colon = host.find(':');
    const auto name = host.substr(0, colon);
    if (name.empty() || name.size() > 255) return false;
    if (!std::all_of(name.begin(), name.end(), [](char c) { return is(c, host_char); })) return false;
    return colon == host.npos || valid_port(host.substr(colon + 1));
}

Step parse_head(std::string_view bytes, const HeadLimits& limits, Head& head, Fault& fault) {
    return HeadReader(bytes, limits, head, fault).read();
}

}  // namespace tamiti::http
