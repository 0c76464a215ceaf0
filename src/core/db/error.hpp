#pragma once

#include <stdexcept>
#include <string>

#include "core/base/problem.hpp"

namespace tamiti::db {

/// What the server said of a failed statement. Internal: a client never sees its text.
class Error : public std::runtime_error {
public:
    Error(std::string message, std::string sqlstate, std::string constraint = {}, std::string table = {},
          std::string column = {})
        : std::runtime_error(std::move(message)),
          sqlstate(std::move(sqlstate)),
          constraint(std::move(constraint)),
          table(std::move(table)),
          column(std::move(column)) {}

    std::string sqlstate;    ///< five characters; "08000" where the connection was lost
    std::string constraint;  ///< name of the violated constraint, else empty
    std::string table;
    std::string column;

    bool is_retryable() const {
        return sqlstate == "40001" || sqlstate == "40P01";
    }  ///< serialization failure, deadlock
    bool is_disconnect() const { return sqlstate.starts_with("08") || sqlstate.starts_with("57P"); }
};

/// The problem a client sees for a database error (one table by SQLSTATE), or nothing where it is a bug.
/// Constraint names are turned into field errors by the model layer before this is asked.
const Problem* problem_of(const Error& error);

}  // namespace tamiti::db
