#include "core/model/steps.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>

#include "core/base/text.hpp"
#include "core/model/member.hpp"

namespace tamiti {

void check_steps(const Model& model, const Field& field) {
    const auto fault = [&](const std::string& what) {
        throw std::logic_error(model.name + "." + field.name + ": " + what);
    };
    if (field.rules.steps.empty()) return;
    if (field.type != &choice_type()) fault("only a choice moves along steps");
    const std::set<std::string> states(field.choices.begin(), field.choices.end());
    const auto require_state = [&](const std::string& state) {
        if (!states.contains(state)) fault("its steps name the state " + state + ", which it doesn't have");
    };
    std::set<std::string> written;
    for (const Step& step : field.rules.steps) {
        require_state(step.from);
        if (!written.insert(step.from).second) fault("the steps from " + step.from + " are written twice");
        for (const std::string& to : step.to) require_state(to);
    }
    for (const std::string& state : field.choices)
        if (!written.contains(state)) fault("its steps say nothing of the state " + state);
}

void require_step(const Model& model, const Field& field, std::string_view from, std::string_view to) {
    if (from == to) return;
    const auto is_from = [&](const Step& step) { return step.from == from; };
    const auto found = std::ranges::find_if(field.rules.steps, is_from);
    if (found == field.rules.steps.end())
        throw std::logic_error(model.name + "." + field.name + " has no steps from " + std::string(from));
    if (std::ranges::find(found->to, to) != found->to.end()) return;
    const std::string noun = words_of(model.noun);
    const std::string article =
        std::string_view("aeiou").find(noun.front()) == std::string_view::npos ? "A " : "An ";
    const std::string allowed =
        found->to.empty() ? "It stays as it is." : "From here it can become: " + join(found->to, ", ") + ".";
    throw Conflict(model.app + ".transition", article + noun + " that is " + std::string(from) +
                                                  " can't become " + std::string(to) + ". " + allowed);
}

void require_steps(const Draft& before, const Draft& next) {
    const Model& model = *before.model;
    for (std::size_t i = 0; i < model.fields.size(); ++i) {
        const Field& field = model.fields[i];
        if (!field.rules.steps.empty() && before.values[i] != next.values[i])
            require_step(model, field, before.values[i].value_or(""), next.values[i].value_or(""));
    }
}

}  // namespace tamiti
