#include "core/http/chunked.hpp"

#include <gtest/gtest.h>

#include <string>

using namespace tamiti::http;

namespace {

struct Outcome {
    Step step = Step::more;
    std::size_t consumed = 0;
    std::string body{};
    Fault fault{};
};

/// Feeds the bytes in pieces of `piece`.
Outcome decode(std::string_view bytes, std::size_t max = 1024, std::size_t piece = 1 << 20) {
    ChunkedDecoder decoder(max);
    Outcome outcome;
    while (outcome.step == Step::more && !bytes.empty()) {
        const auto result = decoder.feed(bytes.substr(0, piece), outcome.body);
        outcome.step = result.step;
        outcome.consumed += result.consumed;
        bytes.remove_prefix(std::min(piece, bytes.size()));
    }
    outcome.fault = decoder.fault();
    return outcome;
}

}  // namespace

TEST(HttpChunked, JoinsChunksAndStopsAtTheNextMessage) {
    const auto outcome = decode("5\r\nhello\r\n00A\r\n, studio 1\r\n0\r\n\r\nGET /");
    EXPECT_EQ(outcome.step, Step::done);
    EXPECT_EQ(outcome.body, "hello, studio 1");
    EXPECT_EQ(outcome.consumed, 32U);
}

TEST(HttpChunked, DoesNotCareHowBytesArrive) {
    const std::string bytes = "1\r\na\r\nb\r\n0123\r\n56789\r\n0\r\n\r\nrest";
    for (std::size_t piece = 1; piece < bytes.size(); ++piece) {
        const auto outcome = decode(bytes, 1024, piece);
        EXPECT_EQ(outcome.step, Step::done) << piece;
        EXPECT_EQ(outcome.body, "a0123\r\n56789") << piece;
        EXPECT_EQ(outcome.consumed, bytes.size() - 4) << piece;
    }
}

TEST(HttpChunked, RefusesEverythingButPlainChunks) {
    for (const char* bad : {"\r\n", " 5\r\nhello\r\n", "5 \r\nhello\r\n", "0x5\r\nhello\r\n", "g\r\n",
                            "-1\r\n", "+5\r\nhello\r\n", "5\nhello\r\n", "5\rhello\r\n", "5\r\nhello\n",
                            "5\r\nhelloX\r\n", "5\r\nhello\r0", "\n", "5\r\nhello0\r\n"}) {
        const auto outcome = decode(bad);
        EXPECT_EQ(outcome.step, Step::refused) << bad;
        EXPECT_EQ(outcome.fault.status, 400) << bad;
    }
}

TEST(HttpChunked, CapsTheBodyToTheByte) {
    EXPECT_EQ(decode("5\r\nhello\r\n3\r\nabc\r\n0\r\n\r\n", 8).step, Step::done);
    const auto outcome = decode("5\r\nhello\r\n4\r\nabcd\r\n0\r\n\r\n", 8);
    EXPECT_EQ(outcome.step, Step::refused);
    EXPECT_EQ(outcome.fault.status, 413);
    EXPECT_EQ(outcome.body, "hello");
    EXPECT_EQ(decode("ffffffff\r\n").fault.status, 413);
}

TEST(HttpChunked, CannotOverflow) {
    EXPECT_EQ(decode("100000000\r\n").fault.status, 400);
    EXPECT_EQ(decode("10000000000000005\r\nhello\r\n").fault.status, 400);
    EXPECT_EQ(decode("000000005\r\nhello\r\n").fault.status, 400);
}

TEST(HttpChunked, StaysRefused) {
    ChunkedDecoder decoder(100);
    std::string body;
    EXPECT_EQ(decoder.feed("x", body).step, Step::refused);
    EXPECT_EQ(decoder.feed("0\r\n\r\n", body).step, Step::refused);
}

// Kinds of message that Boost.Beast 1.81 takes.
TEST(HttpChunkedBeast, TrailersBecomeHeadersThere) {
    EXPECT_EQ(decode("0\r\nAuthorization: Bearer x\r\n\r\n").step, Step::refused);
    EXPECT_EQ(decode("0\r\nX-Forwarded-For: 10.0.0.1\r\n\r\n").step, Step::refused);
}
TEST(HttpChunkedBeast, ControlBytesInQuotedExtension) {
    EXPECT_EQ(decode("5;a=\"\x01\n\"\r\nhello\r\n0\r\n\r\n").step, Step::refused);
}
TEST(HttpChunkedBeast, AnyExtension) {
    EXPECT_EQ(decode("5;a=b\r\nhello\r\n0\r\n\r\n").step, Step::refused);
    EXPECT_EQ(decode("5;\r\nhello\r\n0\r\n\r\n").step, Step::refused);
}
TEST(HttpChunkedBeast, EndlessSizeLine) {
    EXPECT_EQ(decode(std::string(100'000, '0')).step, Step::refused);
}
