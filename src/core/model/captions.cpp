#include "core/model/captions.hpp"

#include <algorithm>
#include <stdexcept>
#include <unordered_map>

#include "core/base/text.hpp"

namespace tamiti {
namespace {

/// "fr projects:project.status" and what stands for it.
using Catalogues = std::unordered_map<std::string, std::string>;

std::string place_of(std::string_view language, std::string_view app, std::string_view key) {
    return std::string(language) + " " + std::string(app) + ":" + std::string(key);
}

void add(Catalogues& all, const EmbeddedCaptions& from, const std::string& key, std::string_view words) {
    if (words.empty() || !all.emplace(place_of(from.language, from.app, key), words).second)
        throw std::logic_error("the captions of " + std::string(from.app) + " in " +
                               std::string(from.language) + " say nothing, or two things, of " + key);
}

void read(Catalogues& all, const EmbeddedCaptions& from) {
    for (const std::string_view line : split(from.text, '\n')) {
        if (trim(line).empty() || line.front() == '#') continue;
        const std::size_t equals = line.find('=');
        if (equals == line.npos)
            throw std::logic_error("the captions of " + std::string(from.app) + " in " +
                                   std::string(from.language) +
                                   " have a line without =: " + std::string(line));
        const std::string key(trim(line.substr(0, equals)));
        const std::string_view words = line.substr(equals + 1);
        const std::size_t bar = words.find('|');
        add(all, from, key, trim(words.substr(0, bar)));
        if (bar != words.npos) add(all, from, key + "|", trim(words.substr(bar + 1)));
    }
}

const Catalogues& catalogues() {
    static const Catalogues all = [] {
        Catalogues made;
        for (const EmbeddedCaptions& one : embedded_captions()) read(made, one);
        return made;
    }();
    return all;
}

const std::string* find(std::string_view language, std::string_view app, std::string_view key) {
    const auto found = catalogues().find(place_of(language, app, key));
    return found == catalogues().end() ? nullptr : &found->second;
}

}  // namespace

Caption caption_of(const Model& model) {
    return {.app = model.app, .key = model.noun, .english = label_of(model.noun)};
}

Caption plural_caption(const Resource& resource) {
    return {
        .app = resource.model->app, .key = resource.model->noun + "|", .english = label_of(resource.path)};
}

Caption caption_of(const Model& model, const Field& field) {
    return {.app = model.app,
            .key = model.noun + "." + field.name,
            .shared = "*." + field.name,
            .english = label_of(field.name)};
}

Caption choice_caption(const Model& model, const Field& field, std::string_view choice) {
    const std::string end = "." + field.name + "." + std::string(choice);
    const auto& labels = field.rules.labels;
    const auto own = std::ranges::find(labels, choice, &std::pair<std::string, std::string>::first);
    return {.app = model.app,
            .key = model.noun + end,
            .shared = "*" + end,
            .english = own == labels.end() ? label_of(choice) : own->second};
}

Caption section_caption(const Model& model, const Section& section) {
    return {.app = model.app,
            .key = model.noun + "#" + section.name,
            .shared = "*#" + section.name,
            .english = section.name};
}

Caption group_caption(const Model& model) {
    const std::string& group = model.console.group;
    return {.app = model.app, .key = "@" + group, .shared = "@" + group, .english = group};
}

Caption verb_caption(const Model& model, std::string_view verb) {
    return {.app = model.app,
            .key = model.noun + "/" + std::string(verb),
            .shared = "*/" + std::string(verb),
            .english = label_of(verb)};
}

Caption question_caption(const Model& model, std::string_view verb, const std::string& question) {
    return {.app = model.app, .key = model.noun + "/" + std::string(verb) + "?", .english = question};
}

Caption input_caption(const Model& model, std::string_view verb, const Field& field) {
    return {.app = model.app,
            .key = model.noun + "/" + std::string(verb) + "." + field.name,
            .shared = "*." + field.name,
            .english = label_of(field.name)};
}

const std::string* translation(std::string_view language, const Caption& caption) {
    if (const std::string* words = find(language, caption.app, caption.key)) return words;
    if (caption.shared.empty()) return nullptr;
    if (const std::string* words = find(language, caption.app, caption.shared)) return words;
    return find(language, "core", caption.shared);
}

std::string words_in(std::string_view language, const Caption& caption) {
    if (const std::string* words = translation(language, caption)) return *words;
    if (const std::string* words = translation("en", caption)) return *words;
    return caption.english;
}

}  // namespace tamiti
