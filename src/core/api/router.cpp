#include "core/api/router.hpp"

#include <stdexcept>

#include "core/base/text.hpp"

namespace tamiti::api {

Router::Router(std::vector<Operation> operations) : all_(std::move(operations)) {
    for (const Operation& operation : all_) add(operation);
}

void Router::add(const Operation& operation) {
    const std::string path = std::string(api_root) + operation.path;
    Node* node = &root_;
    for (std::string_view segment : split(std::string_view(path).substr(1), '/')) {
        if (segment.starts_with('{')) {
            std::unique_ptr<Node>& parameter =
                operation.route && operation.route->takes_text ? node->text : node->id;
            if (!parameter) parameter = std::make_unique<Node>();
            node = parameter.get();
        } else {
            node = &node->literals[std::string(segment)];
        }
    }
    const Operation*& place = node->place[static_cast<std::size_t>(operation.method)];
    if (place)
        throw std::logic_error("two operations at " + std::string(name_of(operation.method)) + " " + path);
    node->used = true;
    place = &operation;
}

Match Router::find(const std::vector<std::string>& segments) const {
    Match match;
    const Node* node = &root_;
    for (const auto& segment : segments) {
        if (const auto literal = node->literals.find(segment); literal != node->literals.end()) {
            node = &literal->second;
            continue;
        }
        if (const auto id = node->id ? Uuid::parse(segment) : std::nullopt) {
            match.ids.push_back(*id);
            node = node->id.get();
        } else if (node->text) {
            match.texts.push_back(segment);
            node = node->text.get();
        } else {
            return {};
        }
    }
    if (node->used) match.place = &node->place;
    return match;
}

std::string allowed_methods(const Place& place) {
    std::string allowed;
    for (std::size_t i = 0; i < place.size(); ++i) {
        if (!place[i]) continue;
        allowed += std::string(name_of(static_cast<http::Method>(i))) + ", ";
        if (static_cast<http::Method>(i) == http::Method::get) allowed += "HEAD, ";
    }
    return allowed + "OPTIONS";
}

}  // namespace tamiti::api
