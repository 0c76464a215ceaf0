#pragma once

#include <exception>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tamiti {

/// One thing that is wrong with one field of the input.
struct FieldError {
    std::string field;    ///< path as the client wrote it: "name", "items.2.amount"
    std::string message;  ///< a sentence that says what would be right
};

/// An error that a client may see (RFC 9457). Thrown for whatever ends the request; everything else that is
/// thrown is a bug and answers 500 without detail.
class Problem : public std::exception {
public:
    Problem(int status, std::string code, std::string detail)
        : status_(status), code_(std::move(code)), detail_(std::move(detail)) {}

    int status() const { return status_; }
    const std::string& code() const { return code_; }      ///< "tasks.checklist_open": app, dot, name
    const std::string& detail() const { return detail_; }  ///< a sentence for a person
    const std::vector<FieldError>& errors() const { return errors_; }
    const std::vector<std::pair<std::string, std::string>>& headers() const { return headers_; }
    const std::string& current() const { return current_; }  ///< JSON of the current row, for 412
    const char* what() const noexcept override { return detail_.c_str(); }

    Problem&& with(std::vector<FieldError> errors) &&;
    Problem&& with_header(std::string name, std::string value) &&;
    Problem&& with_current(std::string json) &&;

    /// The body as application/problem+json. `instance` is the request id.
    std::string json(std::string_view instance) const;

private:
    int status_;
    std::string code_;
    std::string detail_;
    std::vector<FieldError> errors_{};
    std::vector<std::pair<std::string, std::string>> headers_{};
    std::string current_{};
};

/// The short title that belongs to a status, such as "Not found".
std::string_view title_of(int status);

// The kinds, by what they mean.
struct Malformed : Problem {
    Malformed(std::string code, std::string detail) : Problem(400, std::move(code), std::move(detail)) {}
};
struct Unauthorised : Problem {
    explicit Unauthorised(std::string code, std::string detail);
};
struct Forbidden : Problem {
    Forbidden(std::string code, std::string detail) : Problem(403, std::move(code), std::move(detail)) {}
};
struct NotFound : Problem {
    NotFound();
    explicit NotFound(std::string detail);
};
struct Conflict : Problem {
    Conflict(std::string code, std::string detail) : Problem(409, std::move(code), std::move(detail)) {}
};
struct Invalid : Problem {
    explicit Invalid(std::vector<FieldError> errors);
    Invalid(std::string field, std::string sentence);  ///< for one fault
};                                                     ///< 422, every fault at once
struct Unavailable : Problem {
    Unavailable(std::string code, std::string detail, int retry_after_seconds = 1);
};

}  // namespace tamiti
