#include <boost/json.hpp>

#include "core/base/text.hpp"
#include "core/model/fields/texts.hpp"
#include "core/model/member.hpp"

namespace tamiti {
namespace {

// An address as normalise_email() takes it, or nothing.
constexpr const char* blank_or_email =
    R"(^([A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@[A-Za-z0-9]+(-+[A-Za-z0-9]+)*)"
    R"((\.[A-Za-z0-9]+(-+[A-Za-z0-9]+)*)+)?$)";

/// A mail address; compares without case, as people type it.
class EmailType final : public FormedText {
public:
    std::string_view name() const override { return "email"; }

    std::string equals(const Field& field, std::string_view row, int parameter) const override {
        return "lower(" + column_of(field, row) + ") = lower(" + placeholder(parameter, "text") + ")";
    }
    std::string one_of(const Field& field, std::string_view row, int parameter) const override {
        return "lower(" + column_of(field, row) + ") = ANY(ARRAY(SELECT lower(one) FROM unnest(" +
               placeholder(parameter, "text[]") + ") AS one))";
    }

    boost::json::object schema(const Field& field) const override {
        boost::json::object schema = TextLike::schema(field);
        if (may_be_blank(field))
            schema["pattern"] = blank_or_email;
        else
            schema["format"] = "email";
        return schema;
    }
    std::string example(const Field& field) const override {
        return quoted_example(field, "ada@studio.example");
    }

protected:
    int usual_length() const override { return 254; }
    std::string normalised(std::string_view text, std::string_view) const override {
        return normalise_email(text);
    }
    std::string sentence() const override { return "Must be a mail address such as ada@studio.example."; }
};

}  // namespace

const FieldType& email_type() {
    static const EmailType type;
    return type;
}

}  // namespace tamiti
