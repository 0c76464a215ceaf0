#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/base/settings.hpp"
#include "core/base/time.hpp"
#include "core/db/pool.hpp"
#include "core/site/development_secret.hpp"
#include "core/site/memory.hpp"

namespace tamiti {

class Catalogue;
class JobKinds;
class Listeners;
class Permissions;
class Registry;

/// One brand: its host names, database, sender, colours and money. A small studio only ever sees the default
/// one.
struct Site {
    std::string name = "Tamiti Studio";
    std::vector<std::string> hosts{};  ///< exact host names without port
    std::string origin{};              ///< of links in mails; never taken from the Host header
    std::string currency = "UGX";
    std::string time_zone = "Africa/Kampala";
    std::string calling_code = "256";
    std::string colour = "#1f6f5c";
    std::string logo{};       ///< address of the logo in mails
    std::string mail_from{};  ///< sender of mails
    std::string secret{};     ///< root of this site's keys, at least 32 bytes
    std::shared_ptr<const DevelopmentSecret> development_secret{};  ///< where `secret` is empty
    std::string previous_secret{};  ///< the one before, empty where there is none
    const Settings* settings = nullptr;

    // What the installed apps declared; see Registry::install.
    const Registry* registry = nullptr;
    const Catalogue* catalogue = nullptr;
    const JobKinds* jobs = nullptr;
    const Listeners* listeners = nullptr;
    const Permissions* permissions = nullptr;

    std::shared_ptr<db::Pool> pool{};
    std::shared_ptr<const Clock> clock{};
    SiteMemory memory{};  ///< what parts of the program remember for this site

    /// A key for one purpose, derived from the secret, so that a token of one purpose is worthless for
    /// another.
    std::string key(std::string_view purpose) const;

    /// The same from the secret before the present one; empty where there is none.
    std::string previous_key(std::string_view purpose) const;
};

/// The sites of this process, found by exact host name.
class Sites {
public:
    void add(std::shared_ptr<Site> site);

    /// The site of a Host header's value (port ignored), or nullptr: the caller answers 421.
    Site* find(std::string_view host) const;
    Site& first() const { return *sites_.front(); }
    const std::vector<std::shared_ptr<Site>>& all() const { return sites_; }

private:
    std::vector<std::shared_ptr<Site>> sites_{};
};

/// The default site as the settings describe it, with nothing installed yet.
std::shared_ptr<Site> default_site(const Settings& settings);

}  // namespace tamiti
