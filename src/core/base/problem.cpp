#include "core/base/problem.hpp"

#include <algorithm>

#include "core/base/json.hpp"

namespace tamiti {
namespace {

/// {"field": ["sentence", …]}: fields in the order of their first fault, sentences of one field together.
void write_errors(json::Writer& writer, const std::vector<FieldError>& errors) {
    writer.begin_object();
    for (auto error = errors.begin(); error != errors.end(); ++error) {
        const auto same_field = [&](const FieldError& other) { return other.field == error->field; };
        if (std::any_of(errors.begin(), error, same_field)) continue;
        writer.string(error->field);
        writer.buffer() += ':';
        std::string sentences = "[";
        for (auto other = error; other != errors.end(); ++other) {
            if (!same_field(*other)) continue;
            if (sentences.size() > 1) sentences += ',';
            json::append_string(sentences, other->message);
        }
        writer.buffer() += sentences + "]";
    }
    writer.end_object();
}

}  // namespace

Problem&& Problem::with(std::vector<FieldError> errors) && {
    errors_ = std::move(errors);
    return std::move(*this);
}

Problem&& Problem::with_header(std::string name, std::string value) && {
    headers_.emplace_back(std::move(name), std::move(value));
    return std::move(*this);
}

Problem&& Problem::with_current(std::string json) && {
    current_ = std::move(json);
    return std::move(*this);
}

std::string Problem::json(std::string_view instance) const {
    std::string out;
    json::Writer writer(out);
    writer.begin_object();
    writer.key("type");
    writer.string("/problems/" + code_);
    writer.key("title");
    writer.string(title_of(status_));
    writer.key("status");
    writer.integer(status_);
    writer.key("code");
    writer.string(code_);
    writer.key("detail");
    writer.string(detail_);
    writer.key("instance");
    writer.string(instance);
    if (!errors_.empty()) {
        writer.key("errors");
        write_errors(writer, errors_);
    }
    if (!current_.empty()) {
        writer.key("current");
        writer.raw(current_);
    }
    writer.end_object();
    return out;
}

std::string_view title_of(int status) {
    switch (status) {
        case 400:
            return "Malformed request";
        case 401:
            return "Not signed in";
        case 403:
            return "Not allowed";
        case 404:
            return "Not found";
        case 405:
            return "Method not allowed";
        case 406:
            return "Not acceptable";
        case 408:
            return "Request timed out";
        case 409:
            return "Conflict";
        case 410:
            return "Gone";
        case 411:
            return "Length required";
        case 412:
            return "Changed in the meantime";
        case 413:
            return "Too large";
        case 414:
            return "Address too long";
        case 415:
            return "Unsupported media type";
        case 417:
            return "Expectation failed";
        case 421:
            return "Misdirected request";
        case 422:
            return "Invalid";
        case 423:
            return "Locked";
        case 428:
            return "Precondition required";
        case 429:
            return "Too many requests";
        case 431:
            return "Headers too large";
        case 500:
            return "Internal error";
        case 501:
            return "Not supported";
        case 502:
            return "Bad gateway";
        case 503:
            return "Unavailable";
        case 504:
            return "Gateway timed out";
        case 505:
            return "HTTP version not supported";
        default:
            return status < 500 ? "Refused" : "Failed";
    }
}

Unauthorised::Unauthorised(std::string code, std::string detail)
    : Problem(Problem(401, std::move(code), std::move(detail)).with_header("WWW-Authenticate", "Bearer")) {}

NotFound::NotFound() : NotFound("There is nothing here, or nothing that you may see.") {}

NotFound::NotFound(std::string detail) : Problem(404, "http.not_found", std::move(detail)) {}

Invalid::Invalid(std::vector<FieldError> errors)
    : Problem(Problem(422, "http.invalid",
                      errors.size() == 1 ? "One field is invalid." : "Several fields are invalid.")
                  .with(std::move(errors))) {}

Invalid::Invalid(std::string field, std::string sentence)
    : Invalid(std::vector<FieldError>{{std::move(field), std::move(sentence)}}) {}

Unavailable::Unavailable(std::string code, std::string detail, int retry_after_seconds)
    : Problem(Problem(503, std::move(code), std::move(detail))
                  .with_header("Retry-After", std::to_string(retry_after_seconds))) {}

}  // namespace tamiti
