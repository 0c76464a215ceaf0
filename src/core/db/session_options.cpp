#include "core/db/session_options.hpp"

#include <memory>
#include <string_view>

#include <libpq-fe.h>

#include "core/db/error.hpp"

namespace tamiti::db {
namespace {

// For the rows that a common word is said in: with PostgreSQL's own 4 MB it notes pages in place of rows, and
// reads them all. Taken only by statements that need it; the address may say otherwise.
constexpr std::string_view enough_memory = "-c work_mem=16MB ";

// The `options` that the address itself carries ("?options=-c%20work_mem%3D8MB"), kept in front of those that
// we rely on.
std::string options_in(const std::string& url) {
    char* fault = nullptr;
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> parts(
        PQconninfoParse(url.c_str(), &fault), &PQconninfoFree);
    PQfreemem(fault);  // unused: it may quote a password
    if (parts == nullptr)
        throw Error("The database's address is not one that PostgreSQL's clients can read.", "08001");
    for (const auto* part = parts.get(); part->keyword != nullptr; ++part) {
        if (std::string_view(part->keyword) == "options" && part->val != nullptr) return part->val;
    }
    return {};
}

}  // namespace

SessionOptions::SessionOptions(const ConnectionSettings& settings)
    : url_(settings.url),
      timeout_(std::to_string(settings.connect_timeout_s)),
      application_(settings.application_name),
      options_(std::string(enough_memory) + options_in(settings.url)) {
    // The text forms that rows are read in, whatever the server's or the role's own settings are.
    options_ +=
        " -c timezone=UTC -c DateStyle=ISO -c IntervalStyle=iso_8601 -c bytea_output=hex -c "
        "search_path=public";
    // Statements are short: compiling a plan costs more than it saves.
    options_ += " -c client_min_messages=warning -c jit=off";
    // Two letters swapped in a word of eight still find it; the default of 0.6 forgives one.
    options_ += " -c pg_trgm.word_similarity_threshold=0.45";
    options_ += " -c statement_timeout=" + std::to_string(settings.read_timeout_ms > 0
                                                              ? settings.read_timeout_ms
                                                              : settings.statement_timeout_ms);
    options_ += " -c lock_timeout=" + std::to_string(settings.lock_timeout_ms);
    options_ += " -c idle_in_transaction_session_timeout=" + std::to_string(settings.idle_in_transaction_ms);
    add("dbname", url_.c_str());
    add("connect_timeout", timeout_.c_str());
    add("application_name", application_.c_str());
    add("client_encoding", "UTF8");
    add("options", options_.c_str());
    // A peer that vanished without a word is noticed within about 20 s, also while nothing is being sent.
    add("keepalives", "1");
    add("keepalives_idle", "10");
    add("keepalives_interval", "3");
    add("keepalives_count", "3");
    add("tcp_user_timeout", "12000");
    keywords_.push_back(nullptr);
    values_.push_back(nullptr);
}

void SessionOptions::add(const char* keyword, const char* value) {
    keywords_.push_back(keyword);
    values_.push_back(value);
}

}  // namespace tamiti::db
