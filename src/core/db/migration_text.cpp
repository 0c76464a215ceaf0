#include "core/db/migration_text.hpp"

#include <cctype>

#include "core/base/crypto.hpp"
#include "core/base/text.hpp"

namespace tamiti::db {
namespace {

bool is_name_character(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

std::size_t after(std::string_view sql, std::string_view end, std::size_t from) {
    const auto found = sql.find(end, from);
    return found == std::string_view::npos ? sql.size() : found + end.size();
}

// Block comments nest in PostgreSQL.
std::size_t after_block_comment(std::string_view sql, std::size_t at) {
    int depth = 0;
    while (at < sql.size()) {
        const auto pair = sql.substr(at, 2);
        if (pair == "/*") {
            ++depth;
            at += 2;
        } else if (pair == "*/") {
            at += 2;
            if (--depth == 0) return at;
        } else {
            ++at;
        }
    }
    return at;
}

// At a `$`: past the end of a dollar quote ($$ … $$, $tag$ … $tag$), or just past the sign where none begins.
std::size_t after_dollar_quote(std::string_view sql, std::size_t at) {
    std::size_t end = at + 1;
    while (end < sql.size() && is_name_character(sql[end])) ++end;
    const bool begins = end < sql.size() && sql[end] == '$' && (at == 0 || !is_name_character(sql[at - 1]));
    if (!begins) return at + 1;
    return after(sql, sql.substr(at, end + 1 - at), end + 1);
}

// Past a quoted text. A doubled quote reads as the end of one and the start of the next, which comes to the
// same; E'…' also has quotes behind backslashes.
std::size_t after_quote(std::string_view sql, std::size_t at) {
    const char quote = sql[at];
    const bool escapes = quote == '\'' && at > 0 && (sql[at - 1] == 'E' || sql[at - 1] == 'e') &&
                         (at == 1 || !is_name_character(sql[at - 2]));
    for (std::size_t i = at + 1; i < sql.size(); ++i) {
        if (escapes && sql[i] == '\\') {
            ++i;
        } else if (sql[i] == quote) {
            return i + 1;
        }
    }
    return sql.size();
}

}  // namespace

std::string checksum_of(std::string_view text) {
    return sha256_hex(text);
}

bool runs_without_transaction(std::string_view sql) {
    return trim(sql.substr(0, sql.find('\n'))) == "-- no transaction";
}

std::vector<std::string> split_statements(std::string_view sql) {
    std::vector<std::string> statements;
    std::size_t start = 0;
    bool has_text = false;  // anything but blanks and comments since the start
    const auto finish = [&](std::size_t end) {
        if (has_text) statements.emplace_back(trim(sql.substr(start, end - start)));
        start = end + 1;
        has_text = false;
    };
    for (std::size_t at = 0; at < sql.size();) {
        const char c = sql[at];
        const auto pair = sql.substr(at, 2);
        if (pair == "--") {
            at = after(sql, "\n", at);
        } else if (pair == "/*") {
            at = after_block_comment(sql, at);
        } else if (c == ';') {
            finish(at++);
        } else {
            has_text = has_text || std::isspace(static_cast<unsigned char>(c)) == 0;
            if (c == '\'' || c == '"') {
                at = after_quote(sql, at);
            } else {
                at = c == '$' ? after_dollar_quote(sql, at) : at + 1;
            }
        }
    }
    if (start < sql.size()) finish(sql.size());
    return statements;
}

}  // namespace tamiti::db
