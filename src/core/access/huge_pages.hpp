#pragma once

namespace tamiti {

/// While one lives, large memory that libraries of this program map for themselves in its thread is of huge
/// pages, where the system has them (transparent_hugepage is "madvise" or "always"); elsewhere it is as
/// always. Argon2id fills 19 MiB for each password: 10 pages of 2 MiB in place of 4,864 small ones, which
/// cost the kernel 1.8 ms to give and take in place of 10 (measured on Linux 6.18).
class HugePages {
public:
    HugePages();
    ~HugePages();
    HugePages(const HugePages&) = delete;
    HugePages& operator=(const HugePages&) = delete;
};

}  // namespace tamiti
