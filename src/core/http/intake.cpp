#include "core/http/intake.hpp"

#include <sodium.h>

#include <utility>

#include "core/base/crypto.hpp"
#include "core/base/text.hpp"

namespace tamiti::http {

IntakeRoom::IntakeRoom(std::size_t most, std::size_t most_of_one)
    : taken_(std::make_shared<Taken>()), most_(most), most_of_one_(most_of_one) {}

std::shared_ptr<void> IntakeRoom::take(const std::string& asker, std::size_t bytes) {
    {
        const std::lock_guard lock(taken_->mutex);
        const auto found = taken_->by_asker.find(asker);
        const std::size_t held = found == taken_->by_asker.end() ? 0 : found->second;
        if (bytes > most_ - taken_->all || bytes > most_of_one_ - held) return nullptr;
        taken_->all += bytes;
        taken_->by_asker[asker] += bytes;
    }
    return {taken_.get(), [taken = taken_, asker, bytes](void*) {
                const std::lock_guard lock(taken->mutex);
                taken->all -= bytes;
                const auto held = taken->by_asker.find(asker);
                held->second -= bytes;
                if (held->second == 0) taken->by_asker.erase(held);
            }};
}

struct IncomingFile::State {
    explicit State(std::shared_ptr<void> taken) : room(std::move(taken)) {}

    std::shared_ptr<void> room;  // goes last
    BodyFile file{};
    crypto_hash_sha256_state hash{};
};

IncomingFile::IncomingFile(std::size_t most, std::shared_ptr<void> room)
    : state_(std::make_unique<State>(std::move(room))),
      most_(most),
      limit_sentence_("The file is larger than it may be: at most " + words_of_bytes(most) + ".") {
    crypto_hash_sha256_init(&state_->hash);
}

IncomingFile::~IncomingFile() = default;

std::size_t IncomingFile::size() const {
    return static_cast<std::size_t>(state_->file.size);
}

bool IncomingFile::write(std::string_view part) {
    if (part.size() > most_ - size()) return false;
    state_->file.bytes.write(part);
    state_->file.size += static_cast<std::int64_t>(part.size());
    crypto_hash_sha256_update(&state_->hash, reinterpret_cast<const unsigned char*>(part.data()),
                              part.size());
    return true;
}

std::shared_ptr<const BodyFile> IncomingFile::finish() {
    std::string digest(crypto_hash_sha256_BYTES, '\0');
    crypto_hash_sha256_final(&state_->hash, reinterpret_cast<unsigned char*>(digest.data()));
    state_->file.sha256 = hex(digest);
    const std::shared_ptr<State> whole = std::move(state_);
    return {whole, &whole->file};
}

std::string words_of_bytes(std::size_t bytes) {
    constexpr std::size_t megabyte = 1 << 20;
    if (bytes >= megabyte && bytes % megabyte == 0) return std::to_string(bytes / megabyte) + " MB";
    return grouped(bytes) + " bytes";
}

std::string limit_sentence(std::size_t most) {
    return "A request's body has at most " + words_of_bytes(most) + " here.";
}

}  // namespace tamiti::http
