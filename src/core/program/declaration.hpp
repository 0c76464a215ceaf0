#pragma once

#include <memory>
#include <typeindex>
#include <utility>

namespace tamiti {

/// What an app declares for others to read, such as a kind of notice or a card of a dashboard. Its type lives
/// in core, so that neither app includes the other: the one says `.declares = {Card{…}}`, the other reads
/// `registry.declared<Card>()`.
class Declaration {
public:
    template <class T>
    requires(!std::is_same_v<std::remove_cvref_t<T>, Declaration>) Declaration(T declared)
        : type_(typeid(T)), declared_(std::make_shared<const T>(std::move(declared))) {}

    /// What is declared, nullptr where it is of another type.
    template <class T>
    const T* as() const {
        return type_ == typeid(T) ? static_cast<const T*>(declared_.get()) : nullptr;
    }

private:
    std::type_index type_;
    std::shared_ptr<const void> declared_;
};

}  // namespace tamiti
