# SPDX-License-Identifier: MIT
# cmake --install, and a Debian package of the same: cpack -G DEB. Pages and
# client library are in the binary.
include(GNUInstallDirs)

install(TARGETS parlor)
install(FILES deploy/man/parlor.1 DESTINATION "${CMAKE_INSTALL_MANDIR}/man1")
install(FILES deploy/completions/parlor
  DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions")
install(FILES README.md CHANGELOG.md LICENSE
  DESTINATION "${CMAKE_INSTALL_DOCDIR}")
install(DIRECTORY docs/ DESTINATION "${CMAKE_INSTALL_DOCDIR}/docs"
  FILES_MATCHING PATTERN "*.md" PATTERN "*.yaml" PATTERN "*.svg" PATTERN "*.png")
install(DIRECTORY deploy/prometheus deploy/grafana
  DESTINATION "${CMAKE_INSTALL_DOCDIR}/deploy")

install(FILES deploy/parlor.ini
  DESTINATION "${CMAKE_INSTALL_FULL_SYSCONFDIR}/parlor")

set(unit "${CMAKE_CURRENT_BINARY_DIR}/parlor.service")
configure_file(deploy/systemd/parlor.service.in "${unit}" @ONLY)
install(FILES "${unit}" DESTINATION lib/systemd/system)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_PACKAGE_NAME parlor)
set(CPACK_PACKAGE_VENDOR "Parlor's developers")
set(CPACK_PACKAGE_CONTACT "Parlor's developers <parlor@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "realtime WebSocket rooms service")
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
  "${PROJECT_SOURCE_DIR}/deploy/debian/conffiles"
  "${PROJECT_SOURCE_DIR}/deploy/debian/preinst"
  "${PROJECT_SOURCE_DIR}/deploy/debian/postinst"
  "${PROJECT_SOURCE_DIR}/deploy/debian/prerm"
  "${PROJECT_SOURCE_DIR}/deploy/debian/postrm")
include(CPack)
