#include "core/db/error.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace tamiti::db {
namespace {

const Problem& busy() {
    static const Unavailable problem("database.busy", "The database is busy. Try again in a moment.");
    return problem;
}

const Problem& unreachable() {
    static const Unavailable problem("database.unreachable",
                                     "The database can't be reached. Try again in a moment.");
    return problem;
}

const Problem& too_slow() {
    static const Unavailable problem("database.timeout",
                                     "The database took too long. Try again, or ask for less at once.", 5);
    return problem;
}

const Problem& full() {
    static const Unavailable problem(
        "database.full", "The storage is full, so nothing was saved. Those who run it have been told.", 60);
    return problem;
}

const Problem& exists() {
    static const Conflict problem("conflict", "This clashes with something that exists already.");
    return problem;
}

const Problem& referenced() {
    static const Conflict problem(
        "conflict.reference",
        "Something that this refers to is gone, or something else still refers to this.");
    return problem;
}

const Problem& broken_rule() {
    static const Problem problem(422, "invalid", "A value breaks a rule of this record.");
    return problem;
}

const Problem& unstorable() {
    static const Problem problem(
        422, "invalid", "A value can't be stored: it is too long, out of range or of the wrong form.");
    return problem;
}

struct Entry {
    std::string_view sqlstate;  ///< five characters, or a class of two
    const Problem& (*problem)();
};

// PostgreSQL's manual, appendix A. What isn't listed is a bug of ours: 23502 (a NULL that the model let
// through), 42* (a faulty statement), 25006 (a write in a read-only transaction).
constexpr std::array entries{
    Entry{"08", unreachable},     // connection exceptions
    Entry{"22001", unstorable},   // string too long
    Entry{"22003", unstorable},   // number out of range
    Entry{"22007", unstorable},   // not a date
    Entry{"22008", unstorable},   // date out of range
    Entry{"22021", unstorable},   // not a character of the encoding
    Entry{"22P02", unstorable},   // not a value of the type
    Entry{"22P05", unstorable},   // a character that can't be translated
    Entry{"23503", referenced},   // foreign key
    Entry{"23505", exists},       // unique
    Entry{"23514", broken_rule},  // check
    Entry{"23P01", exists},       // exclusion
    Entry{"40001", busy},         // serialization failure, after its retries
    Entry{"40P01", busy},         // deadlock, after its retries
    Entry{"53100", full},         // disk full
    Entry{"53200", busy},         // out of memory
    Entry{"53300", busy},         // too many connections
    Entry{"54000", unstorable},   // a program limit, such as an index row that is too long
    Entry{"55P03", busy},         // lock_timeout
    Entry{"57014", too_slow},     // statement_timeout
    Entry{"57P", unreachable},    // the server is shutting down or starting
};

}  // namespace

const Problem* problem_of(const Error& error) {
    const auto found = std::ranges::find_if(
        entries, [&](const Entry& entry) { return error.sqlstate.starts_with(entry.sqlstate); });
    return found == entries.end() ? nullptr : &found->problem();
}

}  // namespace tamiti::db
