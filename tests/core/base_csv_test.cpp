#include "core/base/csv.hpp"

#include <gtest/gtest.h>

namespace tamiti::test {
namespace {

using Record = std::vector<std::string>;

std::vector<Record> read(std::string_view text, char separator = ',') {
    CsvReader reader(text, separator);
    std::vector<Record> records;
    Record cells;
    while (reader.next(cells)) records.push_back(cells);
    return records;
}

std::string fault(std::string_view text) {
    try {
        read(text);
    } catch (const CsvFault& refused) {
        return refused.what();
    }
    return "none";
}

TEST(Csv, ReadsWhatRfc4180Describes) {
    EXPECT_EQ(read("a,b\r\n1,2\r\n"), (std::vector<Record>{{"a", "b"}, {"1", "2"}}));
    EXPECT_EQ(read("a,b\n1,2"), (std::vector<Record>{{"a", "b"}, {"1", "2"}}));
    EXPECT_EQ(read("\"a\",\"b\"\"c\",\"d,\r\ne\"\n"), (std::vector<Record>{{"a", "b\"c", "d,\r\ne"}}));
    EXPECT_EQ(read("a,\n"), (std::vector<Record>{{"a", ""}}));
    EXPECT_EQ(read("a,\"\""), (std::vector<Record>{{"a", ""}}));
    EXPECT_EQ(read(""), std::vector<Record>{});
    EXPECT_EQ(read("\n\r\na\n\n"), (std::vector<Record>{{"a"}})) << "empty lines are passed over";
    EXPECT_EQ(read("a;b", ';'), (std::vector<Record>{{"a", "b"}}));
}

TEST(Csv, KeepsCellsAsTheyStand) {
    EXPECT_EQ(read("=1+1,@SUM(A1),  x ,Ẹniọlá"),
              (std::vector<Record>{{"=1+1", "@SUM(A1)", "  x ", "Ẹniọlá"}}));
}

TEST(Csv, PassesOverTheMarkThatSpreadsheetsPutFirst) {
    EXPECT_EQ(read("\xEF\xBB\xBF\"a\",b"), (std::vector<Record>{{"a", "b"}}));
}

TEST(Csv, PassesOverRowsInWhichNothingStands) {
    EXPECT_EQ(read("a,b\n,\n  ,\t\n\"\",\" \"\n1,2\n,,,,\n"), (std::vector<Record>{{"a", "b"}, {"1", "2"}}));
    EXPECT_EQ(read(",\n"), std::vector<Record>{});
    EXPECT_EQ(read("\"\""), std::vector<Record>{});
}

TEST(Csv, HeedsALineThatSaysWhatSeparates) {
    for (const std::string_view text :
         {"sep=;\na,x;b\n1;2", "SEP=;\r\na,x;b\r\n1;2", "\xEF\xBB\xBFsep=;\na,x;b\n1;2"}) {
        EXPECT_EQ(csv_separator(text), ';') << text;
        EXPECT_EQ(read(text, csv_separator(text)), (std::vector<Record>{{"a,x", "b"}, {"1", "2"}})) << text;
    }
    EXPECT_EQ(csv_separator("sep=|\na,b|c"), '|');
    EXPECT_EQ(csv_separator("sep=\t\na,b,c\td"), '\t');
    EXPECT_EQ(csv_separator("sep=;"), ';');
    EXPECT_EQ(read("sep=;", ';'), std::vector<Record>{});
    EXPECT_EQ(read("sep=x\n1"), (std::vector<Record>{{"sep=x"}, {"1"}})) << "a head of that name";
    EXPECT_EQ(read("a\nsep=;\n"), (std::vector<Record>{{"a"}, {"sep=;"}})) << "the first line alone says it";
}

TEST(Csv, CountsRowsAsASpreadsheetDoes) {
    CsvReader reader("sep=,\na,b\n\n,\n\"c\nd\",1\ne,2\n");
    Record cells;
    std::vector<int> rows, lines;
    while (reader.next(cells)) {
        rows.push_back(reader.row());
        lines.push_back(reader.line());
    }
    EXPECT_EQ(rows, (std::vector<int>{1, 4, 5}));
    EXPECT_EQ(lines, (std::vector<int>{2, 5, 7}));
}

TEST(Csv, NamesTheLineOfWhatIsWrong) {
    EXPECT_EQ(fault("a\nb\"c"),
              "Line 2: a quote in a cell without quotes; put the cell in quotes, double the quote.");
    EXPECT_EQ(fault("a\n\"b\" c"), "Line 2: there is text behind a closing quote.");
    EXPECT_EQ(fault("a\n\n\"b\nc"), "Line 3: a quote is opened and never closed.");
    EXPECT_EQ(fault("a\rb"), "Line 1: a line ends with CR alone; use LF or CR LF.");
    EXPECT_EQ(fault(std::string_view("a\nb\0", 4)), "Line 2: there is a NUL byte; save it as CSV UTF-8.");
    EXPECT_EQ(fault("a\nb\x1b[2J"), "Line 2: there is a control character.");
    EXPECT_EQ(fault("a\nNsamb\xe9"), "Line 2: the text is not UTF-8; save it as CSV UTF-8.");
    EXPECT_EQ(fault(std::string_view("\xff\xfe"
                                     "a\0",
                                     4)),
              "Line 1: the text is UTF-16; save it as CSV UTF-8.");
}

TEST(Csv, BoundsCellsAndRecords) {
    const std::string longest(CsvReader::longest_cell, 'x');
    EXPECT_EQ(fault(longest), "none");
    EXPECT_EQ(fault(longest + "x"), "Line 1: a cell has more than 10000 bytes.");
    EXPECT_EQ(fault("\"" + longest + "\"\"\""), "Line 1: a cell has more than 10000 bytes.");
    EXPECT_EQ(fault(std::string(CsvReader::most_cells - 1, ',')), "none");
    EXPECT_EQ(fault(std::string(CsvReader::most_cells, ',')), "Line 1: there are more than 200 cells.");
}

TEST(Csv, TellsTheLineOfEachRecord) {
    CsvReader reader("a\n\"b\nc\"\nd\n");
    Record cells;
    std::vector<int> lines;
    while (reader.next(cells)) lines.push_back(reader.line());
    EXPECT_EQ(lines, (std::vector<int>{1, 2, 4}));
}

TEST(Csv, FindsTheSeparatorOfTheFirstLine) {
    EXPECT_EQ(csv_separator("a,b;c,d\n;;;;"), ',');
    EXPECT_EQ(csv_separator("a;b;\"c,d,e\""), ';');
    EXPECT_EQ(csv_separator("a\tb"), '\t');
    EXPECT_EQ(csv_separator("a"), ',');
    EXPECT_EQ(csv_separator("\n;;;\n\na;b\n1,2,3,4"), ';') << "the first line in which something stands";
}

}  // namespace
}  // namespace tamiti::test
