#include "core/db/statement_cache.hpp"

#include <functional>
#include <utility>

namespace tamiti::db {

const std::string* StatementCache::find(std::string_view sql) {
    const auto found = index_.find(sql);
    if (found == index_.end()) return nullptr;
    entries_.splice(entries_.begin(), entries_, found->second);
    return &found->second->name;
}

bool StatementCache::is_worth_keeping(std::string_view sql) {
    const std::size_t hash = std::hash<std::string_view>{}(sql);
    return std::exchange(asked_[hash % asked_.size()], hash) == hash;
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
