#include "apps/common/media_types.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace tamiti::common {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

/// "type name" of a file that is sent under that name; the type alone where it is refused.
std::string kept(const std::string& name, std::string_view bytes) {
    const std::string type = media_type_of(bytes);
    return type.empty() ? "refused" : type + " " + fitting_name(name, type);
}

const std::string padding(200, '\0');

TEST(MediaTypes, WhatIsUtf8IsATextWhateverItBeginsWith) {
    for (const std::string_view words :
         {"P1 is the take we like", "P6 isn't", "GIF89a is a format", "BM is a bank", "%PDF-1.4 begins a PDF",
          "%! is a mark", "MZ, Rar!, ID3 and .snd", "begin 644 our day", "#!/bin/sh\necho",
          "\xef\xbb\xbfnotes", " ",
          "\x7f"
          "ELF is a program"}) {
        EXPECT_EQ(kept("notes.txt", words), "text/plain notes.txt") << words;
        EXPECT_EQ(kept("notes.exe", words), "text/plain notes.exe.txt") << words;
    }
    EXPECT_EQ(kept("a.txt", "MZ\0\0"sv), "refused");
    EXPECT_EQ(kept("a.txt", "P1 \xff is\0 no text"sv), "refused");
    EXPECT_EQ(kept("a.txt", "Nsamb\xe9 is a place"), "text/plain a.txt") << "in an older encoding";
    EXPECT_EQ(kept("a.txt", "\xff\xfeN\0s\0a\0m\0"sv), "text/plain a.txt");
}

TEST(MediaTypes, AnEndingOfTextsStays) {
    const std::string srt = "1\n00:00:01,000 --> 00:00:02,000\nHello\n", lines = "{\"a\":1}\n{\"a\":2}\n";
    EXPECT_EQ(kept("film.srt", srt), "text/plain film.srt");
    EXPECT_EQ(kept("film.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\nHi\n"), "text/plain film.vtt");
    EXPECT_EQ(kept("rows.jsonl", lines), "text/plain rows.jsonl");
    EXPECT_EQ(kept("rows.ndjson", "[1]\n[2]\n"), "text/plain rows.ndjson");
    EXPECT_EQ(kept("CUT.EDL", "TITLE: CUT\nFCM: NON-DROP FRAME\n"), "text/plain CUT.EDL");
    EXPECT_EQ(kept("cut.fcpxml", "<?xml version=\"1.0\"?><fcpxml/>"), "text/plain cut.fcpxml");
    EXPECT_EQ(kept("table.txt", "a,b\n1,2\n3,4\n"), "text/csv table.txt");
    EXPECT_EQ(kept("data.md", "{\"a\":1}"), "application/json data.md");
    EXPECT_EQ(kept("page.md", "<!DOCTYPE html><html></html>"), "text/html page.md");
    EXPECT_EQ(kept("words.html", "just words"), "text/plain words.html.txt")
        << "what is no page has no page's name";
    EXPECT_EQ(kept("run.js", "#!/usr/bin/env node\nrun()\n"), "text/plain run.js.txt");
}

TEST(MediaTypes, FormatsThatAreWrittenAsTextsAreKnown) {
    EXPECT_EQ(kept("a.pdf", "%PDF-1.4\n1 0 obj\n<<>>\nendobj\nstartxref\n9\n%%EOF\n"),
              "application/pdf a.pdf");
    EXPECT_EQ(kept("logo.ai", "%!PS-Adobe-3.0 \n%%Creator: Adobe Illustrator(R) 8.0\n"),
              "application/postscript logo.ai");
    EXPECT_EQ(kept("mark.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>"), "image/svg+xml mark.svg");
    EXPECT_EQ(kept("day.ics", "BEGIN:VCALENDAR\nVERSION:2.0\nEND:VCALENDAR\n"), "text/calendar day.ics");
}

TEST(MediaTypes, StudioFormatsAreKnownByTheirSignatures) {
    const auto known = [](const std::string& name, std::string_view begin) {
        return kept(name, std::string(begin) + padding);
    };
    EXPECT_EQ(known("a.psd", "8BPS\0\1\0\0\0\0\0\0\0\3\0\0\0\x0a\0\0\0\x0a\0\x08\0\3"sv),
              "image/vnd.adobe.photoshop a.psd");
    EXPECT_EQ(known("a.ai", "%PDF-1.5\n%\xe2\xe3\xcf\xd3\n1 0 obj"sv), "application/pdf a.ai");
    EXPECT_EQ(known("a.indd",
                    "\x06\x06\xed\xf5\xd8\x1d\x46\xe5\xbd\x31\xef\xe7\xfe\x74\xb7\x1d"
                    "DOCUMENT"sv),
              "application/x-indesign a.indd");
    EXPECT_EQ(known("a.fig", "fig-kiwi\x0f\0\0\0"sv), "application/x-figma a.fig");
    EXPECT_EQ(known("a.otf",
                    "OTTO\0\x0a\0\x80\0\3\0\x20"
                    "CFF "sv),
              "font/otf a.otf");
    EXPECT_EQ(known("a.ttf",
                    "\0\1\0\0\0\x0f\0\x80\0\3\0\x70"
                    "GDEF"sv),
              "font/ttf a.ttf");
    EXPECT_EQ(known("a.woff2", "wOF2\0\1\0\0"sv), "font/woff2 a.woff2");
    EXPECT_EQ(known("a.mxf", "\x06\x0e\x2b\x34\x02\x05\x01\x01\x0d\x01\x02\x01\x01\x02"sv),
              "application/mxf a.mxf");
    EXPECT_EQ(known("a.aep",
                    "RIFX\0\0\0\x20"
                    "Egg!svap"sv),
              "application/vnd.adobe.aftereffects.project a.aep");
    for (const std::string_view begin :
         {"\0\0\0\x14"
          "ftypqt  \0\0\2\0qt  "sv,
          "\0\0\0\x08wide\0\0\0\x20mdat"sv, "\0\0\x10\0moov\0\0\0\x6cmvhd"sv, "\1\2\0\0mdat"sv})
        EXPECT_EQ(known("a.mov", begin), "video/quicktime a.mov");
    EXPECT_EQ(known("a.mp4",
                    "\0\0\0\x18"
                    "ftypisom\0\0\2\0isomiso2"sv),
              "video/mp4 a.mp4");
    for (const std::string_view begin :
         {"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0"sv, "RF64\xff\xff\xff\xffWAVEds64"sv})
        EXPECT_EQ(known("a.wav", begin), "audio/x-wav a.wav");
    EXPECT_EQ(known("a.dng", "a program of the same name"sv), "refused");
}

TEST(MediaTypes, RawPicturesOfCamerasAreKnown) {
    const auto known = [](const std::string& name, std::string_view begin) {
        return kept(name, std::string(begin) + padding);
    };
    EXPECT_EQ(known("a.cr2", "II*\0\x10\0\0\0CR\2\0"sv), "image/x-canon-cr2 a.cr2");
    EXPECT_EQ(known("a.cr3",
                    "\0\0\0\x18"
                    "ftypcrx \0\0\0\1crx isom"sv),
              "image/x-canon-cr3 a.cr3");
    EXPECT_EQ(known("a.orf", "IIRO\x08\0\0\0"sv), "image/x-olympus-orf a.orf");
    EXPECT_EQ(known("a.rw2", "IIU\0\x18\0\0\0"sv), "image/x-panasonic-rw2 a.rw2");
    EXPECT_EQ(known("a.raf", "FUJIFILMCCD-RAW 0201FF383501X-T3\0"sv), "image/x-fuji-raf a.raf");
    for (const std::string name : {"a.nef", "a.dng", "a.arw", "a.pef", "a.tif"})
        EXPECT_EQ(
            known(name, "MM\0*\0\0\0\x08\0\1\x01\x0f\0\2\0\0\0\x12\0\0\0\x1a\0\0\0\0NIKON CORPORATION"sv),
            "image/tiff " + name);
    EXPECT_EQ(known("a.exe", "II*\0\x08\0\0\0\1\0\0\1\3\0\1\0\0\0\x0a\0\0\0"sv), "image/tiff a.exe.tif");
}

/// An archive as far as it matters here: the first file's head, and the list at the end.
std::string archive(const std::string& first, const std::vector<std::string>& names) {
    std::string bytes = "PK\3\4\x14"s + std::string(21, '\0') +
                        static_cast<char>(first.size() > 40 ? 8 : first.size()) + std::string(3, '\0') +
                        first + std::string(300, '\0');
    for (const std::string& name : names) bytes += "PK\1\2" + std::string(42, '\0') + name;
    return bytes + "PK\5\6" + std::string(18, '\0');
}

TEST(MediaTypes, ArchivesOfStudiosAreKnownByWhatTheyHold) {
    EXPECT_EQ(kept("a.sketch", archive("document.json", {"document.json", "pages/1.json", "meta.json"})),
              "application/x-sketch a.sketch");
    EXPECT_EQ(kept("a.fig", archive("canvas.fig", {"canvas.fig", "meta.json"})), "application/x-figma a.fig");
    EXPECT_EQ(kept("a.idml", archive("mimetypeapplication/vnd.adobe.indesign-idml-package", {"mimetype"})),
              "application/vnd.adobe.indesign-idml-package a.idml");
    EXPECT_EQ(kept("a.sketch", archive("a.txt", {"a.txt", "meta.json"})), "application/zip a.sketch.zip");
}

TEST(MediaTypes, AProgramThatPretendsIsRefused) {
    for (const std::string_view begin : {"MZ\x90\0free\0\0\0\0"sv, "MZ\x90\0\3\0\0\0WAVE"sv,
                                         "\x7f"
                                         "ELFmoov\2\1\1\0"sv,
                                         "\xca\xfe\xba\xbe"
                                         "mdat\0\0\0\0"sv})
        EXPECT_EQ(kept("a.mov", std::string(begin) + padding), "refused");
}

TEST(MediaTypes, TextIsToldInPartsHoweverTheyAreCut) {
    const std::string text = "aÄ東😀\n", cut = text.substr(0, text.size() - 2), with_nul = text + '\0' + text;
    for (std::size_t size = 1; size <= text.size(); ++size) {
        const auto is_text = [&](const std::string& whole) {
            TextCheck check;
            for (std::size_t at = 0; at < whole.size(); at += size)
                check.look_at(std::string_view(whole).substr(at, size));
            return check.is_text();
        };
        EXPECT_TRUE(is_text(text + text)) << size;
        EXPECT_FALSE(is_text(cut)) << size;
        EXPECT_FALSE(is_text(with_nul)) << size;
        EXPECT_FALSE(is_text("a\x80" + text)) << size;
        EXPECT_FALSE(is_text(text + "\xff\xff\xff\xff\xff" + text)) << size;
        EXPECT_FALSE(is_text("\x80\x80\x80\x80\x80\x80")) << size;
    }
    EXPECT_TRUE(TextCheck{}.is_text());
}

}  // namespace
}  // namespace tamiti::common
