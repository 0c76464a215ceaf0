#include "tests/support/matrix/table.hpp"

#include <algorithm>
#include <charconv>
#include <set>
#include <stdexcept>

#include "core/base/text.hpp"

namespace tamiti::test {
namespace {

constexpr const char* everybody_else = "*";

std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words;
    for (std::string_view word : split(text, ' '))
        if (!word.empty()) words.emplace_back(word);
    return words;
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
    return text;
}

/// "admin manager" or "200 admin | 404 *" as cells.
Table::Cells read_cells(std::string_view text) {
    Table::Cells cells;
    for (std::string_view part : split(text, '|')) {
        int status = 0;
        for (const std::string& word : words_of(part)) {
            int number = 0;
            const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
            if (error == std::errc() && end == word.data() + word.size())
                status = number;
            else if (!cells.emplace(word, status).second)
                throw std::runtime_error(word + " stands there twice");
        }
    }
    if (cells.empty()) throw std::runtime_error("nobody is named");
    return cells;
}

/// Those of one status in the order of `actors`, then whoever else there is.
std::vector<std::string> named(const Table::Cells& cells, int status,
                               const std::vector<std::string>& actors) {
    std::vector<std::string> names;
    const auto has = [&](const std::string& who) {
        const auto cell = cells.find(who);
        return cell != cells.end() && cell->second == status;
    };
    for (const std::string& who : actors)
        if (has(who)) names.push_back(who);
    for (const auto& [who, of] : cells)
        if (of == status && std::ranges::find(actors, who) == actors.end()) names.push_back(who);
    return names;
}

/// The largest group of a line where everybody is part of it is "*".
std::string text_of(const Table::Cells& cells, const std::vector<std::string>& actors) {
    std::map<int, std::vector<std::string>> groups;
    for (const auto& [who, status] : cells) groups[status] = named(cells, status, actors);
    const bool is_whole = !actors.empty() && std::ranges::all_of(actors, [&](const std::string& who) {
        return who == "guest" || cells.contains(who);
    });
    const auto most =
        std::ranges::max_element(groups, {}, [](const auto& group) { return group.second.size(); });
    std::string text;
    for (const auto& group : groups) {
        if (!text.empty()) text += " | ";
        if (group.first != 0) text += std::to_string(group.first) + " ";
        text += is_whole && group.first == most->first ? everybody_else : joined(group.second);
    }
    return text;
}

/// A cell as it counts: named, or one of everybody else; -1 where it is neither.
int status_in(const Table::Cells* cells, const std::string& who) {
    if (!cells) return -1;
    const auto found = cells->contains(who) ? cells->find(who) : cells->find(everybody_else);
    return found == cells->end() ? -1 : found->second;
}

}  // namespace

Table Table::read(std::string_view text) {
    Table table;
    std::string block;
    int number = 0;
    for (std::string_view line : split(text, '\n')) {
        ++number;
        if (trim(line).empty() || trim(line).front() == '#') continue;
        try {
            if (line.front() != ' ') {
                block = trim(line);
                if (table.find(block)) throw std::runtime_error(block + " has a block before");
                table.begin(block);
                continue;
            }
            const std::size_t colon = line.find(": ");
            if (block.empty() || colon == line.npos) throw std::runtime_error("no \"kinds: who\"");
            std::vector<std::string> words = words_of(line.substr(0, colon));
            std::string label;
            static const std::set<std::string> rights = {"sees", "creates", "changes", "removes"};
            const std::size_t taken = words.at(0) == "but" ? 2 : rights.contains(words.at(0)) ? 1 : 0;
            for (std::size_t i = 0; i < taken; ++i) label += (i ? " " : "") + words.at(i);
            for (std::size_t i = taken; i < words.size(); ++i) {
                const Line like{label, words[i]};
                if (find(table.find(block), like)) throw std::runtime_error(words[i] + " has a line before");
                table.blocks_.back().lines.push_back({label, words[i], read_cells(line.substr(colon + 2))});
            }
        } catch (const std::exception& fault) {
            throw std::runtime_error("line " + std::to_string(number) + ": " + fault.what());
        }
    }
    return table;
}

void Table::begin(const std::string& block) {
    if (!find(block)) blocks_.push_back({block});
}

void Table::add(const std::string& block, const std::string& label, const std::string& kind,
                const std::string& actor, int status) {
    begin(block);
    auto& lines = const_cast<Block*>(find(block))->lines;
    const Line like{label, kind};
    if (!find(find(block), like)) lines.push_back(like);
    const_cast<Line*>(find(find(block), like))->cells[actor] = status;
}

std::string Table::text(const std::vector<std::string>& actors) const {
    std::string text;
    for (const Block& block : blocks_) {
        text += block.title + "\n";
        std::vector<std::pair<std::string, std::string>> lines;  // "sees own", "admin manager"
        std::set<std::string> labels;
        for (const Line& line : block.lines) {
            if (!labels.insert(line.label).second) continue;
            std::vector<std::pair<std::string, std::string>> of_label;
            for (const Line& one : block.lines) {
                if (one.label != line.label) continue;
                const std::string who = text_of(one.cells, actors);
                const auto same =
                    std::ranges::find(of_label, who, [](const auto& pair) { return pair.second; });
                if (same == of_label.end())
                    of_label.emplace_back(one.label + (one.label.empty() ? "" : " ") + one.kind, who);
                else
                    same->first += " " + one.kind;
            }
            lines.insert(lines.end(), of_label.begin(), of_label.end());
        }
        for (const auto& [what, who] : lines) text += "    " + what + ": " + who + "\n";
    }
    return text;
}

std::vector<std::string> Table::differences(const Table& declared) const {
    std::vector<std::string> found;
    const auto compare = [&](const Block& block, const Line& line) {
        const Line* is = find(find(block.title), line);
        const Line* said = find(declared.find(block.title), line);
        std::set<std::string> actors;
        for (const Line* one : {is, said})
            for (const auto& [who, status] : one ? one->cells : Cells{})
                if (who != everybody_else) actors.insert(who);
        const auto differs = [&](const std::string& who) {
            return status_in(is ? &is->cells : nullptr, who) != status_in(said ? &said->cells : nullptr, who);
        };
        // A line that stands in one of the two alone differs, also where it names nobody but the rest.
        if (is && said && std::ranges::none_of(actors, differs)) return;
        const std::string what = line.label + (line.label.empty() ? "" : " ") + line.kind;
        found.push_back(block.title + ": " + what + " is \"" + (is ? text_of(is->cells, {}) : "") +
                        "\" and not \"" + (said ? text_of(said->cells, {}) : "") + "\"");
    };
    for (const Block& block : blocks_) {
        if (!declared.find(block.title)) found.push_back(block.title + ": is not declared");
        for (const Line& line : block.lines) compare(block, line);
    }
    for (const Block& block : declared.blocks_) {
        if (!find(block.title)) found.push_back(block.title + ": is declared and not there");
        for (const Line& line : block.lines)
            if (!find(find(block.title), line)) compare(block, line);
    }
    return found;
}

const Table::Block* Table::find(const std::string& title) const {
    const auto found = std::ranges::find(blocks_, title, &Block::title);
    return found == blocks_.end() ? nullptr : &*found;
}

const Table::Line* Table::find(const Block* block, const Line& like) {
    if (!block) return nullptr;
    const auto found = std::ranges::find_if(
        block->lines, [&](const Line& line) { return line.label == like.label && line.kind == like.kind; });
    return found == block->lines.end() ? nullptr : &*found;
}

}  // namespace tamiti::test
