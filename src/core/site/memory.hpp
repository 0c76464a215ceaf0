#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <stdexcept>

namespace tamiti {

/// What parts of the program keep in memory for one site (caches of tokens and sessions): one object of each
/// type, made from the site when it is first asked for. Nothing in it may be needed after the process ends.
/// Reading costs no lock.
class SiteMemory {
public:
    SiteMemory() = default;
    SiteMemory(const SiteMemory&) {}  // the copy of a site starts with nothing remembered
    SiteMemory& operator=(const SiteMemory&) = delete;

    /// The object of that type; made by T(site) at the first call. T must copy what it needs of the site.
    template <class T, class Site>
    T& get(Site& site) {
        static const std::size_t slot = claim();
        Entry& entry = entries_.at(slot);
        std::call_once(entry.made, [&] { entry.object = std::make_shared<T>(site); });
        return *static_cast<T*>(entry.object.get());
    }

private:
    struct Entry {
        std::once_flag made{};
        std::shared_ptr<void> object{};
    };
    static constexpr std::size_t most = 32;  // types, in the whole program

    static std::size_t claim() {
        static std::atomic<std::size_t> next{0};
        const std::size_t slot = next.fetch_add(1);
        if (slot >= most) throw std::logic_error("too many types are kept in the memory of a site");
        return slot;
    }

    std::array<Entry, most> entries_{};
};

}  // namespace tamiti
