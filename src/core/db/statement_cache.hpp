#pragma once

#include <array>
#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace tamiti::db {

/// Which statements a session has prepared and under which names. The least recently used goes when there are
/// too many or their texts too long; its name then waits in `doomed` until the server is told. A prepared
/// statement takes about sixty times its text of the server's memory (130 KB for a list, measured), in each
/// of its backends, and as much again lies idle between what is kept; so only what is asked again and again
/// is kept at all.
class StatementCache {
public:
    /// How often a statement must be asked for to be kept.
    static constexpr std::uint8_t often = 5;

    /// `most_bytes` bounds the texts, since what the server keeps grows with its statement.
    explicit StatementCache(std::size_t limit = 60, std::size_t most_bytes = 48 << 10)
        : limit_(limit), most_bytes_(most_bytes) {}

    /// The name of a prepared statement, which becomes the most recently used; null when it isn't prepared.
    /// Allocates nothing.
    const std::string* find(std::string_view sql);

    /// Whether a statement that isn't prepared is worth it: it is asked about often, within some thousand
    /// others. Lists with filters of every kind would otherwise push out what each request
    /// needs. Counting is that of TinyLFU (Einziger, Friedman, Manes, 2017): small counters by hash, which
    /// are halved from time to time.
    bool is_worth_keeping(std::string_view sql);

    /// Gives a statement a new name. The reference holds until the statement goes.
    const std::string& add(std::string_view sql);

    /// The server never got to know the statement.
    void erase(std::string_view sql);

    /// The server knows the statement but it is of no use any more.
    void retire(std::string_view sql);

    std::vector<std::string>& doomed() { return doomed_; }

private:
    struct Entry {
        std::string sql;
        std::string name;
    };

    std::size_t limit_;
    std::size_t most_bytes_;
    std::size_t bytes_ = 0;
    std::uint64_t named_ = 0;
    std::array<std::uint8_t, 1 << 14> asked_{};  // how often, by the statement's hash
    std::size_t asked_in_all_ = 0;               // since the counters were halved
    std::list<Entry> entries_{};                 // most recently used first
    std::unordered_map<std::string_view, std::list<Entry>::iterator> index_{};  // keys live in the entries
    std::vector<std::string> doomed_{};
};

}  // namespace tamiti::db
