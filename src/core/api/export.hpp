#pragma once

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/route.hpp"
#include "core/api/router.hpp"
#include "core/base/uuid.hpp"
#include "core/model/list.hpp"

/// Lists as files: `?format=csv` and `?format=xlsx` on any list.
namespace tamiti::api {

/// Answers a list's call where it asks for a file, and says whether it did. The rows are those of one state
/// of the database, in the list's order; memory holds a few hundred of them at a time. The file is made
/// before it is sent, in five minutes at most (503 "http.export_too_slow"). More rows than
/// settings.export_rows (or than a sheet has) are a Problem 422 "http.export_too_large"; an export beyond
/// those that may run at once is a 503 "http.exports_busy".
bool run_export(Call& call, const Operation& operation);

/// How many exports a site runs at once: each holds a database connection, and other requests need some too.
/// Nobody has more than two of the places, nor all of them where there are several.
class ExportPlaces {
public:
    explicit ExportPlaces(const Site& site) : ExportPlaces(std::max(1, site.pool->size() / 4)) {}
    explicit ExportPlaces(int places);

    /// A place for that person until the pointer goes; null where all are taken, or all that one person may
    /// have.
    std::shared_ptr<void> take(const Uuid& person);

private:
    struct Taken;
    std::shared_ptr<Taken> taken_;
    int places_;
};

/// The rows of an export, some at a time, from a cursor in a transaction of its own.
class ExportRows {
public:
    ExportRows(Site& site, const WholeList& list, std::int64_t most, std::string_view limit_sentence);

    /// The next rows; none at the end, when the database connection has been given back.
    db::Result next();

private:
    std::unique_ptr<db::Transaction> transaction_;
    std::chrono::steady_clock::time_point due_ = std::chrono::steady_clock::now() + std::chrono::minutes(5);
    std::string cursor_;  // a name of its own, since a prepared FETCH remembers the columns of its cursor
    int batch_ = 64;
};

/// What a stored value looks like in a cell: JSON's text without its quotes; the elements of lists one after
/// the other.
std::string cell_text(const Field& field, std::string_view stored);

/// Amount and currency of a stored amount of money.
std::pair<std::string, std::string> money_cells(const Field& field, std::string_view stored);

/// Appends a row of CSV (RFC 4180) with the names of the fields; money has a second column, "…_currency".
void write_csv_head(const std::vector<const Field*>& fields, std::string& out);

/// Appends a row of CSV. A text that a spreadsheet would take for a formula (it begins with = + - @, a tab or
/// a line end) gets an apostrophe in front; numbers stay numbers.
void write_csv_row(const std::vector<const Field*>& fields, const db::Row& row, std::string& out);

/// The Problem (507) where there is no room for a file.
Problem storage_full();

/// A file without a name, which goes away with its last descriptor whatever happens.
class NamelessFile {
public:
    NamelessFile();  ///< throws Problem 507 where there is no room
    ~NamelessFile();
    NamelessFile(const NamelessFile&) = delete;
    NamelessFile& operator=(const NamelessFile&) = delete;

    std::string path() const;           ///< while this object lives, for libraries that want one
    void write(std::string_view part);  ///< appends; throws Problem 507 where there is no room
    bool read(std::string& out);        ///< appends the next part; false at the end
    static std::string folder();        ///< for temporary files

private:
    int descriptor_ = -1;
    std::int64_t read_ = 0;
};

/// Writes the rows as a spreadsheet (one sheet, a head row, typed cells, no formulas) into the file.
void write_xlsx(const std::vector<const Field*>& fields, ExportRows& rows, const std::string& sheet,
                const NamelessFile& file);

}  // namespace tamiti::api
