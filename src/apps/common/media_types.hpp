#pragma once

#include <string>
#include <string_view>

/// What files are, decided by their content.
namespace tamiti::common {

constexpr std::size_t head_bytes = 1'048'576;  ///< of a file that are looked at
constexpr std::size_t tail_bytes = 65'536;     ///< and those at its end: where an archive lists what it has

/// What it is decided by.
struct Glance {
    std::string_view head{};
    std::string_view tail{};
    bool is_text = false;  ///< the whole file is UTF-8 without a NUL
};

/// A glance at bytes that must outlive it.
Glance glance_at(std::string_view bytes);

/// Tells of a file that comes in parts whether it is UTF-8 without a NUL.
class TextCheck {
public:
    void look_at(std::string_view part);
    bool is_text() const;  ///< of all parts so far as a whole

private:
    std::string begun_{};  // a character that goes on in the next part
    bool failed_ = false;
};

/// The media type of a file, one of those that may be attached; empty for anything else (programs, unknown
/// formats). What is UTF-8 without a NUL is a text, whatever it begins with: text/plain unless it is one of
/// the listed kinds.
std::string media_type_of(const Glance& file);
std::string media_type_of(std::string_view bytes);

/// The name with an ending that fits the type: "notes.exe" of text/plain is "notes.exe.txt", so that what is
/// opened after a download is what was looked at. A text keeps every ending of texts.
std::string fitting_name(std::string name, std::string_view media_type);

}  // namespace tamiti::common
