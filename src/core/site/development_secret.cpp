#include "core/site/development_secret.hpp"

#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "core/base/text.hpp"

namespace tamiti {
namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& path) {
    std::string secret;
    std::ifstream file(path);
    return file >> secret && secret.size() >= 32 ? secret : "";
}

/// Writes a file that nobody else may read.
bool write(const fs::path& path, const std::string& secret) {
    const int file = open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
    if (file < 0) return false;
    const std::string line = secret + '\n';
    const bool is_whole = ::write(file, line.data(), line.size()) == static_cast<ssize_t>(line.size());
    return close(file) == 0 && is_whole;
}

// Under another name first: whoever links it to its place first has made the secret of all.
std::string make(const fs::path& path) {
    char bytes[32];
    randombytes_buf(bytes, sizeof bytes);
    const std::string secret = hex({bytes, sizeof bytes});
    std::error_code ignored;  // a read-only folder only means that tokens end with the process
    if (fs::create_directories(path.parent_path(), ignored))
        fs::permissions(path.parent_path(), fs::perms::owner_all, ignored);
    const fs::path draft = path.string() + "." + secret.substr(0, 16);
    if (!write(draft, secret)) return secret;
    std::error_code taken;
    fs::create_hard_link(draft, path, taken);
    if (taken && read(path).empty()) fs::rename(draft, path, ignored);  // what is there is no secret
    fs::remove(draft, ignored);
    const std::string kept = read(path);
    return kept.empty() ? secret : kept;
}

}  // namespace

const std::string& DevelopmentSecret::text() const {
    std::call_once(once_, [this] {
        const fs::path path = fs::path(state_dir_) / "secret_key";
        text_ = read(path);
        if (text_.empty()) text_ = make(path);
    });
    return text_;
}

}  // namespace tamiti
