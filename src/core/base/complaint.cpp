#include "core/base/complaint.hpp"

#include <utility>

#include "core/base/log.hpp"

namespace tamiti {

void Complaint::make(const std::string& why) {
    const std::lock_guard guard(mutex_);
    const auto now = std::chrono::steady_clock::now();
    if (now < next_) {
        ++held_back_;
        return;
    }
    made_ = true;
    next_ = now + apart_;
    log::warning(event_, {{"why", why}, {"held_back", std::exchange(held_back_, 0)}});
}

void Complaint::withdraw() {
    const std::lock_guard guard(mutex_);
    if (!made_) return;
    made_ = false;
    // At least a second apart from the next complaint, should it come at once.
    next_ = std::chrono::steady_clock::now() + std::chrono::seconds(1);
    log::info(event_, {{"over", true}, {"held_back", std::exchange(held_back_, 0)}});
}

}  // namespace tamiti
