#pragma once

#include <boost/describe/members.hpp>
#include <boost/mp11/algorithm.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/db/result.hpp"
#include "core/db/sql.hpp"
#include "core/model/member.hpp"
#include "core/model/model.hpp"

/// Rows of a result as C++ values: each column goes to the member of its name. Columns are matched once for a
/// result; a column without a member, a member without a column, NULL where a member can't be nothing and
/// text of another form are faults of the program: std::logic_error with the names.
namespace tamiti {

/// The type that is one row of a model, or a struct that BOOST_DESCRIBE_STRUCT lists.
template <class T>
concept RowStruct = HasModel<T> || boost::describe::has_describe_members<T>::value;

/// A type that is one column.
template <class T>
concept RowScalar = !RowStruct<T> && requires(std::string_view stored) {
    Member<typename Bare<T>::type>::load(stored);
};

/// How one column becomes a member of a row object, or the object itself.
struct RowMember {
    std::string_view name;
    void (*load)(void* row, std::optional<std::string_view> stored);
    bool nullable;
};

/// What is known of a type of rows; made once for each.
struct RowType {
    std::string name;
    std::vector<RowMember> members{};
    bool is_scalar = false;  ///< one column, whatever it is called
};

/// The columns of a result in the order of the type's members.
class RowReader {
public:
    RowReader(const RowType& type, const db::Result& result);
    void read(const db::Row& from, void* row) const;

private:
    const RowType& type_;
    std::vector<int> columns_{};
};

template <class T>
const RowType& row_type();

/// The rows that a statement answered.
template <class T>
std::vector<T> rows_of(const db::Result& result) {
    const RowReader reader(row_type<T>(), result);
    std::vector<T> rows;
    rows.reserve(static_cast<std::size_t>(result.size()));
    for (const db::Row from : result) {
        T row{};
        reader.read(from, &row);
        rows.push_back(std::move(row));
    }
    return rows;
}

/// The select list of a model's row aliased `alias`, each column with its name, without derived fields:
/// tx.all<Project>({"SELECT {} FROM projects_project AS p …", columns_of<Project>("p")}).
db::Sql columns_of(const Model& model, std::string_view alias);
template <HasModel T>
db::Sql columns_of(std::string_view alias) {
    return columns_of(model_of(tag<T>{}), alias);
}

RowType row_type_of(const Model& model);

namespace rows {

/// Reads stored text as a value of a member.
template <class Value>
Value value_of(std::optional<std::string_view> stored) {
    if (!stored) return Value{};
    return Member<typename Bare<Value>::type>::load(*stored);
}

template <class T>
RowType described() {
    RowType type{.name = type_name<T>()};
    boost::mp11::mp_for_each<
        boost::describe::describe_members<T, boost::describe::mod_public | boost::describe::mod_inherited>>(
        [&](auto member) {
            constexpr auto pointer = decltype(member)::pointer;
            using Value = std::remove_cvref_t<decltype(std::declval<T&>().*pointer)>;
            type.members.push_back({member.name,
                                    [](void* row, std::optional<std::string_view> stored) {
                                        static_cast<T*>(row)->*pointer = value_of<Value>(stored);
                                    },
                                    Bare<Value>::nullable});
        });
    return type;
}

template <class T>
RowType scalar() {
    return {type_name<T>(),
            {{"value",
              [](void* row, std::optional<std::string_view> stored) {
                  *static_cast<T*>(row) = value_of<T>(stored);
              },
              Bare<T>::nullable}},
            true};
}

}  // namespace rows

template <class T>
const RowType& row_type() {
    static_assert(RowStruct<T> || RowScalar<T>,
                  "rows are structs with BOOST_DESCRIBE_STRUCT, models or single values");
    static const RowType type = [] {
        if constexpr (HasModel<T>)
            return row_type_of(model_of(tag<T>{}));
        else if constexpr (RowStruct<T>)
            return rows::described<T>();
        else
            return rows::scalar<T>();
    }();
    return type;
}

}  // namespace tamiti
