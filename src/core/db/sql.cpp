#include "core/db/sql.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace tamiti::db {

Sql Sql::verbatim(std::string text) {
    Sql sql;
    sql.text_ = std::move(text);
    return sql;
}

Sql& Sql::append(const Sql& other) {
    if (&other == this) return append(Sql(other));
    const auto moved = static_cast<std::uint32_t>(text_.size());
    for (const std::uint32_t hole : other.holes_) holes_.push_back(hole + moved);
    text_ += other.text_;
    values_.append(other.values_);
    return *this;
}

bool Sql::operator==(const Sql& other) const {
    return text_ == other.text_ && holes_ == other.holes_ && values_ == other.values_;
}

std::string Sql::numbered(int after) const {
    if (holes_.empty()) return text_;
    std::string sql;
    sql.reserve(text_.size() + holes_.size() * 4);
    std::size_t from = 0;
    for (const std::uint32_t hole : holes_) {
        char digits[12];
        const auto end = std::to_chars(digits, digits + sizeof digits, ++after).ptr;
        sql.append(text_, from, hole - from).append(1, '$').append(digits, end);
        from = hole;
    }
    return sql.append(text_, from);
}

Sql name(std::string_view identifier) {
    const auto may_be = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
    const bool is_plain = !identifier.empty() && !(identifier.front() >= '0' && identifier.front() <= '9') &&
                          std::all_of(identifier.begin(), identifier.end(), may_be);
    if (!is_plain) throw std::logic_error("no name of a table or column: " + std::string(identifier));
    return Sql::verbatim(std::string(identifier));
}

Sql literal(std::string_view text) {
    std::string quoted = "'";
    for (const char c : text) quoted.append(c == '\'' ? 2 : 1, c);
    return Sql::verbatim(quoted + "'");
}

Sql join(const std::vector<Sql>& pieces, SqlText<0> between) {
    Sql all;
    const Sql separator(between);
    for (const Sql& piece : pieces) {
        if (!all.empty()) all.append(separator);
        all.append(piece);
    }
    return all;
}

}  // namespace tamiti::db
