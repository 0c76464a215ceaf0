#include "core/mail/smtp.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <stdexcept>

#include "core/base/text.hpp"

namespace tamiti::mail {
namespace {

struct Free {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
    void operator()(CURLU* url) const { curl_url_cleanup(url); }
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
    void operator()(char* text) const { curl_free(text); }
};
using Url = std::unique_ptr<CURLU, Free>;

/// What was said so far; the bytes of a message that are still to send.
struct Dialogue {
    enum class Phase : std::uint8_t { greeting, envelope, message };
    Phase phase = Phase::greeting;
    bool is_over = false;  // what the server says to QUIT is no answer to anything
    std::string last_reply{};
    std::string_view rest{};
};

std::size_t give(char* to, std::size_t size, std::size_t count, void* dialogue) {
    std::string_view& rest = static_cast<Dialogue*>(dialogue)->rest;
    const std::size_t length = std::min(size * count, rest.size());
    std::memcpy(to, rest.data(), length);
    rest.remove_prefix(length);
    return length;
}

// One printable line of at most 300 bytes.
std::string one_line(std::string_view text) {
    std::string line(trim(text.substr(0, 300)));
    for (char& letter : line)
        if (letter < ' ' || letter > '~') letter = letter == '\r' || letter == '\n' ? ' ' : '?';
    return line;
}

// Which commands were sent tells what a refusal is about. Signing in is in here too and isn't kept.
int listen(CURL*, curl_infotype type, char* data, std::size_t size, void* context) {
    auto& dialogue = *static_cast<Dialogue*>(context);
    const std::string_view text(data, size);
    if (type == CURLINFO_HEADER_OUT) {
        if (text.starts_with("MAIL ")) dialogue.phase = Dialogue::Phase::envelope;
        if (text.starts_with("DATA")) dialogue.phase = Dialogue::Phase::message;
        if (text.starts_with("QUIT")) dialogue.is_over = true;
    } else if (type == CURLINFO_HEADER_IN && size > 3 && !dialogue.is_over) {
        dialogue.last_reply = one_line(text);
    }
    return 0;
}

std::string part_of(CURLU* url, CURLUPart part) {
    char* text = nullptr;
    if (curl_url_get(url, part, &text, 0) != CURLUE_OK) return {};
    const std::unique_ptr<char, Free> owned(text);
    return text;
}

bool is_this_host(const std::string& host) {
    return host == "localhost" || host.starts_with("127.") || host == "[::1]" || host == "::1";
}

/// One connection, set up but for what is to be done with it.
class Client {
public:
    explicit Client(const SmtpServer& server) : url_(curl_url()), curl_(curl_easy_init()) {
        static const CURLcode prepared = curl_global_init(CURL_GLOBAL_DEFAULT);
        if (prepared != CURLE_OK || !curl_ || !url_)
            throw std::runtime_error("The client for mail can't be made.");
        CURL* const curl = curl_.get();
        if (curl_url_set(url_.get(), CURLUPART_URL, server.url.c_str(), 0) != CURLUE_OK ||
            curl_url_set(url_.get(), CURLUPART_PATH, ("/" + server.greeting).c_str(), 0) != CURLUE_OK)
            throw std::runtime_error("TAMITI_MAIL_URL is not of the right form.");
        const bool signs_in = !part_of(url_.get(), CURLUPART_USER).empty();
        const bool needs_tls = signs_in && !is_this_host(part_of(url_.get(), CURLUPART_HOST));
        curl_easy_setopt(curl, CURLOPT_CURLU, url_.get());
        curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
        curl_easy_setopt(curl, CURLOPT_USE_SSL,
                         static_cast<long>(needs_tls ? CURLUSESSL_ALL : CURLUSESSL_TRY));
        curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(server.connect_timeout.count()));
        curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(server.timeout.count()));
        curl_easy_setopt(curl, CURLOPT_SERVER_RESPONSE_TIMEOUT,
                         std::max(1L, static_cast<long>(server.timeout.count() / 1000)));
        curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(curl, CURLOPT_PROXY, "");
        curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, error_);
        curl_easy_setopt(curl, CURLOPT_VERBOSE, 1L);
        curl_easy_setopt(curl, CURLOPT_DEBUGFUNCTION, listen);
        curl_easy_setopt(curl, CURLOPT_DEBUGDATA, &dialogue_);
    }

    CURLcode send(const std::string& from, const std::string& to, const std::string& message) {
        CURL* const curl = curl_.get();
        recipients_.reset(curl_slist_append(nullptr, ("<" + to + ">").c_str()));
        const std::string sender = "<" + from + ">";
        dialogue_.rest = message;
        curl_easy_setopt(curl, CURLOPT_MAIL_FROM, sender.c_str());
        curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients_.get());
        curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
        curl_easy_setopt(curl, CURLOPT_READFUNCTION, give);
        curl_easy_setopt(curl, CURLOPT_READDATA, &dialogue_);
        curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(message.size()));
        return curl_easy_perform(curl);
    }

    CURLcode only_sign_in() {
        curl_easy_setopt(curl_.get(), CURLOPT_NOBODY, 1L);
        curl_easy_setopt(curl_.get(), CURLOPT_CUSTOMREQUEST, "NOOP");
        return curl_easy_perform(curl_.get());
    }

    long code() const {
        long status = 0;
        curl_easy_getinfo(curl_.get(), CURLINFO_RESPONSE_CODE, &status);
        return status;
    }
    std::string fault(CURLcode result) const {
        return one_line(error_[0] != '\0' ? error_ : curl_easy_strerror(result));
    }
    const Dialogue& dialogue() const { return dialogue_; }

private:
    // Before the connection, which says QUIT when it goes and is listened to until then.
    Dialogue dialogue_{};
    char error_[CURL_ERROR_SIZE] = {};
    std::unique_ptr<curl_slist, Free> recipients_{};
    Url url_;
    std::unique_ptr<CURL, Free> curl_;
};

}  // namespace

Delivery deliver(const SmtpServer& server, const std::string& from, const std::string& to,
                 const std::string& message) {
    Client client(server);
    const CURLcode result = client.send(from, to, message);
    const Dialogue& dialogue = client.dialogue();
    if (result == CURLE_OK) return {.outcome = Delivery::Outcome::sent, .answer = dialogue.last_reply};
    const long code = client.code();
    // Before the envelope, and for what has to do with signing in, the fault is the server's or the
    // settings', not this mail's.
    const bool about_mail = dialogue.phase != Dialogue::Phase::greeting && code != 530 && code != 535;
    // An answer ends the question; where none came after the last byte, nobody knows what the server did.
    const bool unanswered = code / 100 == 3 && dialogue.rest.empty();
    Delivery delivery;
    delivery.answer = code >= 400 ? dialogue.last_reply : client.fault(result);
    if (about_mail && code >= 500) delivery.outcome = Delivery::Outcome::refused;
    delivery.is_unknown = dialogue.phase == Dialogue::Phase::message && unanswered;
    return delivery;
}

std::optional<std::string> smtp_fault(const SmtpServer& server) {
    Client client(server);
    const CURLcode result = client.only_sign_in();
    if (result == CURLE_OK) return std::nullopt;
    const std::string& reply = client.dialogue().last_reply;
    return client.fault(result) + (client.code() >= 400 && !reply.empty() ? " (" + reply + ")" : "");
}

}  // namespace tamiti::mail
