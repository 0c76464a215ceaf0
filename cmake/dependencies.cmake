# Debian 12's libraries under one interface target.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json url)
find_package(spdlog REQUIRED)
find_package(prometheus-cpp REQUIRED CONFIG)
find_package(date REQUIRED)
find_package(ZLIB REQUIRED)
find_path(mustache_headers kainjow/mustache.hpp REQUIRED)
pkg_check_modules(libpq REQUIRED IMPORTED_TARGET libpq)
pkg_check_modules(hiredis REQUIRED IMPORTED_TARGET hiredis)
pkg_check_modules(libcurl REQUIRED IMPORTED_TARGET libcurl)
# As an archive, so that the memory that it maps for Argon2id can be of huge pages (docs/adr/0011).
find_library(libsodium_archive libsodium.a REQUIRED)
pkg_check_modules(xlsxwriter REQUIRED IMPORTED_TARGET xlsxwriter)
pkg_check_modules(libmagic REQUIRED IMPORTED_TARGET libmagic)
pkg_check_modules(libcrypto REQUIRED IMPORTED_TARGET libcrypto)
pkg_check_modules(utf8proc REQUIRED IMPORTED_TARGET libutf8proc)

add_library(tamiti_dependencies INTERFACE)
target_link_libraries(tamiti_dependencies INTERFACE
    Threads::Threads Boost::json Boost::url spdlog::spdlog prometheus-cpp::core date::date-tz ZLIB::ZLIB
    PkgConfig::libpq PkgConfig::hiredis PkgConfig::libcurl ${libsodium_archive}
    PkgConfig::libmagic PkgConfig::libcrypto PkgConfig::xlsxwriter PkgConfig::utf8proc)
