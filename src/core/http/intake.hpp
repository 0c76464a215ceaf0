#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "core/http/message.hpp"

/// Bodies that go to a file instead of to memory: Screener says which, and how large they may be.
namespace tamiti::http {

/// The room on the disk for all bodies that are on their way or being worked on.
class IntakeRoom {
public:
    /// Bytes of all, and of one asker.
    IntakeRoom(std::size_t most, std::size_t most_of_one);

    /// Room for so many bytes until the pointer goes; null where there is none.
    std::shared_ptr<void> take(const std::string& asker, std::size_t bytes);

private:
    struct Taken {
        std::mutex mutex{};
        std::size_t all = 0;
        std::map<std::string, std::size_t, std::less<>> by_asker{};
    };
    std::shared_ptr<Taken> taken_;
    std::size_t most_;
    std::size_t most_of_one_;
};

/// A body on its way into its file.
class IncomingFile {
public:
    /// Throws the Problem 507 where no file can be made.
    IncomingFile(std::size_t most, std::shared_ptr<void> room);
    ~IncomingFile();

    /// Appends; false where it would be more than it may. Throws the Problem 507 where the disk is full.
    bool write(std::string_view part);

    std::size_t size() const;

    /// What a body beyond its limit is told.
    std::string_view limit_sentence() const { return limit_sentence_; }

    /// The whole body: its room on the disk is taken until it goes.
    std::shared_ptr<const BodyFile> finish();

private:
    struct State;
    std::unique_ptr<State> state_;
    std::size_t most_;
    std::string limit_sentence_;
};

/// "A request's body has at most 1 MB here."
std::string limit_sentence(std::size_t most);

/// "25 MB", "1,000 bytes".
std::string words_of_bytes(std::size_t bytes);

}  // namespace tamiti::http
