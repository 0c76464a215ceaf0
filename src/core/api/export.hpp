#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/route.hpp"
#include "core/base/nameless_file.hpp"
#include "core/base/uuid.hpp"
#include "core/model/sheet.hpp"

/// Lists and histories as files: `?format=csv` and `?format=xlsx`.
namespace tamiti::api {

/// Answers a call where it asks for a file, and says whether it did. `made` makes the sheet, of no more lines
/// than it is given; `path` names the file. The lines are those of one state of the database, in their order;
/// memory holds a few hundred rows at a time. The file is made before it is sent, in five minutes at most
/// (503 "http.export_too_slow"). More lines than settings.export_rows (or than a sheet has) are a Problem 422
/// "http.export_too_large"; an export beyond those that may run at once is a 503 "http.exports_busy".
bool run_export(Call& call, std::string_view path, const std::function<Sheet(std::int64_t most)>& made);

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

/// The lines of an export, some at a time, from a cursor in a transaction of its own.
class ExportLines {
public:
    ExportLines(Site& site, const Sheet& sheet, std::int64_t most, std::string_view limit_sentence);

    /// The next lines; none at the end, when the database connection has been given back.
    std::vector<Line> next();

private:
    const Sheet& sheet_;
    std::unique_ptr<db::Transaction> transaction_;
    std::chrono::steady_clock::time_point due_ = std::chrono::steady_clock::now() + std::chrono::minutes(5);
    std::string cursor_;  // a name of its own, since a prepared FETCH remembers the columns of its cursor
    int batch_ = 64;
};

/// Writes the lines as CSV (RFC 4180) into the file. A text that a spreadsheet would take for a formula (it
/// begins with = + - @, a tab or a line end) gets an apostrophe in front; numbers stay numbers.
void write_csv(const std::vector<std::string>& head, ExportLines& lines, NamelessFile& file);

/// Writes the lines as a spreadsheet (one sheet, a head row, typed cells, no formulas) into the file.
void write_xlsx(const std::vector<std::string>& head, ExportLines& lines, const std::string& title,
                const NamelessFile& file);

}  // namespace tamiti::api
