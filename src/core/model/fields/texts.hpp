#pragma once

#include <string>

#include "core/model/fields/json_forms.hpp"

/// Types whose stored form is the text itself.
namespace tamiti {

/// What text, long text, email, phone, url and time zone have in common.
class TextLike : public FieldType {
public:
    std::string column_type(const Field&) const override { return "text"; }
    Match matches() const override { return Match::equal | Match::any | Match::contains; }

    std::optional<std::string> accept(const Field& field, const boost::json::value& json,
                                      const std::string& path, Faults& faults) const override;
    std::optional<std::string> accept_text(const Field& field, std::string_view text, const Actor& who,
                                           const std::string& path, Faults& faults) const override;
    void write_json(const Field&, std::string_view stored, std::string& out) const override;
    bool is_empty(std::string_view stored) const override;  ///< what can't be seen is nothing, too
    boost::json::object schema(const Field& field) const override;

protected:
    /// Characters that a value may have where the rules don't say.
    virtual int usual_length() const = 0;
    /// The form in which what was typed is kept: one line, unless a type has several.
    virtual std::string kept(std::string_view text) const;
    /// Checks text in that form that isn't too long, and brings it to the form of the type.
    virtual std::optional<std::string> read(const Field& field, std::string_view text,
                                            const std::string& path, Faults& faults) const = 0;

    int max_length(const Field& field) const {
        return field.rules.max_length > 0 ? field.rules.max_length : usual_length();
    }

private:
    std::optional<std::string> check(const Field& field, std::string_view text, const std::string& path,
                                     Faults& faults) const;
};

/// Types whose text has a form: a blank stands for "none" where the field can't be null.
class FormedText : public TextLike {
protected:
    static bool may_be_blank(const Field& field) { return !field.rules.required && !field.nullable; }

    /// The normalised text, or an empty one where the text is of another form; telephone numbers may be those
    /// of the country with that calling code.
    virtual std::string normalised(std::string_view text, std::string_view calling_code) const = 0;
    /// The sentence for text of another form.
    virtual std::string sentence() const = 0;

    std::optional<std::string> read(const Field& field, std::string_view text, const std::string& path,
                                    Faults& faults) const override;
};

}  // namespace tamiti
