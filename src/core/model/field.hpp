#pragma once

#include <boost/json/fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/problem.hpp"
#include "core/db/params.hpp"

namespace tamiti {

struct Model;
class FieldType;
struct Actor;

/// Ways in which a list can be filtered by a field; combined with |.
enum class Match : unsigned {
    none = 0,
    equal = 1,     ///< field=value, field__isnull=true
    any = 2,       ///< field__in=a,b; for sets and lists also field__any=a,b and field__all=a,b
    range = 4,     ///< field__lt, __lte, __gt, __gte
    contains = 8,  ///< field__icontains
};
constexpr Match operator|(Match a, Match b) {
    return static_cast<Match>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}
inline constexpr Match one_or_any = Match::equal | Match::any;
inline constexpr Match one_or_range = Match::equal | Match::range;
constexpr bool has(Match set, Match one) {
    return (static_cast<unsigned>(set) & static_cast<unsigned>(one)) != 0;
}

/// What happens to this row when the row it refers to is removed.
enum class Delete : unsigned char { restrict, cascade, set_null };

/// Where the value of a choice may go from one of its states: {"draft", {"submitted", "cancelled"}}.
struct Step {
    std::string from;
    std::vector<std::string> to;
};

/// How a choice looks beside others: its label says the same.
enum class Tone : unsigned char { quiet, info, good, warn, bad, accent };

/// The tone of one choice: {"overdue", Tone::bad}.
struct ChoiceTone {
    std::string choice;
    Tone tone = Tone::quiet;
};

/// What is written about a field beyond its C++ type, in the order people write it.
struct Rules {
    bool required = false;          ///< must be sent on create and may not be empty
    int max_length = 0;             ///< characters; 0 takes the type's default
    const char* minimum = nullptr;  ///< of numbers, durations and money, as text
    const char* maximum = nullptr;
    int digits = 2;     ///< digits after the point of a decimal
    bool sort = false;  ///< ordering=field
    Match filter = Match::none;
    char search = 0;              ///< weight A to D in the full-text search; such a field can't have `read`
    const char* read = nullptr;   ///< permission that is needed to see, filter, sort or export it
    const char* write = nullptr;  ///< permission that is needed to set it
    const char* true_for =
        nullptr;  ///< of a truth: what it begins with, left out, for holders of that permission
    bool actor_first =
        false;  ///< of a reference to people: whoever creates or replaces the row, where left out
    bool read_only = false;    ///< set by the program alone
    bool create_only = false;  ///< can't be changed later
    bool unique = false;       ///< among the rows of the model, where texts that read alike are one: folded()
    bool names_person = false;  ///< a person's name: it holds no address of a web site or of mail
    bool whole_day = false;     ///< the end of a span: a day that is given for it is part of the span
    bool verbatim = false;      ///< one line that is taken byte for byte as it was sent: a password
    bool personal = false;      ///< tells of a person: given to them, and erased with them (Model::person)
    std::vector<Step> steps{};  ///< of a choice that moves along allowed steps only: every state, once
    std::vector<std::pair<std::string, std::string>>
        labels{};                     ///< of choices whose names aren't words: {"sw", "Swahili"}
    std::vector<ChoiceTone> tones{};  ///< of choices that shall not look like all others
    Delete on_delete = Delete::restrict;
    const char* help = "";
    const char* example = nullptr;  ///< for the documentation; the type has a default
};

/// One described member of a model.
struct Field {
    std::string name;
    const FieldType* type = nullptr;
    Rules rules{};
    bool nullable = false;
    const Model& (*target)() = nullptr;  ///< the model that a reference leads to
    std::vector<std::string> choices{};  ///< names of an enum's values
    std::string record{};  ///< of the two fields of a Record: its name, "on" of on_model and on_row

    /// Reads stored text into the member of a row object; writes it back. Set for members of C++ structs.
    void (*load)(void* row, std::optional<std::string_view> stored) = nullptr;
    std::optional<std::string> (*store)(const void* row) = nullptr;
    const void* (*address)(const void* row) = nullptr;  ///< of the member in the row object

    std::string
        default_stored{};  ///< stored text of the member's initial value, what a create without it gets
    bool default_null = false;

    /// What yields the value of a field without a column, derived<>() in describe.hpp; empty for the others.
    /// As core/model/derived.hpp keeps it once the model is made.
    std::string expression{};
    bool is_derived() const { return !expression.empty(); }

    std::string json_key{};  ///< "\"name\":", ready to append
};

/// A physical column of a field.
struct Column {
    std::string name;
    std::string type;  ///< as format_type() prints it: "character varying(200)", "uuid[]"
};

/// What goes with a value while it is read: collects faults under the field's path, and knows the calling
/// code of the country whose telephone numbers may be given as they are dialled there; none where it is
/// empty.
class Faults {
public:
    explicit Faults(std::vector<FieldError>& errors, std::string_view calling_code = {})
        : errors_(errors), calling_code_(calling_code) {}
    void add(std::string field, std::string message) {
        errors_.push_back({std::move(field), std::move(message)});
    }
    bool empty() const { return errors_.empty(); }
    std::string_view calling_code() const { return calling_code_; }

private:
    std::vector<FieldError>& errors_;
    std::string_view calling_code_;
};

/// The behaviour of one type of field: column, coercion, validation, JSON, filters, documentation. One file
/// each under fields/.
///
/// "Stored" is the one text form in which a value travels between JSON and SQL: what PostgreSQL prints for
/// the select expression and what it reads as a parameter (money: "1250 USD", minor units and currency).
class FieldType {
public:
    virtual ~FieldType() = default;

    /// The type's name in `describe` and in filters' error messages.
    virtual std::string_view name() const = 0;

    /// SQL type of its column.
    virtual std::string column_type(const Field& field) const = 0;
    virtual std::vector<Column> columns(const Field& field) const;

    /// Expression that yields the stored form; `row` is the alias of the table.
    virtual std::string select(const Field& field, std::string_view row) const;

    /// Adds the parameters of a write, one for each column in the order of columns().
    virtual void bind(const std::optional<std::string>& stored, db::Params& params) const;

    /// Coerces a JSON value (never null) to stored form. On a fault adds a sentence under `path` and returns
    /// nothing.
    virtual std::optional<std::string> accept(const Field& field, const boost::json::value& json,
                                              const std::string& path, Faults& faults) const = 0;

    /// The same from text, for filters, CSV and cursors; `who` gives meaning to "me" and "today".
    virtual std::optional<std::string> accept_text(const Field& field, std::string_view text,
                                                   const Actor& who, const std::string& path,
                                                   Faults& faults) const;

    /// Where a text names a span of values and accept_text() yields its first, the first one behind the span:
    /// of a timestamp's day, when the next day begins. Nothing where the text names one value.
    virtual std::optional<std::string> end_of_span(std::string_view text, const Actor& who) const;

    /// Appends the JSON of a stored value.
    virtual void write_json(const Field& field, std::string_view stored, std::string& out) const = 0;

    /// Whether a stored value counts as empty for `required`.
    virtual bool is_empty(std::string_view stored) const { return stored.empty(); }

    /// Filters that make sense for the type; a description that asks for others is refused.
    virtual Match matches() const { return Match::equal | Match::any; }

    /// SQL condition "column matches $n" for a filter of this type; default: column = $n::type.
    virtual std::string equals(const Field& field, std::string_view row, int parameter) const;
    /// "column is one of the array in $n".
    virtual std::string one_of(const Field& field, std::string_view row, int parameter) const;
    /// "column compares with $n", operation is one of < <= > >=. Money and others bind more.
    virtual std::string compares(const Field& field, std::string_view row, std::string_view operation,
                                 db::Params& params, const std::string& stored) const;
    /// Whether values are sets (arrays): filters any and all apply to elements.
    virtual bool is_set() const { return false; }

    /// JSON Schema of a value (without null), with the limits that the rules set.
    virtual boost::json::object schema(const Field& field) const = 0;
    /// A value for examples, JSON text.
    virtual std::string example(const Field& field) const = 0;
};

}  // namespace tamiti
