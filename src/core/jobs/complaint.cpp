#include "core/jobs/complaint.hpp"

#include "core/base/log.hpp"

namespace tamiti::jobs {

void Complaint::make(const std::string& why) {
    const auto now = std::chrono::steady_clock::now();
    if (made_ && now < next_) return;
    made_ = true;
    next_ = now + std::chrono::seconds(10);
    log::warning(event_, {{"why", why}});
}

void Complaint::withdraw() {
    if (!made_) return;
    made_ = false;
    // At least a second apart from the next complaint, should it come at once.
    next_ = std::chrono::steady_clock::now() + std::chrono::seconds(1);
    log::info(event_, {{"over", true}});
}

}  // namespace tamiti::jobs
