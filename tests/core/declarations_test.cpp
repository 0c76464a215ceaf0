#include <gtest/gtest.h>

#include "core/program/registry.hpp"

namespace tamiti {
namespace {

/// Types that one app declares and another reads; neither knows the other.
struct Card {
    std::string title;
};
struct Tool {
    std::string name;
};

App declaring(std::string name, std::vector<Declaration> declares) {
    App app;
    app.name = std::move(name);
    app.declares = std::move(declares);
    return app;
}

TEST(Declarations, AreReadByTheirTypeInTheOrderOfTheApps) {
    const Registry registry(
        {declaring("first", {Card{"Open work"}, Tool{"find"}}), declaring("second", {Card{"Money"}})});
    std::vector<std::string> titles, names;
    for (const Card* card : registry.declared<Card>()) titles.push_back(card->title);
    for (const Tool* tool : registry.declared<Tool>()) names.push_back(tool->name);
    EXPECT_EQ(titles, (std::vector<std::string>{"Open work", "Money"}));
    EXPECT_EQ(names, (std::vector<std::string>{"find"}));
    EXPECT_TRUE(registry.declared<int>().empty()) << "nobody declared any";
}

}  // namespace
}  // namespace tamiti
