#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "core/base/time.hpp"
#include "core/base/uuid.hpp"

namespace tamiti::db {

/// The values of a statement's $1, $2, … in PostgreSQL's text form. Owns their bytes.
class Params {
public:
    Params() = default;
    template <class... Values>
    static Params of(const Values&... values) {
        Params params;
        (params.add(values), ...);
        return params;
    }

    /// Each returns the number of the parameter that it added: 1 for the first.
    int add_null();
    int add_text(std::string_view text);

    int add(std::string_view text) { return add_text(text); }
    int add(const char* text) { return add_text(text); }
    int add(const std::string& text) { return add_text(text); }
    int add(bool value) { return add_text(value ? "true" : "false"); }
    int add(Timestamp time) { return add_text(format(time)); }
    int add(Date date) { return add_text(format(date)); }
    int add(Duration duration) { return add_text(std::to_string(duration.count())); }
    int add(const Uuid& id) { return add_text(id.text()); }
    template <class T>
    int add(const Id<T>& id) {
        return add(id.value);
    }
    template <class Number>
    requires(std::is_integral_v<Number> && !std::is_same_v<Number, bool>) int add(Number number) {
        return add_text(std::to_string(number));
    }
    template <class T>
    int add(const std::optional<T>& value) {
        return value ? add(*value) : add_null();
    }
    /// A one-dimensional array ('{"a","b"}').
    int add(const std::vector<std::string>& texts);
    template <class T>
    int add(const std::vector<Id<T>>& ids) {
        std::vector<std::string> texts;
        for (const auto& id : ids) texts.push_back(id.text());
        return add(texts);
    }

    int size() const { return static_cast<int>(offsets_.size()); }

    /// Adds all of another's; returns by how much its numbers moved.
    int append(const Params& other);

    /// Whether both hold the same values in the same order.
    bool operator==(const Params& other) const {
        return offsets_ == other.offsets_ && bytes_ == other.bytes_;
    }

    /// The pointers libpq wants, null for NULL; valid until the next add.
    const std::vector<const char*>& pointers() const;

private:
    std::string bytes_{};
    std::vector<std::ptrdiff_t> offsets_{};  // -1 is NULL
    mutable std::vector<const char*> pointers_{};
};

/// The text form of a PostgreSQL array of text.
std::string array_text(const std::vector<std::string>& parts);

/// Reads the text form of a one-dimensional PostgreSQL array; NULL elements are dropped.
std::vector<std::string> parse_array(std::string_view text);

}  // namespace tamiti::db
