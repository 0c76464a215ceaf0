#pragma once

#include <string>
#include <vector>

#include "core/db/connection.hpp"

namespace tamiti::db {

/// What libpq is told when it connects: the address, and settings of the session that the rest of db/ relies
/// on.
class SessionOptions {
public:
    /// Throws Error (08001) where the address isn't one that libpq can read.
    explicit SessionOptions(const ConnectionSettings& settings);
    SessionOptions(const SessionOptions&) = delete;
    SessionOptions& operator=(const SessionOptions&) = delete;

    /// Ended by null, as PQconnectdbParams wants them.
    const char* const* keywords() const { return keywords_.data(); }
    const char* const* values() const { return values_.data(); }

private:
    void add(const char* keyword, const char* value);

    std::string url_;
    std::string timeout_;
    std::string application_;
    std::string options_;
    std::vector<const char*> keywords_{};
    std::vector<const char*> values_{};
};

}  // namespace tamiti::db
