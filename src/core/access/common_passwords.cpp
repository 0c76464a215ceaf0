#include "core/access/common_passwords.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <unordered_set>

#include "core/base/text.hpp"

namespace tamiti {
namespace {

// What people type who are asked for a password and think of the first thing: names, teams, places, words of
// affection. Lower-case, letters; digits and signs around them are taken off before the comparison.
constexpr std::string_view words =
    "password passwort passwd passw pass passphrase passcode parola parole motdepasse contrasena senha "
    "nenosiri "
    "neno siri iloveyou ilovegod lovely loveme lover lovers sweetheart sweety sweetie babygirl babyboy baby "
    "angel angels "
    "princess prince queen king kingdom blessed blessing blessings jesus jesuschrist jesusislord jesusloves "
    "christ "
    "praisegod thankgod trustgod godisgood godislove godisable godfirst heaven faith grace mercy hallelujah "
    "amen emmanuel "
    "immanuel welcome welcomeback welcometo letmein openup opensesame trustno trustnoone access accessme "
    "login logmein "
    "signin secret secrets topsecret mysecret private admin administrator administrador root toor superuser "
    "sysadmin user "
    "username default changeme changeit changethis changeme please temp temporary test testing tester "
    "testtest demo "
    "sample example guest guests visitor client customer manager office company business server computer "
    "laptop desktop "
    "internet wireless wifi network windows google facebook whatsapp instagram twitter youtube telegram "
    "android samsung "
    "iphone nokia huawei tecno infinix itel microsoft apple oracle cisco linux ubuntu debian master monster "
    "shadow hunter "
    "killer dragon tiger lion eagle falcon panther phoenix wolf dolphin monkey donkey elephant buffalo "
    "leopard cheetah "
    "butterfly sunshine sunflower flower flowers summer winter spring autumn january february march april "
    "may june july "
    "august september october november december monday tuesday wednesday thursday friday saturday sunday "
    "morning "
    "goodmorning evening midnight forever together happy happiness smile smiley peace freedom liberty "
    "victory winner "
    "success successful money dollar million billionaire millionaire rich riches gold golden silver diamond "
    "diamonds "
    "pearl ruby crystal football soccer futbol basketball baseball hockey cricket rugby tennis swimming "
    "boxing arsenal "
    "arsenalfc chelsea chelseafc liverpool liverpoolfc manchester manchesterunited manunited manutd mancity "
    "barcelona "
    "realmadrid juventus tottenham everton ronaldo cristiano messi neymar rooney drogba jordan michael "
    "jackson michelle "
    "jennifer jessica ashley nicole amanda andrea anthony andrew daniel david robert charlie thomas george "
    "joseph joshua "
    "matthew william james john peter paul mark luke simon samuel solomon moses abraham isaac jacob esther "
    "hannah sarah "
    "rachel rebecca mary maria martha elizabeth victoria catherine caroline patricia patrick brian kevin "
    "ronald richard "
    "steven stephen edward henry francis emmanuella gloria joyce beatrice florence agnes betty brenda doreen "
    "prossy sandra sharon stella sylvia winnie namukasa nakato babirye wasswa kato mukasa okello opio akello "
    "achieng "
    "kampala entebbe jinja mbarara gulu masaka uganda ugandan africa african kenya nairobi tanzania rwanda "
    "kigali "
    "london england america newyork paris france germany canada australia china india webale mukwano oliotya "
    "nkwagala "
    "mzungu rafiki jambo hakuna hakunamatata pamoja karibu asante mama papa mummy daddy mother father "
    "brother sister "
    "family friend friends bestfriend bestie beautiful handsome pretty sexy cutie cookie cookies chocolate "
    "candy sugar "
    "honey coffee banana orange mango pineapple cheese pepper ginger whatever nothing something anything "
    "everything "
    "computers starwars superman batman spiderman ironman avengers pokemon pikachu naruto minecraft fortnite "
    "matrix "
    "yamaha suzuki toyota subaru mercedes ferrari porsche mustang corvette harley chevrolet charger music "
    "musician "
    "guitar piano metallica eminem beyonce rihanna nirvana blink slipknot hello helloworld hellohello "
    "goodbye "
    "whoami abcabc abcdef qwerty qwertz azerty asdfgh zxcvbn qazwsx fuckyou fuckoff bullshit asshole bitch "
    "pussy "
    "biteme mypassword mypass yourpassword thepassword newpassword oldpassword userpassword adminpassword "
    "passwordadmin rootpassword password password1234 database mysql postgres postgresql redis mongodb "
    "backup "
    "studio studios creative design designer designs tamiti tamitistudio photography photographer video "
    "videos camera "
    "canon nikon production productions media agency marketing project projects team teamwork work worker";

// Runs that fingers or the alphabet suggest. Anything made of pieces of these, forwards or backwards, counts
// as typed without thinking.
constexpr std::array<std::string_view, 10> runs = {"1234567890123",
                                                   "abcdefghijklmnopqrstuvwxyz",
                                                   "qwertyuiop",
                                                   "asdfghjkl",
                                                   "zxcvbnm",
                                                   "qazwsxedcrfvtgbyhnujmikolp",
                                                   "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
                                                   "1q2w3e4r5t6y7u8i9o0p",
                                                   "!@#$%^&*()",
                                                   "qwertzuiop"};

constexpr std::size_t shortest_piece = 3;
constexpr std::size_t longest_ornament =
    6;  // more digits than that hung on to a word are a password of their own

const std::unordered_set<std::string_view>& common_words() {
    static const std::unordered_set<std::string_view> set = [] {
        const auto parts = split(words, ' ');
        return std::unordered_set<std::string_view>(parts.begin(), parts.end());
    }();
    return set;
}

/// The letters that digits and signs stand for where people "hide" a word.
char plain(char c) {
    constexpr std::string_view disguised = "4@31!|057$8+";
    constexpr std::string_view letters = "aaeiilostsbt";
    static_assert(disguised.size() == letters.size());
    const std::size_t at = disguised.find(c);
    return at == std::string_view::npos ? c : letters[at];
}

bool is_letter(char c) {
    return c >= 'a' && c <= 'z';
}

/// The text without the few signs and digits at each end.
std::string_view without_ornaments(std::string_view text) {
    for (std::size_t i = 0; i < longest_ornament && !text.empty() && !is_letter(text.back()); ++i)
        text.remove_suffix(1);
    for (std::size_t i = 0; i < longest_ornament && !text.empty() && !is_letter(text.front()); ++i)
        text.remove_prefix(1);
    return text;
}

bool is_word(std::string_view text) {
    if (common_words().contains(text)) return true;
    std::string letters(text);
    std::ranges::transform(letters, letters.begin(), plain);
    if (common_words().contains(letters)) return true;
    std::erase_if(letters, [](char c) { return !is_letter(c); });  // "pass-word", "i love you"
    return common_words().contains(letters);
}

/// Whether the text is one piece over and over; the last may be cut off.
bool is_repeated(std::string_view text) {
    for (std::size_t length = 1; length <= text.size() / 2; ++length) {
        if (text.substr(length) == text.substr(0, text.size() - length) && length <= 4) return true;
        if (text.size() == 2 * length && text.substr(length) == text.substr(0, length) &&
            is_word(text.substr(0, length)))
            return true;
    }
    return false;
}

/// How many characters at the start of the text follow one of the runs, in either direction.
std::size_t run_at_start(std::string_view text) {
    std::size_t longest = 0;
    for (const std::string_view run : runs) {
        for (const std::string& line : {std::string(run), std::string(run.rbegin(), run.rend())}) {
            std::size_t length = shortest_piece;
            while (length <= text.size() && line.find(text.substr(0, length)) != std::string::npos) ++length;
            longest = std::max(longest, length - 1);
        }
    }
    return longest < shortest_piece ? 0 : longest;
}

bool is_made_of_runs(std::string_view text) {
    while (!text.empty()) {
        const std::size_t length = run_at_start(text);
        if (length == 0)
            return text.size() < shortest_piece &&
                   std::ranges::all_of(text, [&](char c) { return c == text[0]; });
        text.remove_prefix(length);
    }
    return true;
}

}  // namespace

bool is_common_password(std::string_view password) {
    if (password.size() > 64) return false;  // nobody's list has such; and the time spent here stays small
    const std::string text = lower(password);
    return is_word(text) || is_word(without_ornaments(text)) || is_repeated(text) || is_made_of_runs(text) ||
           is_made_of_runs(without_ornaments(text));
}

}  // namespace tamiti
