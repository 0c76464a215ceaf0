#pragma once

#include <boost/pfr/tuple_size.hpp>
#include <string>
#include <utility>

#include "core/model/member.hpp"
#include "core/model/model.hpp"
#include "core/model/record.hpp"

/// Describing a model; included by models.cpp files only.
namespace tamiti {

template <class M>
struct MemberOf;
template <class Row, class Value>
struct MemberOf<Value Row::*> {
    using row = Row;
    using value = Value;
};

/// Describes one member: field<&Task::title>("title", {.required = true, .max_length = 200}).
template <auto Pointer>
Field field(std::string name, Rules rules = {}) {
    using Row = typename MemberOf<decltype(Pointer)>::row;
    using Value = typename MemberOf<decltype(Pointer)>::value;
    using Type = typename Bare<Value>::type;
    Field field{.name = std::move(name),
                .type = &Member<Type>::type(),
                .rules = rules,
                .nullable = Bare<Value>::nullable};
    Member<Type>::complete(field);
    field.load = [](void* row, std::optional<std::string_view> stored) {
        auto& member = static_cast<Row*>(row)->*Pointer;
        if (stored)
            member = Member<Type>::load(*stored);
        else
            member = Value{};
    };
    field.store = [](const void* row) -> std::optional<std::string> {
        const auto& member = static_cast<const Row*>(row)->*Pointer;
        if constexpr (Bare<Value>::nullable) {
            if (!member) return std::nullopt;
            return Member<Type>::store(*member);
        } else {
            return Member<Type>::store(member);
        }
    };
    field.address = [](const void* row) -> const void* { return &(static_cast<const Row*>(row)->*Pointer); };
    const Row initial{};
    const auto stored = field.store(&initial);
    field.default_null = !stored;
    field.default_stored = stored.value_or("");
    return field;
}

/// Describes a member without a column: what the expression yields of a row when it is read,
/// derived<&Task::is_overdue>("is_overdue", "due_at < {now} AND status <> 'done'"). It names columns of its
/// own table; {now} is the time of the transaction and {today} the day of that in the actor's zone. A
/// subselect names the row's columns as {row}.id, for its own come first. NULL is the member's initial value
/// where the member can't be nothing. What it reads of other rows isn't narrowed to those that the actor
/// sees: where they may not see all of them, the field needs `read`.
///
/// Such a field is listed, filtered, sorted and exported as its rules say, and costs nothing where it isn't
/// asked for, but no index helps it: filter by it beside filters that have one. Row objects leave the member
/// at its initial value; verbs that answer rows are answered with what is read again.
template <auto Pointer>
Field derived(std::string name, std::string expression, Rules rules = {}) {
    Field made = field<Pointer>(std::move(name), std::move(rules));
    made.expression = "(" + expression + ")";
    made.load = [](void*, std::optional<std::string_view>) {};
    return made;
}

/// Describes a filter by rows that refer to the model's: filter_through<users::User>("member", "{row}.id IN
/// (SELECT m.project FROM projects_member AS m WHERE m.member = {value})", "With this member."). Written so,
/// an index on what is compared finds the rows; what it asks is to be no secret to whoever sees a row.
template <class T>
FilterThrough filter_through(std::string name, std::string condition, const char* help) {
    Field made{.name = std::move(name),
               .type = &Member<Id<T>>::type(),
               .rules = {.filter = Match::equal, .help = help}};
    Member<Id<T>>::complete(made);
    return {std::move(made), std::move(condition)};
}

/// Describes a member that is a Record as two fields, on_model and on_row, with the same rules:
/// record<&Comment::on>("on", {.required = true, .filter = one_or_any, .create_only = true}).
template <auto Pointer>
FieldGroup record(const std::string& name, Rules rules = {}) {
    using Row = typename MemberOf<decltype(Pointer)>::row;
    static_assert(std::is_same_v<typename MemberOf<decltype(Pointer)>::value, Record>);
    std::vector<Field> fields = record_fields(name, rules);
    Field& model = fields.front();
    model.load = [](void* row, std::optional<std::string_view> stored) {
        (static_cast<Row*>(row)->*Pointer).model = std::string(stored.value_or(""));
    };
    model.store = [](const void* row) -> std::optional<std::string> {
        return (static_cast<const Row*>(row)->*Pointer).model;
    };
    Field& id = fields.back();
    id.load = [](void* row, std::optional<std::string_view> stored) {
        (static_cast<Row*>(row)->*Pointer).row = stored ? stored_uuid(*stored) : Uuid{};
    };
    id.store = [](const void* row) -> std::optional<std::string> {
        return (static_cast<const Row*>(row)->*Pointer).row.text();
    };
    const Row initial{};
    for (Field& field : fields) {
        field.address = [](const void* row) -> const void* {
            return &(static_cast<const Row*>(row)->*Pointer);
        };
        field.default_stored = field.store(&initial).value();
    }
    return fields;
}

/// Every model's id.
template <class T>
FieldGroup uuid_model() {
    Field id = field<&T::id>("id", {.sort = true,
                                    .filter = one_or_any,
                                    .create_only = true,
                                    .help = "UUID version 7; may be sent on create."});
    id.type = &id_type();
    return {std::move(id)};
}

/// When a row was made and last changed, and its version for ETag and If-Match; set by the engine.
template <class T>
FieldGroup time_stamped_model() {
    return {std::vector<Field>{
        field<&T::created_at>("created_at", {.sort = true, .filter = Match::range, .read_only = true}),
        field<&T::updated_at>("updated_at", {.sort = true, .filter = Match::range, .read_only = true}),
        field<&T::version>("version", {.read_only = true, .help = "Grows by one with each change."}),
    }};
}

/// Rows that go to the trash first.
template <class T>
FieldGroup soft_delete_model() {
    return {
        field<&T::deleted_at>("deleted_at", {.read_only = true, .help = "When the row went to the trash."})};
}

/// Makes the model of T. The number of fields must be the number of members: a forgotten one is an error.
template <class T>
Model describe(std::string name, Description description) {
    return make_model(std::move(name), std::move(description), boost::pfr::tuple_size_v<T>);
}

}  // namespace tamiti
