#include "core/model/rows.hpp"

#include <algorithm>
#include <stdexcept>

namespace tamiti {
namespace {

std::string in_row(const RowType& type, std::string_view column) {
    return "the column " + std::string(column) + " of " + type.name;
}

/// The column of that name; looked for first where it stands when both have the same order.
int column_of(const db::Result& result, std::string_view name, int likely) {
    if (likely < result.columns() && name == result.column_name(likely)) return likely;
    return result.column(name);
}

[[noreturn]] void extra_column(const RowType& type, const db::Result& result) {
    for (int i = 0; i < result.columns(); ++i) {
        const std::string name(result.column_name(i));
        const auto is_it = [&](const RowMember& member) { return member.name == name; };
        if (std::none_of(type.members.begin(), type.members.end(), is_it))
            throw std::logic_error("a statement answers the column " + name + ", which " + type.name +
                                   " has no member for");
        if (result.column(name) != i)
            throw std::logic_error("a statement answers the column " + name + " twice");
    }
    throw std::logic_error("a statement answers more columns than " + type.name + " has members");
}

}  // namespace

RowReader::RowReader(const RowType& type, const db::Result& result) : type_(type) {
    const int columns = result.columns();
    columns_.reserve(type.members.size());
    if (type.is_scalar) {
        if (columns != 1)
            throw std::logic_error("a statement answers " + std::to_string(columns) + " columns where one " +
                                   type.name + " is wanted");
        columns_.push_back(0);
        return;
    }
    for (const RowMember& member : type.members) {
        const int column = column_of(result, member.name, static_cast<int>(columns_.size()));
        if (column < 0) throw std::logic_error("a statement does not answer " + in_row(type, member.name));
        columns_.push_back(column);
    }
    if (columns != static_cast<int>(columns_.size())) extra_column(type, result);
}

void RowReader::read(const db::Row& from, void* row) const {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        const RowMember& member = type_.members[i];
        const auto stored = from.optional_text(columns_[i]);
        if (!stored && !member.nullable)
            throw std::logic_error(in_row(type_, member.name) + " is NULL, which its member can't hold");
        try {
            member.load(row, stored);
        } catch (const std::exception& error) {
            throw std::logic_error(in_row(type_, member.name) + ": " + error.what());
        }
    }
}

RowType row_type_of(const Model& model) {
    RowType type{.name = model.name};
    for (const Field& field : model.fields)
        if (!field.is_derived()) type.members.push_back({field.name, field.load, field.nullable});
    return type;
}

db::Sql columns_of(const Model& model, std::string_view alias) {
    std::string columns;
    for (const Field& field : model.fields) {
        if (field.is_derived()) continue;
        if (!columns.empty()) columns += ", ";
        columns += field.type->select(field, alias) + " AS " + field.name;
    }
    return db::Sql::verbatim(std::move(columns));
}

}  // namespace tamiti
