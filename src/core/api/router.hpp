#pragma once

#include <array>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/operations.hpp"
#include "core/base/uuid.hpp"

namespace tamiti::api {

/// The operations at one path, by method; null where the method isn't offered.
using Place = std::array<const Operation*, 7>;

/// A path that was found.
struct Match {
    const Place* place = nullptr;
    std::vector<Uuid> ids{};           ///< path parameters in order
    std::vector<std::string> texts{};  ///< those of a route that takes texts
};

/// Finds operations by path. Literal segments win over {id}, and {id} over a parameter that takes any text;
/// an {id} that is no UUID is not found.
class Router {
public:
    /// What the operations lead to must outlive it. Throws std::logic_error where two are at one place.
    explicit Router(std::vector<Operation> operations);

    /// `segments` are those of the whole path, "api" and "v1" included.
    Match find(const std::vector<std::string>& segments) const;

    /// Every operation in the order of declaration.
    const std::vector<Operation>& all() const { return all_; }

    /// Position of an operation of this router in all().
    std::size_t index_of(const Operation& operation) const {
        return static_cast<std::size_t>(&operation - all_.data());
    }

private:
    struct Node {
        std::map<std::string, Node, std::less<>> literals{};
        std::unique_ptr<Node> id{};
        std::unique_ptr<Node> text{};
        Place place{};
        bool used = false;
    };
    void add(const Operation& operation);

    std::vector<Operation> all_;
    Node root_{};
};

/// "GET, HEAD, OPTIONS" of a place, for Allow.
std::string allowed_methods(const Place& place);

}  // namespace tamiti::api
