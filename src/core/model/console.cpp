#include "core/model/console.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>

#include "core/model/member.hpp"
#include "core/model/model.hpp"

namespace tamiti {
namespace {

[[noreturn]] void fault(const Model& model, const std::string& what) {
    throw std::logic_error(model.name + ": " + what);
}

const Field& shown(const Model& model, const std::string& name, const std::string& where) {
    const Field* field = model.find(name);
    if (!field) fault(model, where + " has " + name + ", which is no field");
    return *field;
}

void check_sections(const Model& model) {
    std::set<std::string> names, fields;
    for (const Section& section : model.console.sections) {
        if (!names.insert(section.name).second) fault(model, "two sections are called " + section.name);
        for (const std::string& name : section.fields) {
            shown(model, name, "the section " + section.name);
            if (!fields.insert(name).second) fault(model, name + " is in two sections");
        }
    }
}

void check_tones(const Model& model, const Field& field) {
    for (const ChoiceTone& tone : field.rules.tones)
        if (std::ranges::find(field.choices, tone.choice) == field.choices.end())
            fault(model, field.name + " gives a tone to " + tone.choice + ", which it can't be");
}

}  // namespace

void check_console(const Model& model) {
    const Console& console = model.console;
    for (const std::string& name : console.list) shown(model, name, "the list");
    for (const std::string& name : console.filters)
        if (shown(model, name, "the first filters").rules.filter == Match::none)
            fault(model, "nothing is filtered by " + name + ", so that can't be offered first");
    if (!console.title.empty() && shown(model, console.title, "the title").rules.read)
        fault(model, console.title + " needs a permission to be read, so no record is headed by it");
    if (!console.board.empty() && shown(model, console.board, "the board").type != &choice_type())
        fault(model, "the columns of a board are the values of a choice, which " + console.board + " is not");
    if (!console.calendar.empty()) {
        const FieldType* type = shown(model, console.calendar, "the calendar").type;
        if (type != &date_type() && type != &timestamp_type())
            fault(model, "rows lie in a calendar by a day or a time, which " + console.calendar + " is not");
    }
    check_sections(model);
    for (const Field& field : model.fields) check_tones(model, field);
}

}  // namespace tamiti
