#include "core/base/nameless_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include "core/base/log.hpp"

namespace tamiti {
namespace {

constexpr std::size_t part_bytes = 64 * 1024;

}  // namespace

Problem storage_full() {
    return Problem(507, "http.storage_full", "There is no room on the server to make the file.");
}

std::string NamelessFile::folder() {
    std::error_code none;
    const auto folder = std::filesystem::temp_directory_path(none);
    return none ? "/tmp" : folder.string();
}

NamelessFile::NamelessFile() {
    descriptor_ = ::open(folder().c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (descriptor_ < 0) {  // a file system that knows no files without names
        std::string name = folder() + "/tamiti-XXXXXX";
        descriptor_ = ::mkostemp(name.data(), O_CLOEXEC);
        if (descriptor_ >= 0) ::unlink(name.c_str());
    }
    if (descriptor_ >= 0) return;
    log::error("file.not_made", {{"folder", folder()}});
    throw storage_full();
}

NamelessFile::~NamelessFile() {
    ::close(descriptor_);
}

std::string NamelessFile::path() const {
    return "/proc/self/fd/" + std::to_string(descriptor_);
}

void NamelessFile::write(std::string_view part) {
    while (!part.empty()) {
        const ssize_t count = ::write(descriptor_, part.data(), part.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) {
            log::error("file.no_room", {{"folder", folder()}});
            throw storage_full();
        }
        part.remove_prefix(static_cast<std::size_t>(count));
    }
}

std::size_t NamelessFile::append_to(std::string& out, std::int64_t from, std::size_t count) const {
    const std::size_t before = out.size();
    out.resize(before + count);
    std::size_t done = 0;
    while (done < count) {
        const ssize_t got = ::pread(descriptor_, out.data() + before + done, count - done,
                                    from + static_cast<std::int64_t>(done));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) throw std::runtime_error("a temporary file can't be read");
        if (got == 0) break;
        done += static_cast<std::size_t>(got);
    }
    out.resize(before + done);
    return done;
}

bool NamelessFile::read(std::string& out) {
    const std::size_t count = append_to(out, read_, part_bytes);
    read_ += static_cast<std::int64_t>(count);
    return count == part_bytes;
}

std::string NamelessFile::bytes(std::int64_t from, std::size_t count) const {
    std::string found;
    append_to(found, from, count);
    return found;
}

}  // namespace tamiti
