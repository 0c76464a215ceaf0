#pragma once

#include <mutex>
#include <string>

namespace tamiti {

/// The root of the keys on a development machine, where nobody gave one: kept in a file beside the other
/// local state, so that tokens outlive a restart. It is read, and made where it isn't there yet, when a key
/// is first asked for: a command that only looks leaves nothing behind in the folder it was called in.
class DevelopmentSecret {
public:
    explicit DevelopmentSecret(std::string state_dir) : state_dir_(std::move(state_dir)) {}

    /// The same for every process that uses the folder, also where two make it at once.
    const std::string& text() const;

private:
    std::string state_dir_;
    mutable std::once_flag once_{};
    mutable std::string text_{};
};

}  // namespace tamiti
