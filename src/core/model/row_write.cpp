#include "core/model/row_write.hpp"

#include <utility>
#include <vector>

#include "core/model/output.hpp"

namespace tamiti {
namespace {

// What core_refuse() says of a row that a write left where it may not lie.
constexpr std::string_view not_allowed_there = "TM001";
constexpr std::string_view not_seen_there = "TM002";

Sql lies_in(const RowWrite& write, const Scope& scope) {
    return {"EXISTS (SELECT FROM {} t WHERE t.id = {})", scoped_rows(write.model, scope), write.id};
}

/// Writes and commits at once: a row that lies where it may not is refused by the database, before the
/// COMMIT.
WrittenRow write_last(Tx& tx, const RowWrite& write) {
    std::vector<db::Statement> statements{{write.statement, &write.params}};
    Sql guard("SELECT CASE");
    const auto require = [&](const Scope& scope, std::string_view otherwise) {
        guard.append({" WHEN NOT {} THEN core_refuse({})", lies_in(write, scope), otherwise});
    };
    if (!write.may.is_all()) require(write.may, not_allowed_there);
    if (write.seen) require(*write.seen, not_seen_there);
    guard.append(Sql(" END"));
    const std::string guarding = guard.text();
    if (!write.may.is_all() || write.seen) statements.push_back({guarding, &guard.params()});
    try {
        return {std::move(tx.transaction().run_last(std::move(statements)).front())};
    } catch (const db::Error& error) {
        if (error.sqlstate == not_allowed_there) return {.is_allowed = false};
        if (error.sqlstate == not_seen_there) return {.is_seen = false};
        throw;
    }
}

}  // namespace

WrittenRow write_row(Tx& tx, const RowWrite& write) {
    // The first statement of all goes alone: where its connection is found dead, it may be tried again.
    if (write.ending == Ending::committed && tx.transaction().has_begun()) return write_last(tx, write);
    if (write.may.is_all() && !write.seen) return {tx.transaction().run(write.statement, write.params)};
    const Sql all("true");
    const Sql where{"SELECT {}, {}", write.may.is_all() ? all : lies_in(write, write.may),
                    write.seen ? lies_in(write, *write.seen) : all};
    const std::string asked = where.text();
    auto results = tx.transaction().run_all({{write.statement, &write.params}, {asked, &where.params()}});
    return {std::move(results[0]), results[1][0].boolean(0), results[1][0].boolean(1)};
}

}  // namespace tamiti
