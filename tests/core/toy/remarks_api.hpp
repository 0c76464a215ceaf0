#pragma once

#include "tests/core/toy/library_api.hpp"
#include "tests/core/toy/remarks.hpp"

namespace tamiti::test {

/// The toy library and what readers say about it: each test has a shelf of owner's and a book on it.
class RemarksApi : public LibraryApi {
public:
    static void SetUpTestSuite() {
        start({engine(), toy_library::app(), toy_remarks::app()}, toy_remarks::migrations());
    }

    void SetUp() override {
        shelf = make("owner", "/shelves", {{"name", "Novels"}});
        book = make("owner", "/books", {{"shelf", shelf}, {"title", "Tropical Fish"}});
    }

    static Object about(const std::string& model, const std::string& row, const std::string& text = "Fine") {
        return {{"on_model", model}, {"on_row", row}, {"text", text}};
    }
    std::string say(const std::string& who, const std::string& text, const Object& more = {}) {
        return make(who, "/remarks",
                    joined({{"on_model", "library.book"}, {"on_row", book}, {"text", text}}, more));
    }
    /// The texts about the book that somebody sees.
    std::vector<std::string> seen(const std::string& who) {
        return get(who, "/remarks?on_model=library.book&on_row=" + book).each("text");
    }

    std::string shelf, book;
};

}  // namespace tamiti::test
