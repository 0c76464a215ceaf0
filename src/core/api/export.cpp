#include "core/api/export.hpp"

#include <algorithm>
#include <map>
#include <mutex>

#include "core/base/text.hpp"

namespace tamiti::api {
namespace {

constexpr int most_of_one = 2;  // exports at once
constexpr int least_batch = 16;
constexpr int most_batch = 1024;
constexpr std::size_t batch_bytes = 64 * 1024;  // about what one part of an answer should have
constexpr std::int64_t sheet_rows = 1'048'575;  // below the head

// All rows will be read.
constexpr std::string_view whole =
    "SELECT set_config('cursor_tuple_fraction', '1', true), set_config('statement_timeout', $1, true)";

enum class Format { csv, xlsx };

std::optional<Format> format_of(const QueryPairs& query) {
    const auto given =
        std::find_if(query.begin(), query.end(), [](const auto& pair) { return pair.first == "format"; });
    if (given == query.end()) return std::nullopt;
    const std::string& format = given->second;
    if (format == "json") return std::nullopt;
    if (format == "csv") return Format::csv;
    if (format == "xlsx") return Format::xlsx;
    const std::string sentence = "format must be json, csv or xlsx.";
    throw Malformed("http.bad_parameter", sentence).with({{"format", sentence}});
}

/// "projects-2026-11-22.csv": nothing in it comes from the client.
std::string file_name(std::string_view path, Timestamp now, Format format) {
    std::string name;
    for (const char letter : path) {
        const bool is_plain = (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9');
        if (is_plain)
            name += letter;
        else if (!name.empty())
            name += '-';
    }
    return name + "-" + tamiti::format(now).substr(0, 10) + (format == Format::csv ? ".csv" : ".xlsx");
}

/// What a sheet is called: "projects", "projects history".
std::string title_of(std::string_view path) {
    std::string title;
    for (const std::string_view part : split(path, '/'))
        if (!part.empty()) title += (title.empty() ? "" : " ") + std::string(part);
    return title;
}

/// Makes the whole file before any of it is sent: who reads slowly keeps a file open and no state of the
/// database.
template <class Write>
std::function<bool(std::string&)> spooled(std::shared_ptr<void> place, ExportLines lines, Write&& write) {
    auto file = std::make_shared<NamelessFile>();
    write(lines, *file);
    place.reset();
    return [file](std::string& part) { return file->read(part); };
}

/// Opens the export; once more where the connection was found dead.
template <class Open>
std::function<bool(std::string&)> opened(Open&& open) {
    for (int attempt = 0;; ++attempt) {
        try {
            return open();
        } catch (const db::Error& error) {
            if (!db::may_retry(error, attempt, false)) throw;
        }
    }
}

}  // namespace

bool run_export(Call& call, std::string_view path, const std::function<Sheet(std::int64_t most)>& made) {
    const auto format = format_of(call.query);
    if (!format) return false;
    const std::int64_t allowed = call.site.settings->export_rows;
    const std::int64_t most = *format == Format::xlsx ? std::min(allowed, sheet_rows) : allowed;
    const std::string sentence = "There are more than " + grouped(static_cast<std::uint64_t>(most)) +
                                 " rows, the most that one export has. Narrow it with filters.";
    const Sheet sheet = made(most);
    auto place = call.site.memory.get<ExportPlaces>(call.site).take(call.who.id);
    if (!place)
        throw Unavailable("http.exports_busy",
                          "As many exports run as may at once, or as many of yours. Try again in a moment.",
                          5);
    const std::string name = file_name(path, call.site.clock->now(), *format);
    call.response.content_type = *format == Format::csv
                                     ? "text/csv; charset=utf-8; header=present"
                                     : "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    call.response.set("Content-Disposition", "attachment; filename=\"" + name + "\"");
    if (call.request.method == http::Method::head) {
        call.response.produce = [](std::string&) { return false; };
    } else {
        call.response.produce = opened([&] {
            return spooled(place, ExportLines(call.site, sheet, most, sentence),
                           [&](ExportLines& lines, NamelessFile& file) {
                               if (*format == Format::csv) return write_csv(sheet.head, lines, file);
                               write_xlsx(sheet.head, lines, title_of(path), file);
                           });
        });
    }
    return true;
}

/// Who has how many places. A stream that is still being sent keeps it, too.
struct ExportPlaces::Taken {
    std::mutex mutex{};
    int all = 0;
    std::map<Uuid, int> by_person{};

    void give_back(const Uuid& person) {
        const std::lock_guard lock(mutex);
        --all;
        const auto held = by_person.find(person);
        if (--held->second == 0) by_person.erase(held);
    }
};

ExportPlaces::ExportPlaces(int places) : taken_(std::make_shared<Taken>()), places_(places) {}

std::shared_ptr<void> ExportPlaces::take(const Uuid& person) {
    const int most = std::clamp(places_ - 1, 1, most_of_one);
    {
        const std::lock_guard lock(taken_->mutex);
        if (taken_->all >= places_) return nullptr;
        int& held = taken_->by_person[person];
        if (held >= most) return nullptr;
        ++held;
        ++taken_->all;
    }
    return {taken_.get(), [taken = taken_, person](void*) { taken->give_back(person); }};
}

ExportLines::ExportLines(Site& site, const Sheet& sheet, std::int64_t most, std::string_view limit_sentence)
    : sheet_(sheet),
      transaction_(std::make_unique<db::Transaction>(*site.pool, db::Transaction::Mode::read)),
      cursor_("export_" + std::to_string(fast_hash(sheet.sql))) {
    const db::Result counted = transaction_->run(sheet.count_sql, sheet.count_params);
    if (counted[0].integer(0) > most)
        throw Problem(422, "http.export_too_large", std::string(limit_sentence));
    const std::string open = "DECLARE " + cursor_ + " NO SCROLL CURSOR FOR " + sheet.sql;
    const auto patience = db::Params::of(std::to_string(site.pool->settings().statement_timeout_ms));
    transaction_->run_all({{whole, &patience}, {open, &sheet.params}});
}

std::vector<Line> ExportLines::next() {
    std::vector<Line> lines;
    // Rows may have no lines: they say nothing that the actor may read.
    while (transaction_ && lines.empty()) {
        if (std::chrono::steady_clock::now() > due_)
            throw Unavailable("http.export_too_slow", "The export took too long. Narrow it with filters.",
                              60);
        const db::Result rows =
            transaction_->run("FETCH FORWARD " + std::to_string(batch_) + " FROM " + cursor_);
        if (rows.empty()) {
            transaction_->commit();
            transaction_.reset();
            break;
        }
        std::size_t bytes = 0;
        for (const auto row : rows)
            for (int column = 0; column < row.columns(); ++column) bytes += row.text(column).size();
        if (bytes > 2 * batch_bytes)
            batch_ = std::max(least_batch, batch_ / 2);
        else if (bytes < batch_bytes / 2)
            batch_ = std::min(most_batch, batch_ * 2);
        sheet_.write(rows, *transaction_, lines);
    }
    return lines;
}

}  // namespace tamiti::api
