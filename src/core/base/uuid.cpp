#include "core/base/uuid.hpp"

#include <pthread.h>
#include <sodium.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace tamiti {
namespace {

constexpr std::array<char, 512> make_hex_pairs() {
    constexpr char digits[] = "0123456789abcdef";
    std::array<char, 512> pairs{};
    for (std::size_t byte = 0; byte < 256; ++byte) {
        pairs[2 * byte] = digits[byte >> 4];
        pairs[2 * byte + 1] = digits[byte & 15];
    }
    return pairs;
}
constexpr auto hex_pairs = make_hex_pairs();

constexpr std::uint8_t no_digit = 0xff;
constexpr std::array<std::uint8_t, 256> make_hex_values() {
    std::array<std::uint8_t, 256> values{};
    values.fill(no_digit);
    for (std::uint8_t i = 0; i < 10; ++i) values['0' + i] = i;
    for (std::uint8_t i = 0; i < 6; ++i) {
        values['a' + i] = static_cast<std::uint8_t>(10 + i);
        values['A' + i] = static_cast<std::uint8_t>(10 + i);
    }
    return values;
}
constexpr auto hex_values = make_hex_values();

/// Counts forks, so that a child doesn't hand out the random bytes that its parent has buffered.
std::atomic<unsigned> forks{0};

void prepare_process() {
    if (sodium_init() < 0) std::abort();  // no source of randomness: nothing that we make would be safe
    pthread_atfork(nullptr, nullptr, [] { forks.fetch_add(1, std::memory_order_relaxed); });
}

std::uint64_t random_word() {
    static const bool prepared = (prepare_process(), true);
    static_cast<void>(prepared);
    struct Buffer {
        std::array<std::uint64_t, 512> words{};
        std::size_t used = 512;
        unsigned forks_seen = 0;
    };
    thread_local Buffer buffer;
    const unsigned forks_now = forks.load(std::memory_order_relaxed);
    if (buffer.used == buffer.words.size() || buffer.forks_seen != forks_now) {
        randombytes_buf(buffer.words.data(), sizeof buffer.words);
        buffer.used = 0;
        buffer.forks_seen = forks_now;
    }
    return std::exchange(buffer.words[buffer.used++], 0);
}

std::uint64_t unix_milliseconds() {
    using namespace std::chrono;
    return static_cast<std::uint64_t>(
        duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count());
}

/// Where a thread stands in its sequence of ids. Method 1 of RFC 9562 6.2 with an 18-bit counter, which
/// starts in its lower half and borrows the next millisecond when it runs over.
struct Sequence {
    static constexpr std::uint64_t counter_end = 1U << 18;
    static constexpr std::uint64_t tolerated_step_back = 10'000;  // milliseconds

    std::uint64_t millisecond = 0;
    std::uint64_t counter = 0;

    void advance(std::uint64_t now) {
        const bool clock_was_set_back = now + tolerated_step_back < millisecond;
        if (now > millisecond || clock_was_set_back) {
            restart(now);
        } else if (++counter == counter_end) {
            restart(millisecond + 1);
        }
    }

    void restart(std::uint64_t at) {
        millisecond = at;
        counter = random_word() & (counter_end / 2 - 1);
    }
};

void store_big_endian(std::uint8_t* out, std::uint64_t word) {
    for (int i = 7; i >= 0; --i, word >>= 8) out[i] = static_cast<std::uint8_t>(word);
}

std::uint64_t load_word(const std::uint8_t* bytes) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes, sizeof word);
    return word;
}

}  // namespace

std::string Uuid::text() const {
    std::string out;
    append_to(out);
    return out;
}

void Uuid::append_to(std::string& out) const {
    char text[36];
    char* to = text;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) *to++ = '-';
        std::memcpy(to, &hex_pairs[std::size_t{2} * bytes[i]], 2);
        to += 2;
    }
    out.append(text, sizeof text);
}

std::optional<Uuid> Uuid::parse(std::string_view text) {
    if (text.size() != 36) return std::nullopt;
    Uuid id;
    std::size_t at = 0;
    for (std::size_t i = 0; i < id.bytes.size(); ++i) {
        if ((i == 4 || i == 6 || i == 8 || i == 10) && text[at++] != '-') return std::nullopt;
        const std::uint8_t high = hex_values[static_cast<std::uint8_t>(text[at])];
        const std::uint8_t low = hex_values[static_cast<std::uint8_t>(text[at + 1])];
        if ((high | low) == no_digit) return std::nullopt;
        id.bytes[i] = static_cast<std::uint8_t>(high << 4 | low);
        at += 2;
    }
    return id;
}

Uuid Uuid::make() {
    thread_local Sequence sequence;
    sequence.advance(unix_milliseconds());
    const std::uint64_t version = 0x7000;
    const std::uint64_t variant = std::uint64_t{0b10} << 62;
    const std::uint64_t counter_tail = (sequence.counter & 0x3f) << 56;
    const std::uint64_t random = random_word() & ((std::uint64_t{1} << 56) - 1);
    Uuid id;
    store_big_endian(&id.bytes[0], sequence.millisecond << 16 | version | sequence.counter >> 6);
    store_big_endian(&id.bytes[8], variant | counter_tail | random);
    return id;
}

}  // namespace tamiti

std::size_t std::hash<tamiti::Uuid>::operator()(const tamiti::Uuid& id) const noexcept {
    // Clients may choose ids, so the mix is keyed: nobody outside can aim for one bucket.
    static const std::uint64_t key = tamiti::random_word();
    const std::uint64_t a = tamiti::load_word(&id.bytes[0]) ^ key;
    const std::uint64_t b = tamiti::load_word(&id.bytes[8]) ^ (key << 32 | key >> 32);
    const auto product = static_cast<unsigned __int128>(a) * b;
    // A key with few factors leaves patterns in the low bits, which choose the bucket: the finalizer of
    // MurmurHash3 spreads them.
    std::uint64_t mixed = static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
    mixed = (mixed ^ mixed >> 33) * 0xff51afd7ed558ccdU;
    mixed = (mixed ^ mixed >> 33) * 0xc4ceb9fe1a85ec53U;
    return static_cast<std::size_t>(mixed ^ mixed >> 33);
}
