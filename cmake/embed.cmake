# Writes a source file that carries every migration as a string, so that the program is one file.
# A migration's name is "<app>/<file>", taken from src/apps/<app>/migrations/<file>.sql; those under src/core are the app "core".
function(tamiti_embed_migrations output)
    add_custom_command(
        OUTPUT ${output}
        COMMAND ${CMAKE_COMMAND} -DOUTPUT=${output} "-DFILES=${ARGN}" -P ${CMAKE_SOURCE_DIR}/cmake/write_migrations.cmake
        DEPENDS ${ARGN} ${CMAKE_SOURCE_DIR}/cmake/write_migrations.cmake
        COMMENT "Embedding migrations"
        VERBATIM)
endfunction()

# The same for the templates of mails, in templates/mail.
function(tamiti_embed_templates output)
    add_custom_command(
        OUTPUT ${output}
        COMMAND ${CMAKE_COMMAND} -DOUTPUT=${output} "-DFILES=${ARGN}" -P ${CMAKE_SOURCE_DIR}/cmake/write_templates.cmake
        DEPENDS ${ARGN} ${CMAKE_SOURCE_DIR}/cmake/write_templates.cmake
        COMMENT "Embedding templates of mails"
        VERBATIM)
endfunction()

# The same for what screens call things: src/apps/<app>/captions/<language>.txt, and the engine's in src/core/captions.
function(tamiti_embed_captions output)
    add_custom_command(
        OUTPUT ${output}
        COMMAND ${CMAKE_COMMAND} -DOUTPUT=${output} "-DFILES=${ARGN}" -P ${CMAKE_SOURCE_DIR}/cmake/write_captions.cmake
        DEPENDS ${ARGN} ${CMAKE_SOURCE_DIR}/cmake/write_captions.cmake
        COMMENT "Embedding captions"
        VERBATIM)
endfunction()
