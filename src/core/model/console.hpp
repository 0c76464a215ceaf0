#pragma once

#include <string>
#include <vector>

namespace tamiti {

struct Model;

/// A part of a record's form and sheet: fields under a heading.
struct Section {
    std::string name;  ///< in English; catalogues of captions have the others
    std::vector<std::string> fields;
};

/// What the console shows of a model. Fields are named; whoever can't read one doesn't get it.
struct Console {
    std::vector<std::string> list{};  ///< columns of the list
    std::string group{};              ///< the part of the menu, in English
    std::string icon{};               ///< a name of the console's set, which are Lucide's
    std::string title{};  ///< the field that a record is headed by; the brief form's first without it
    bool placed = true;   ///< in the menu; false for rows that are shown with others
    std::vector<Section> sections{};     ///< of form and sheet; fields in none of them stand behind
    std::vector<std::string> filters{};  ///< offered before one asks for others
    std::string
        board{};  ///< the choice whose values are columns of a board; the first one with steps without it
    std::string calendar{};  ///< the day or time by which rows lie in a calendar
};

/// Throws std::logic_error where what the console shows of a model names a field that isn't there or can't be
/// shown so, or the tones of a field choices that it doesn't have.
void check_console(const Model& model);

}  // namespace tamiti
