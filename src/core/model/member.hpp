#pragma once

#include <cstring>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/base/enum_names.hpp"
#include "core/base/money.hpp"
#include "core/base/time.hpp"
#include "core/base/uuid.hpp"
#include "core/db/params.hpp"
#include "core/model/field.hpp"
#include "core/model/types.hpp"

/// How C++ members map to field types: one specialisation of Member a type.
namespace tamiti {

// The field types; each is defined in its file under fields/.
const FieldType& text_type();
const FieldType& long_text_type();
const FieldType& integer_type();
const FieldType& decimal_type();
const FieldType& money_type();
const FieldType& boolean_type();
const FieldType& date_type();
const FieldType& timestamp_type();
const FieldType& duration_type();
const FieldType& reference_type();
const FieldType& reference_list_type();
const FieldType& choice_type();
const FieldType& choice_set_type();
const FieldType& tags_type();
const FieldType& email_type();
const FieldType& phone_type();
const FieldType& url_type();
const FieldType& time_zone_type();
const FieldType& json_type();
const FieldType& id_type();
const FieldType& row_type();

// Readings of stored text that several members share; each throws std::out_of_range where the text is of
// another form.
Timestamp stored_timestamp(std::string_view stored);
std::int64_t stored_integer(std::string_view stored);
Uuid stored_uuid(std::string_view stored);
Money stored_money(std::string_view stored);

template <class T>
struct Member;  // a member of another type can't be described

#define TAMITI_MEMBER(CPP_TYPE, TYPE_FUNCTION, LOAD, STORE)               \
    template <>                                                           \
    struct Member<CPP_TYPE> {                                             \
        static const FieldType& type() { return TYPE_FUNCTION(); }        \
        static void complete(Field&) {}                                   \
        static CPP_TYPE load(std::string_view stored) { return LOAD; }    \
        static std::string store(const CPP_TYPE& value) { return STORE; } \
    };
TAMITI_MEMBER(std::string, text_type, std::string(stored), value)
TAMITI_MEMBER(LongText, long_text_type, {std::string(stored)}, value.text)
TAMITI_MEMBER(Email, email_type, {std::string(stored)}, value.text)
TAMITI_MEMBER(Phone, phone_type, {std::string(stored)}, value.text)
TAMITI_MEMBER(Url, url_type, {std::string(stored)}, value.text)
TAMITI_MEMBER(TimeZone, time_zone_type, {std::string(stored)}, value.text)
TAMITI_MEMBER(Json, json_type, {std::string(stored)}, value.text)
TAMITI_MEMBER(Uuid, row_type, stored_uuid(stored), value.text())
TAMITI_MEMBER(bool, boolean_type, stored == "t" || stored == "true", value ? "true" : "false")
TAMITI_MEMBER(std::int64_t, integer_type, stored_integer(stored), std::to_string(value))
TAMITI_MEMBER(Decimal, decimal_type, {std::string(stored)}, value.text)
TAMITI_MEMBER(Money, money_type, stored_money(stored), std::to_string(value.minor) + " " + value.currency)
TAMITI_MEMBER(Date, date_type, parse_date(stored).value(), format(value))
TAMITI_MEMBER(Timestamp, timestamp_type, stored_timestamp(stored), format(value))
TAMITI_MEMBER(Duration, duration_type, Duration(stored_integer(stored)), std::to_string(value.count()))
TAMITI_MEMBER(Tags, tags_type, {db::parse_array(stored)}, db::array_text(value.names))
#undef TAMITI_MEMBER

/// Without limits of its own, a field of 32 bits has those of its member: a greater number would not load.
template <>
struct Member<int> {
    static const FieldType& type() { return integer_type(); }
    static void complete(Field& field) {
        if (!field.rules.minimum) field.rules.minimum = "-2147483648";
        if (!field.rules.maximum) field.rules.maximum = "2147483647";
    }
    static int load(std::string_view stored) {
        const std::int64_t number = stored_integer(stored);
        const int narrow = static_cast<int>(number);
        if (narrow != number) throw std::out_of_range("a number too great for 32 bits");
        return narrow;
    }
    static std::string store(const int& value) { return std::to_string(value); }
};

template <class T>
struct Member<Id<T>> {
    static const FieldType& type() { return reference_type(); }
    static void complete(Field& field) {
        field.target = [](/* found by argument-dependent lookup */) -> const Model& {
            return model_of(tag<T>{});
        };
    }
    static Id<T> load(std::string_view stored) { return Id<T>{stored_uuid(stored)}; }
    static std::string store(const Id<T>& value) { return value.text(); }
};

template <class T>
struct Member<std::vector<Id<T>>> {
    static const FieldType& type() { return reference_list_type(); }
    static void complete(Field& field) { Member<Id<T>>::complete(field); }
    static std::vector<Id<T>> load(std::string_view stored) {
        std::vector<Id<T>> ids;
        for (const auto& part : db::parse_array(stored)) ids.push_back(Id<T>{stored_uuid(part)});
        return ids;
    }
    static std::string store(const std::vector<Id<T>>& value) {
        std::vector<std::string> parts;
        for (const auto& id : value) parts.push_back(id.text());
        return db::array_text(parts);
    }
};

template <class E>
requires std::is_enum_v<E>
struct Member<E> {
    static const FieldType& type() { return choice_type(); }
    static void complete(Field& field) { field.choices = enum_names<E>(); }
    static E load(std::string_view stored) { return enum_value<E>(stored); }
    static std::string store(const E& value) { return enum_name(value); }
};

template <class E>
requires std::is_enum_v<E>
struct Member<std::vector<E>> {
    static const FieldType& type() { return choice_set_type(); }
    static void complete(Field& field) { field.choices = enum_names<E>(); }
    static std::vector<E> load(std::string_view stored) {
        std::vector<E> values;
        for (const auto& part : db::parse_array(stored)) values.push_back(enum_value<E>(part));
        return values;
    }
    static std::string store(const std::vector<E>& value) {
        std::vector<std::string> parts;
        for (const auto& one : value) parts.push_back(enum_name(one));
        return db::array_text(parts);
    }
};

/// Takes the optional off a type.
template <class T>
struct Bare {
    using type = T;
    static constexpr bool nullable = false;
};
template <class T>
struct Bare<std::optional<T>> {
    using type = T;
    static constexpr bool nullable = true;
};

}  // namespace tamiti
