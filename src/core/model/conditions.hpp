#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Conditions of a list that hold together otherwise than all at once, as one parameter writes them:
/// or=(status.eq.active,priority.in.(high,urgent)), not=(project.status.eq.active,and(…)).
namespace tamiti {

/// A filter, or several and how they hold together.
struct Condition {
    enum class Kind : unsigned char { one, all, any, none };

    Kind kind = Kind::one;
    std::string filter{};   ///< of one: as a parameter of its own is called, "project__status__in"
    std::string written{};  ///< of one: as it was written, "project.status.in"
    std::vector<std::string> values{};  ///< of one
    std::vector<Condition> parts{};     ///< of the others; none is "not all of them"
};

/// Whether a parameter holds conditions: or, not.
bool is_condition(std::string_view parameter);

/// Reads what such a parameter says. In brackets stand conditions with commas between them:
/// name.operator.value as filters have them, reference.name.operator.value, or and(…), or(…), not(…) with
/// conditions of their own. in, any and all take their values in brackets. A value with a comma, a bracket or
/// a quote stands in double quotes, in which a backslash goes before quotes and backslashes. Four levels and
/// 20 filters are the most; anything else is a Problem (400) that says where it stops making sense.
Condition read_condition(std::string_view parameter, std::string_view text);

/// Whether any of the filters, which may be conditions, is on the field of that name.
bool names_field(const std::vector<std::pair<std::string, std::string>>& filters, std::string_view field);

}  // namespace tamiti
