#include "core/access/huge_pages.hpp"

#include <sys/mman.h>

#include <cstddef>
#include <cstdint>

namespace tamiti {
namespace {

constexpr std::size_t small_page = 4096;
constexpr std::size_t huge_page = 2 * 1024 * 1024;
constexpr std::size_t worthwhile = 4 * huge_page;

thread_local int wanted = 0;

std::size_t up_to(std::size_t size, std::size_t page) {
    return (size + page - 1) / page * page;
}

}  // namespace

HugePages::HugePages() {
    ++wanted;
}

HugePages::~HugePages() {
    --wanted;
}

}  // namespace tamiti

// The linker leads every mmap of the program's objects and archives here (--wrap=mmap), libsodium's among
// them. Shared libraries keep their own. NOLINTBEGIN(bugprone-reserved-identifier): the linker's names
extern "C" void* __real_mmap(void*, std::size_t, int, int, int, off_t);

// A huge page lies at a multiple of its size, so more is mapped than was asked for and both ends are given
// back. What is left has the length that was asked for, as whoever unmaps it expects. MAP_POPULATE would fill
// it with small pages before anything could be said.
extern "C" void* __wrap_mmap(void* address, std::size_t length, int protection, int flags, int file,
                             off_t offset) {
    const bool is_memory = file == -1 && address == nullptr && (flags & MAP_ANONYMOUS) != 0;
    if (tamiti::wanted == 0 || !is_memory || length < tamiti::worthwhile)
        return __real_mmap(address, length, protection, flags, file, offset);
    const std::size_t size = tamiti::up_to(length, tamiti::small_page);
    void* mapped =
        __real_mmap(nullptr, size + tamiti::huge_page, protection, flags & ~MAP_POPULATE, file, offset);
    if (mapped == MAP_FAILED) return mapped;
    const auto from = reinterpret_cast<std::uintptr_t>(mapped);
    const std::size_t before = tamiti::up_to(from, tamiti::huge_page) - from;
    char* kept = static_cast<char*>(mapped) + before;
    if (before > 0) munmap(mapped, before);
    if (before < tamiti::huge_page) munmap(kept + size, tamiti::huge_page - before);
    madvise(kept, size, MADV_HUGEPAGE);
    return kept;
}
// NOLINTEND(bugprone-reserved-identifier)
