#include "core/db/result.hpp"

#include <charconv>
#include <stdexcept>

#include <libpq-fe.h>

namespace tamiti::db {

bool Row::is_null(int column) const {
    return PQgetisnull(result_, row_, column) != 0;
}

std::string_view Row::text(int column) const {
    return {PQgetvalue(result_, row_, column), static_cast<std::size_t>(PQgetlength(result_, row_, column))};
}

std::optional<std::string_view> Row::optional_text(int column) const {
    if (is_null(column)) return std::nullopt;
    return text(column);
}

std::int64_t Row::integer(int column) const {
    const auto digits = text(column);
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc{} || end != digits.data() + digits.size()) {
        throw std::out_of_range("column " + std::to_string(column) + " holds no 64-bit integer");
    }
    return value;
}

int Row::columns() const {
    return PQnfields(result_);
}

Result::Result(pg_result* result) : result_(result) {}

int Result::size() const {
    return PQntuples(result_.get());
}

int Result::affected() const {
    const std::string_view digits = PQcmdTuples(result_.get());
    int value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
}

std::string_view Result::command() const {
    const char* done = PQcmdStatus(result_.get());
    return done == nullptr ? "" : done;
}

int Result::column(std::string_view name) const {
    for (int i = 0; i < columns(); ++i) {
        if (name == column_name(i)) return i;
    }
    return -1;
}

int Result::columns() const {
    return PQnfields(result_.get());
}

std::string_view Result::column_name(int column) const {
    return PQfname(result_.get(), column);
}

void Result::Clear::operator()(pg_result* result) const {
    PQclear(result);
}

}  // namespace tamiti::db
