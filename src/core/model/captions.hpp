#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/model/resource.hpp"

/// What screens call models, fields, choices and verbs, in the language of whoever looks. English is made of
/// the names in the descriptions; what should be called otherwise, and every other language, is in catalogues
/// beside the apps, src/apps/projects/captions/fr.txt:
///
///     project = Projet | Projets
///     project.status = État
///     project.status.on_hold = En attente
///     project/archive = Archiver
///     project#Dates = Dates
///     @Work = Travail
///
/// With * for the noun a line holds for all models of the app, and in the engine's catalogue for all of the
/// studio: *.created_at = Créé le.
namespace tamiti {

/// A catalogue as the build embedded it.
struct EmbeddedCaptions {
    std::string_view app;
    std::string_view language;
    std::string_view text;
};
const std::vector<EmbeddedCaptions>& embedded_captions();

/// What something is called: its places in the catalogues, and in English where none of them has it.
struct Caption {
    std::string app;
    std::string key;       ///< "project.status"
    std::string shared{};  ///< "*.status"; empty where nothing is shared
    std::string english{};
};

Caption caption_of(const Model& model);
Caption plural_caption(const Resource& resource);
Caption caption_of(const Model& model, const Field& field);
Caption choice_caption(const Model& model, const Field& field, std::string_view choice);
Caption section_caption(const Model& model, const Section& section);
Caption group_caption(const Model& model);
/// Of a verb on rows of the model, by the end of its path: "sign-off".
Caption verb_caption(const Model& model, std::string_view verb);
/// Of the question that is asked before the verb is done: "project/archive?" in catalogues.
Caption question_caption(const Model& model, std::string_view verb, const std::string& question);
/// Of a field of what that verb takes.
Caption input_caption(const Model& model, std::string_view verb, const Field& field);

/// The words of that language, ISO 639-1; nullptr where no catalogue has them.
const std::string* translation(std::string_view language, const Caption& caption);

/// The same, in English where the language has none.
std::string words_in(std::string_view language, const Caption& caption);

}  // namespace tamiti
