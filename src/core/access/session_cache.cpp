#include "core/access/session_cache.hpp"

namespace tamiti {

SessionCache::State SessionCache::find(const Uuid& session, const Load& load, Moment now) {
    Shard& shard = shard_of(session);
    std::promise<State> answer;
    std::shared_future<State> known;
    {
        const std::lock_guard lock(shard.mutex);
        const auto found = shard.entries.find(session);
        if (found != shard.entries.end() && now - found->second.asked_at < longest_age) {
            known = found->second.state;
        } else {
            make_room(shard, now);
            shard.entries[session] = {answer.get_future().share(), now};
        }
    }
    if (known.valid()) return known.get();
    try {
        State state = std::make_shared<const SessionState>(load(session));
        answer.set_value(state);
        return state;
    } catch (...) {
        drop(shard, session, now);
        answer.set_exception(std::current_exception());
        throw;
    }
}

void SessionCache::make_room(Shard& shard, Moment now) {
    if (shard.entries.size() < most) return;
    std::erase_if(shard.entries, [&](const auto& each) { return now - each.second.asked_at >= longest_age; });
    if (shard.entries.size() >= most) shard.entries.clear();
}

void SessionCache::drop(Shard& shard, const Uuid& session, Moment asked_at) {
    const std::lock_guard lock(shard.mutex);
    const auto found = shard.entries.find(session);
    if (found != shard.entries.end() && found->second.asked_at == asked_at) shard.entries.erase(found);
}

void SessionCache::forget(const Uuid& session) {
    Shard& shard = shard_of(session);
    const std::lock_guard lock(shard.mutex);
    shard.entries.erase(session);
}

void SessionCache::forget_user(const Uuid& user) {
    for (Shard& shard : shards_) {
        const std::lock_guard lock(shard.mutex);
        std::erase_if(shard.entries, [&](const auto& each) {
            const std::shared_future<State>& state = each.second.state;
            // Of a question that is still open nobody knows whose session it is, nor whether it sees the
            // change.
            if (state.wait_for(std::chrono::seconds(0)) != std::future_status::ready) return true;
            try {
                return state.get()->user == user;
            } catch (...) {
                return true;
            }
        });
    }
}

}  // namespace tamiti
