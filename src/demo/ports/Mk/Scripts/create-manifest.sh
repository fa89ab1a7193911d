#!/bin/sh
# Writes what a package says of itself into METADIR: +MANIFEST, +DESC, +DISPLAY and scripts.
#
# Everything comes from the environment, by the names of the framework's variables. Left to the
# packer, who knows them: files, sizes, ABI, libraries, and deps with the versions built against.

set -eu
rm -rf "$METADIR"
mkdir -p "$METADIR"

# quoted TEXT: a UCL string.
quoted() {
  printf '"%s"' "$(printf '%s' "$1" | sed 's/[\\"]/\\&/g')"
}

# list KEY WORD ...: KEY: [ "WORD", ... ], or nothing without words.
list() {
  key=$1
  shift
  [ $# -gt 0 ] || return 0
  printf '%s: [ ' "$key"
  separator=
  for w in "$@"; do
    printf '%s%s' "$separator" "$(quoted "$w")"
    separator=', '
  done
  printf ' ]\n'
}

options() {
  [ -n "$SELECTED_OPTIONS$DESELECTED_OPTIONS" ] || return 0
  echo 'options: {'
  { for o in $SELECTED_OPTIONS; do echo "  $o: on"; done
    for o in $DESELECTED_OPTIONS; do echo "  $o: off"; done; } | LC_ALL=C sort
  echo '}'
}

annotations() {
  [ -n "$FLAVOR$CPE_STR" ] || return 0
  echo 'annotations: {'
  if [ -n "$CPE_STR" ]; then echo "  cpe: $(quoted "$CPE_STR")"; fi
  if [ -n "$FLAVOR" ]; then echo "  flavor: $(quoted "$FLAVOR")"; fi
  echo '}'
}

set -f # the words of lists are no file name patterns
{
  echo "name: $(quoted "$PKGBASE")"
  echo "version: $(quoted "$PKGVERSION")"
  echo "origin: $(quoted "$PKGORIGIN")"
  printf 'comment: <<EOD\n%s\nEOD\n' "$COMMENT"
  echo "maintainer: $(quoted "$MAINTAINER")"
  echo "prefix: $(quoted "$PREFIX")"
  # The first address is the project's page, further ones are for readers of the Makefile.
  echo "www: $(quoted "${WWW%% *}")"
  list categories $CATEGORIES
  if [ -n "$LICENSE" ]; then
    case $LICENSE_COMB in
      dual) echo 'licenselogic: or' ;;
      multi) echo 'licenselogic: and' ;;
      *) echo 'licenselogic: single' ;;
    esac
    list licenses $LICENSE
  fi
  list users $NEW_USERS
  list groups $NEW_GROUPS
  options
  annotations
} > "$METADIR/+MANIFEST"
set +f

cp "$DESCR" "$METADIR/+DESC"
if [ -f "$PKGMESSAGE" ]; then cp "$PKGMESSAGE" "$METADIR/+DISPLAY"; fi
if [ -f "$PKGINSTALL" ]; then cp "$PKGINSTALL" "$METADIR/+INSTALL"; fi
if [ -f "$PKGDEINSTALL" ]; then cp "$PKGDEINSTALL" "$METADIR/+DEINSTALL"; fi
if [ -n "$NEW_USERS$NEW_GROUPS" ]; then
  sh "$(dirname "$0")/users-groups.sh" > "$METADIR/+PRE_INSTALL"
fi
# Elsewhere a program finds its libraries by the run path that USES=localbase gives it.
if [ -n "$USE_LDCONFIG" ] && [ "$OPSYS" = FreeBSD ]; then
  echo "/sbin/ldconfig -m $PREFIX/lib" > "$METADIR/+POST_INSTALL"
  cp "$METADIR/+POST_INSTALL" "$METADIR/+POST_DEINSTALL"
fi
chmod 644 "$METADIR"/*
