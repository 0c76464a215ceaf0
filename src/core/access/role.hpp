#pragma once

#include <boost/describe/enum.hpp>
#include <cstdint>
#include <initializer_list>
#include <vector>

namespace tamiti {

/// What a person does in the studio. `client` never combines with the others.
enum class Role : std::uint8_t { admin, manager, finance, content, digital, field, staff, client };
BOOST_DESCRIBE_ENUM(Role, admin, manager, finance, content, digital, field, staff, client)

/// Several roles at once.
class RoleSet {
public:
    constexpr RoleSet() = default;
    constexpr RoleSet(std::initializer_list<Role> roles) {
        for (Role role : roles) bits_ |= bit(role);
    }
    RoleSet(const std::vector<Role>& roles) {
        for (Role role : roles) bits_ |= bit(role);
    }

    static constexpr RoleSet everyone() { return from_bits(0xff); }
    static constexpr RoleSet from_bits(unsigned bits) {
        RoleSet set;
        set.bits_ = static_cast<std::uint16_t>(bits);
        return set;
    }

    constexpr bool has(Role role) const { return (bits_ & bit(role)) != 0; }
    constexpr bool meets(RoleSet other) const { return (bits_ & other.bits_) != 0; }
    constexpr bool empty() const { return bits_ == 0; }
    constexpr unsigned bits() const { return bits_; }
    constexpr bool operator==(const RoleSet&) const = default;

private:
    static constexpr std::uint16_t bit(Role role) {
        return static_cast<std::uint16_t>(1U << static_cast<unsigned>(role));
    }
    std::uint16_t bits_ = 0;
};

}  // namespace tamiti
