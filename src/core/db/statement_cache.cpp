#include "core/db/statement_cache.hpp"

#include <functional>
#include <utility>

namespace tamiti::db {
namespace {

constexpr std::size_t halved_after = 4096;  // statements: a quarter of the counters, so that few are shared

}  // namespace

const std::string* StatementCache::find(std::string_view sql) {
    const auto found = index_.find(sql);
    if (found == index_.end()) return nullptr;
    entries_.splice(entries_.begin(), entries_, found->second);
    return &found->second->name;
}

bool StatementCache::is_worth_keeping(std::string_view sql) {
    if (++asked_in_all_ == halved_after) {
        asked_in_all_ = 0;
        for (std::uint8_t& times : asked_) times /= 2;
    }
    std::uint8_t& times = asked_[std::hash<std::string_view>{}(sql) % asked_.size()];
    if (times < often) ++times;
    return times == often;
}

const std::string& StatementCache::add(std::string_view sql) {
    while (!entries_.empty() && (entries_.size() >= limit_ || bytes_ + sql.size() > most_bytes_))
        retire(entries_.back().sql);
    bytes_ += sql.size();
    entries_.push_front({std::string(sql), "s" + std::to_string(++named_)});
    index_.emplace(entries_.front().sql, entries_.begin());
    return entries_.front().name;
}

void StatementCache::erase(std::string_view sql) {
    const auto found = index_.find(sql);
    if (found == index_.end()) return;
    const auto entry = found->second;
    bytes_ -= entry->sql.size();
    index_.erase(found);  // first: its key is the entry's text
    entries_.erase(entry);
}

void StatementCache::retire(std::string_view sql) {
    const auto found = index_.find(sql);
    if (found == index_.end()) return;
    doomed_.push_back(found->second->name);
    const auto entry = found->second;
    bytes_ -= entry->sql.size();
    index_.erase(found);
    entries_.erase(entry);
}

}  // namespace tamiti::db
