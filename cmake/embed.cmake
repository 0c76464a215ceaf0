# Files that the program has within it, as a source that is written from them: tamiti_embed(WHAT OUTPUT FILES...), by
# write_WHAT.cmake. Migrations, named "<app>/<file>", those under src/core "core"; templates of mails; captions, which are what screens call
# things.
function(tamiti_embed what output)
    add_custom_command(
        OUTPUT ${output}
        COMMAND ${CMAKE_COMMAND} -DOUTPUT=${output} "-DFILES=${ARGN}" -P ${CMAKE_SOURCE_DIR}/cmake/write_${what}.cmake
        DEPENDS ${ARGN} ${CMAKE_SOURCE_DIR}/cmake/write_${what}.cmake
        COMMENT "Embedding ${what}"
        VERBATIM)
endfunction()
