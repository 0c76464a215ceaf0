#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/db/params.hpp"

namespace tamiti::db {

/// The text of a statement whose {} are counted while it is compiled: as many as there are values.
template <std::size_t values>
class SqlText {
public:
    consteval SqlText(const char* written) : text(written) {
        std::size_t found = 0;
        for (std::size_t at = text.find("{}"); at != text.npos; at = text.find("{}", at + 2)) {
            if (at > 0 && text[at - 1] == '\'') a_value_never_stands_in_quotes();
            if (found == values) there_are_more_braces_than_values();
            holes[found++] = at;
        }
        if (found != values) there_are_fewer_braces_than_values();
    }

    std::string_view text;
    std::array<std::size_t, values> holes{};  ///< where the {} begin

private:
    // What the compiler says of a text that won't do: none of these can be called while compiling.
    static void there_are_more_braces_than_values();
    static void there_are_fewer_braces_than_values();
    static void a_value_never_stands_in_quotes();
};

/// SQL with its values: a statement, or a piece of one.
///
///     Sql{R"(SELECT id FROM tasks_task WHERE due_on < {} AND {})", today, visible_tasks(who)}
///
/// Each {} of the text takes a value, which is bound as $n and never becomes text, or another Sql (a Scope is
/// one), which is put there with its values. Nothing else in the text is interpreted, but the text is fixed
/// when the program is compiled; an empty array is written '{ }' or ARRAY[]::text[].
class Sql {
public:
    Sql() = default;

    template <class... Values>
    Sql(SqlText<sizeof...(Values)> written, const Values&... values) {
        std::size_t from = 0;
        [[maybe_unused]] std::size_t hole = 0;
        if constexpr (sizeof...(Values) > 0) {
            reserve(written.text.size() + (extra(values) + ...), sizeof...(Values));
            ((text_.append(written.text.substr(from, written.holes[hole] - from)),
              from = written.holes[hole++] + 2, put(values)),
             ...);
        }
        text_.append(written.text.substr(from));
    }

    /// Text of the program's own making, such as what a description says of a field. Never of anything that
    /// somebody sent.
    static Sql verbatim(std::string text);

    /// Puts the other behind this one.
    Sql& append(const Sql& other);

    bool empty() const { return text_.empty(); }

    /// The statement with $1, $2, … and the values for them.
    std::string text() const { return numbered(0); }
    const Params& params() const { return values_; }

    /// For a statement that is put together otherwise: adds the values to its `params` and returns the text
    /// with the numbers that they have there.
    std::string render(Params& params) const { return numbered(params.append(values_)); }

    /// Whether text and values are the same.
    bool operator==(const Sql& other) const;

private:
    template <class Value>
    static std::size_t extra(const Value& value) {
        if constexpr (std::derived_from<Value, Sql>)
            return value.text_.size();
        else
            return 0;
    }
    template <class Value>
    void put(const Value& value) {
        if constexpr (std::derived_from<Value, Sql>) {
            append(value);
        } else {
            holes_.push_back(static_cast<std::uint32_t>(text_.size()));
            values_.add(value);
        }
    }
    void reserve(std::size_t text, std::size_t values) {
        text_.reserve(text);
        holes_.reserve(values);
    }
    std::string numbered(int after) const;

    std::string text_{};                  // without its parameters
    std::vector<std::uint32_t> holes_{};  // where in the text they belong, ascending
    Params values_{};
};

/// The name of a table or column that is known at run time only. A text that is no plain lower-case
/// identifier throws std::logic_error.
Sql name(std::string_view identifier);

/// A constant of the program's own, such as a model's name, that stands in the statement: where the planner
/// must know it.
Sql literal(std::string_view text);

/// The pieces with a text between each two of them.
Sql join(const std::vector<Sql>& pieces, SqlText<0> between);

}  // namespace tamiti::db

namespace tamiti {
using db::Sql;
}
