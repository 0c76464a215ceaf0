# Flags for every target: strict warnings, Debian's hardening, mold and ccache where they are present.
find_program(ccache_path ccache)
if(ccache_path)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${ccache_path})
endif()
find_program(mold_path mold)
if(mold_path)
    add_link_options(-fuse-ld=mold)
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        # Before 2.42.1 mold keeps the empty unwind records that GCC writes for empty cold parts of functions, and an
        # exception that meets one ends the process (github.com/rui314/mold/issues/1648).
        add_compile_options(-fno-reorder-blocks-and-partition)
    endif()
endif()

add_compile_options(-Wall -Wextra -Wconversion -Wformat=2 -Werror=format-security -Wno-missing-field-initializers
                    -fno-strict-aliasing -fstack-protector-strong -fstack-clash-protection -D_GLIBCXX_ASSERTIONS)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    add_compile_options(-fcf-protection=full)
endif()
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
include(CheckPIESupported)
check_pie_supported()
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1 -DNDEBUG -D_FORTIFY_SOURCE=3 -ftrivial-auto-var-init=zero")
set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g1")
add_link_options(-Wl,-z,relro,-z,now,-z,noexecstack -Wl,--as-needed)

if(TAMITI_SANITIZE)
    set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g1")
    add_compile_options(-fsanitize=${TAMITI_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    add_link_options(-fsanitize=${TAMITI_SANITIZE})
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND TAMITI_SANITIZE MATCHES "undefined")
        # Linked dynamically beside libasan it writes its reports to standard error, whatever log_path says.
        add_link_options(-static-libubsan)
    endif()
endif()
if(TAMITI_FUZZ)
    add_compile_options(-fsanitize=fuzzer-no-link)
endif()
