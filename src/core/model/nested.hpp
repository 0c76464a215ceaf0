#pragma once

#include <boost/describe/members.hpp>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/shape_of.hpp"

/// Structs, and lists of them, as members of inputs, answers and columns of JSON; included where such a
/// member is described:
///
///     struct Line { std::string text{}; Money amount{}; };
///     const Shape& shape_of(tag<Line>);
///     struct Draft { std::vector<Line> lines{}; };
///
/// A fault names its path, counted from 0: "lines.2.amount". A column keeps the JSON as jsonb; members that
/// an older row lacks have their initial values, and members that are gone are passed over.
namespace tamiti {

/// The type of such a member. Its stored form is its JSON.
class NestedType final : public FieldType {
public:
    /// Throws std::logic_error for a member with rules that only columns can have: of filters, orderings,
    /// searches, permissions and uniqueness.
    NestedType(Shape shape, bool is_list);

    const Shape& shape() const { return shape_; }
    bool is_list() const { return is_list_; }
    /// Whether an object without any member would be refused.
    bool needs_members() const;

    std::string_view name() const override { return name_; }
    std::string column_type(const Field&) const override { return "jsonb"; }
    Match matches() const override { return Match::none; }
    std::optional<std::string> accept(const Field& field, const boost::json::value& json,
                                      const std::string& path, Faults& faults) const override;
    std::optional<std::string> accept_text(const Field& field, std::string_view text, const Actor& who,
                                           const std::string& path, Faults& faults) const override;
    void write_json(const Field&, std::string_view stored, std::string& out) const override { out += stored; }
    bool is_empty(std::string_view stored) const override { return stored.empty() || stored == "[]"; }
    boost::json::object schema(const Field& field) const override;
    std::string example(const Field& field) const override;

    /// How many elements a list has, at most.
    static std::size_t limit(const Field& field);

    /// Fills objects from stored text, each of which `next` makes: one, or those of a list. Throws
    /// std::out_of_range where the text has another form.
    void load(std::string_view stored, const std::function<void*()>& next) const;
    /// Appends the stored form of one object.
    void store(const void* row, std::string& out) const;

private:
    bool accept_object(const boost::json::value& json, const std::string& path, Faults& faults,
                       std::string& out) const;
    bool accept_member(const Field& field, const boost::json::value* json, const std::string& path,
                       Faults& faults, std::string& out) const;
    void load_object(const boost::json::value& json, void* row) const;

    Shape shape_;
    bool is_list_;
    std::string name_;
};

template <class T>
concept Nestable =
    std::is_class_v<T> && !HasModel<T> && (HasShape<T> || boost::describe::has_describe_members<T>::value);

template <Nestable T>
struct Member<T> {
    static const NestedType& type() {
        static const NestedType made(shape_of<T>(), false);
        return made;
    }
    static void complete(Field& field) {
        if (!field.nullable && type().needs_members()) field.rules.required = true;
    }
    static T load(std::string_view stored) {
        T row{};
        type().load(stored, [&]() -> void* { return &row; });
        return row;
    }
    static std::string store(const T& row) {
        std::string text;
        type().store(&row, text);
        return text;
    }
};

template <Nestable T>
struct Member<std::vector<T>> {
    static const NestedType& type() {
        static const NestedType made(shape_of<T>(), true);
        return made;
    }
    static void complete(Field&) {}
    static std::vector<T> load(std::string_view stored) {
        std::vector<T> rows;
        type().load(stored, [&]() -> void* { return &rows.emplace_back(); });
        return rows;
    }
    static std::string store(const std::vector<T>& rows) {
        std::string text = "[";
        for (const T& row : rows) {
            if (text.size() > 1) text += ',';
            type().store(&row, text);
        }
        return text += ']';
    }
};

}  // namespace tamiti
