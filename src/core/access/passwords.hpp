#pragma once

#include <condition_variable>
#include <initializer_list>
#include <mutex>
#include <string>
#include <string_view>

/// Passwords: hashed with Argon2id, 19 MiB and two passes (OWASP Password Storage Cheat Sheet), in the PHC
/// string format. They are hashed and compared as opaque() has them, so that one password is one whichever
/// keyboard it comes from.
namespace tamiti {

/// The hash of a password, a text of at most 127 characters that holds its salt and parameters. Throws
/// Unavailable (503) where too many are being hashed already.
std::string hash_password(std::string_view password);

/// Whether the password belongs to the hash. Takes the same time where there is no such account: pass an
/// empty hash, and a hash that nobody's password fits is checked instead. Throws Unavailable (503) where too
/// many are being hashed already.
bool verify_password(std::string_view password, const std::string& hash);

/// Whether a hash was made with other parameters than today's, so that the next log in should replace it.
bool needs_rehash(const std::string& hash);

/// Why a password is refused, as a sentence; empty where it will do. At least 10 characters, at most 1,024
/// bytes, not one of the most common, and not one of the words that the account shows to others (username,
/// address, names).
std::string password_fault(std::string_view password, std::initializer_list<std::string_view> own_words = {});

/// Lets a few threads in, makes a few more wait and sends the rest away: hashing costs so much memory and
/// time that guessers would otherwise stop all other work.
class HashingGate {
public:
    HashingGate(int running, int waiting) : may_run_(running), may_wait_(waiting) {}

    /// Holds a place while it lives. Throws Unavailable (503 "auth.busy", Retry-After) where no place to wait
    /// is left.
    class Place {
    public:
        explicit Place(HashingGate& gate);
        ~Place();
        Place(const Place&) = delete;
        Place& operator=(const Place&) = delete;

    private:
        HashingGate& gate_;
    };

private:
    std::mutex mutex_{};
    std::condition_variable left_{};
    const int may_run_;
    const int may_wait_;
    int running_ = 0;
    int waiting_ = 0;
};

}  // namespace tamiti
