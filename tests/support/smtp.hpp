#pragma once

#include <sys/types.h>

#include <boost/json/value.hpp>
#include <string>
#include <vector>

namespace tamiti::test {

/// A real SMTP server of a test's own; see smtp_server.py for what its recipients do.
class SmtpPeer {
public:
    /// With a password it wants the user "studio" to sign in.
    explicit SmtpPeer(const std::string& password = {});
    ~SmtpPeer();
    SmtpPeer(const SmtpPeer&) = delete;
    SmtpPeer& operator=(const SmtpPeer&) = delete;

    std::string url(const std::string& user_info = {}) const {
        return "smtp://" + user_info + "127.0.0.1:" + port_;
    }

    /// Every message that arrived whole, also those whose sender was never told.
    std::vector<boost::json::object> mails() const;

private:
    std::string folder_;
    std::string port_;
    pid_t process_ = 0;
};

}  // namespace tamiti::test
