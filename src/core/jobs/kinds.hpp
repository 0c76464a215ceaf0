#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/jobs/declaration.hpp"

namespace tamiti {

/// The kinds of jobs that the installed apps declare, and the schedules that make them. It keeps addresses,
/// so what is added must outlive it.
class JobKinds {
public:
    /// Throws std::logic_error where another kind has the name.
    void add(const JobKind& kind);
    void add(const Schedule& schedule) { schedules_.push_back(&schedule); }

    const JobKind* named(std::string_view name) const;  ///< nullptr where no app has it
    const std::vector<const JobKind*>& all() const { return all_; }
    const std::vector<const Schedule*>& schedules() const { return schedules_; }

private:
    std::vector<const JobKind*> all_{};
    std::vector<const Schedule*> schedules_{};
    std::map<std::string, const JobKind*, std::less<>> by_name_{};
};

}  // namespace tamiti
