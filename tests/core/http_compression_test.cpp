#include "core/http/compression.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

using namespace tamiti::http;

namespace {

std::string gunzip(const std::string& packed, std::size_t room) {
    std::string plain(room, '\0');
    z_stream stream{};
    inflateInit2(&stream, 15 + 16);
    stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(packed.data()));
    stream.avail_in = static_cast<uInt>(packed.size());
    stream.next_out = reinterpret_cast<Bytef*>(plain.data());
    stream.avail_out = static_cast<uInt>(plain.size());
    EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
    plain.resize(stream.total_out);
    inflateEnd(&stream);
    return plain;
}

TEST(HttpCompression, TakesTheCodingsThatAClientNames) {
    EXPECT_TRUE(accepts_coding("gzip, deflate, br, zstd", "br"));
    EXPECT_TRUE(accepts_coding("*", "br"));
    for (const char* header : {"", "gzip", "br;q=0", "*;q=0", "identity, br;q=0.5", "brotli"})
        EXPECT_FALSE(accepts_coding(header, "br")) << header;
    EXPECT_FALSE(accepts_coding("x-gzip", "br"));
}

}  // namespace

TEST(HttpCompression, RespectsWhatTheClientAccepts) {
    for (const char* yes : {"gzip", "GZIP", "deflate, gzip;q=0.5", "*", "br;q=1.0, gzip;q=0.8, *;q=0.1",
                            "x-gzip", "gzip ; q=0.001", "identity;q=0.5, gzip", "gzip;Q=1"})
        EXPECT_TRUE(accepts_gzip(yes)) << yes;
    for (const char* no : {"", "identity", "br", "gzip;q=0", "gzip;q=0.000", "*;q=0", "gzip;q=0, *",
                           "identity, gzip;q=0.5", "gzip;q=nonsense", "gzip;q=2", "gzip;level=1", "gzipped"})
        EXPECT_FALSE(accepts_gzip(no)) << no;
}

TEST(HttpCompression, PicksTypesThatShrink) {
    for (const char* yes : {"application/json", "application/json; charset=utf-8", "text/csv",
                            "application/problem+json", "image/svg+xml", "application/javascript"})
        EXPECT_TRUE(is_compressible(yes)) << yes;
    for (const char* no : {"", "image/png", "application/zip", "application/octet-stream", "video/mp4"})
        EXPECT_FALSE(is_compressible(no)) << no;
}

TEST(HttpCompression, PacksWhatCanBeUnpacked) {
    std::string body;
    for (int i = 0; i < 2000; ++i) body += "{\"id\":" + std::to_string(i * 7919) + ",\"name\":\"Task\"},";
    for (int round = 0; round < 3; ++round) {
        const std::string packed = gzip(body);
        EXPECT_LT(packed.size(), body.size() / 3);
        EXPECT_EQ(gunzip(packed, body.size()), body);
    }
}

TEST(HttpCompression, GivesUpWhereNothingIsSaved) {
    std::string noise;
    unsigned state = 1;
    for (int i = 0; i < 4096; ++i) {
        state = state * 1664525 + 1013904223;
        noise.push_back(static_cast<char>(state >> 24));
    }
    EXPECT_TRUE(gzip(noise).empty());
    EXPECT_TRUE(gzip("").empty());
}
