#include "core/access/passwords.hpp"

#include <sodium.h>

#include <algorithm>
#include <new>
#include <stdexcept>
#include <thread>

#include "core/access/common_passwords.hpp"
#include "core/access/huge_pages.hpp"
#include "core/base/problem.hpp"
#include "core/base/text.hpp"
#include "core/base/unicode.hpp"

namespace tamiti {
namespace {

constexpr unsigned long long passes = 2;
constexpr std::size_t memory = 19UL * 1024 * 1024;
constexpr std::size_t longest = 1024;  // bytes; the cost of hashing must not depend on what a stranger sends
constexpr std::size_t shortest = 10;   // characters

/// The whole process shares its processors, whichever site asks. A third of a server's threads (four for each
/// processor) always stays free for other work.
HashingGate& gate() {
    static const int processors = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
    static HashingGate shared(processors, 2 * processors);
    return shared;
}

std::string hash(std::string_view password) {
    std::string made(crypto_pwhash_STRBYTES, '\0');
    if (password.empty()) password = "";  // libsodium takes no null pointer
    const HugePages for_its_memory;
    if (crypto_pwhash_str_alg(made.data(), password.data(), password.size(), passes, memory,
                              crypto_pwhash_ALG_ARGON2ID13) != 0)
        throw std::bad_alloc();
    made.resize(made.find('\0'));
    return made;
}

/// The hash of a password that was thrown away, made once: what an unknown account is checked against.
const std::string& nobodys_hash() {
    static const std::string made = [] {
        char secret[32];
        randombytes_buf(secret, sizeof secret);
        return hash({secret, sizeof secret});
    }();
    return made;
}

/// Takes the same time whatever the hash is.
bool fits(std::string_view password, const std::string& hash) {
    const std::string& nobodys =
        nobodys_hash();  // always made first, so that nobody can tell by the first call
    const bool is_checkable = !hash.empty() && password.size() <= longest;
    if (password.empty() || password.size() > longest) password = "";  // libsodium takes no null pointer
    const std::string& against = is_checkable ? hash : nobodys;
    const HugePages for_its_memory;
    const bool is_right = crypto_pwhash_str_verify(against.c_str(), password.data(), password.size()) == 0;
    return is_right && is_checkable;
}

void prepare() {
    static const bool ready = sodium_init() >= 0;
    if (!ready) throw std::runtime_error("libsodium does not start");
}

}  // namespace

std::string hash_password(std::string_view typed) {
    prepare();
    const std::string password = opaque(typed);
    if (password.size() > longest) throw Invalid("password", "Use at most 1,024 bytes.");
    const HashingGate::Place place(gate());
    return hash(password);
}

bool verify_password(std::string_view typed, const std::string& hash) {
    prepare();
    const HashingGate::Place place(gate());
    const std::string password = opaque(typed);
    if (fits(password, hash)) return true;
    // Older hashes are of what was typed. Asked of every account alike, so that its time tells nothing.
    return password != typed && fits(typed, hash);
}

bool needs_rehash(const std::string& hash) {
    return crypto_pwhash_str_needs_rehash(hash.c_str(), passes, memory) != 0;
}

std::string password_fault(std::string_view typed, std::initializer_list<std::string_view> own_words) {
    if (!is_utf8(typed)) return "Use text in UTF-8.";
    const std::string password = opaque(typed);
    if (password.size() > longest) return "Use at most 1,024 bytes.";
    if (count_characters(password) < shortest) return "Use at least 10 characters.";
    if (has_control_characters(password)) return "Use no control characters.";
    if (is_common_password(password)) return "This is one of the most common passwords. Choose another.";
    const std::string word_like = folded(password);
    for (const std::string_view word : own_words)
        if (!word.empty() && word_like == folded(word))
            return "Choose a password that isn't your own name or address.";
    return {};
}

HashingGate::Place::Place(HashingGate& gate) : gate_(gate) {
    std::unique_lock lock(gate_.mutex_);
    if (gate_.running_ >= gate_.may_run_) {
        if (gate_.waiting_ >= gate_.may_wait_)
            throw Unavailable("auth.busy",
                              "Too many people are signing in at this moment. Try again in a second.");
        ++gate_.waiting_;
        gate_.left_.wait(lock, [&] { return gate_.running_ < gate_.may_run_; });
        --gate_.waiting_;
    }
    ++gate_.running_;
}

HashingGate::Place::~Place() {
    {
        const std::lock_guard lock(gate_.mutex_);
        --gate_.running_;
    }
    gate_.left_.notify_one();
}

}  // namespace tamiti
