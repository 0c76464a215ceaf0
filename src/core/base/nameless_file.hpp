#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/problem.hpp"

namespace tamiti {

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

    /// Those bytes, fewer at the end of the file.
    std::string bytes(std::int64_t from, std::size_t count) const;

private:
    std::size_t append_to(std::string& out, std::int64_t from, std::size_t count) const;

    int descriptor_ = -1;
    std::int64_t read_ = 0;
};

}  // namespace tamiti
