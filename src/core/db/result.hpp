#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct pg_result;

namespace tamiti::db {

/// One row of a result, text form. Views live as long as the result.
class Row {
public:
    Row(const pg_result* result, int row) : result_(result), row_(row) {}

    bool is_null(int column) const;
    std::string_view text(int column) const;  ///< empty for NULL
    std::optional<std::string_view> optional_text(int column) const;
    std::int64_t integer(int column) const;  ///< throws std::out_of_range where the text is no integer
    bool boolean(int column) const { return text(column) == "t"; }
    int columns() const;

private:
    const pg_result* result_;
    int row_;
};

/// The rows that a statement answered.
class Result {
public:
    explicit Result(pg_result* result = nullptr);

    int size() const;  ///< rows
    bool empty() const { return size() == 0; }
    Row operator[](int row) const { return Row(result_.get(), row); }
    int affected() const;                     ///< rows that an INSERT, UPDATE or DELETE touched
    std::string_view command() const;         ///< what was done, such as "COMMIT" or "INSERT 0 1"
    int column(std::string_view name) const;  ///< -1 when there is none
    int columns() const;
    std::string_view column_name(int column) const;
    pg_result* get() const { return result_.get(); }

    class Iterator {
    public:
        Iterator(const Result& result, int row) : result_(&result), row_(row) {}
        Row operator*() const { return (*result_)[row_]; }
        Iterator& operator++() {
            ++row_;
            return *this;
        }
        bool operator!=(const Iterator& other) const { return row_ != other.row_; }

    private:
        const Result* result_;
        int row_;
    };
    Iterator begin() const { return {*this, 0}; }
    Iterator end() const { return {*this, size()}; }

private:
    struct Clear {
        void operator()(pg_result* result) const;
    };
    std::unique_ptr<pg_result, Clear> result_;
};

}  // namespace tamiti::db
