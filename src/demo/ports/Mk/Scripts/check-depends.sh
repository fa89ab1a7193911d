#!/bin/sh
# Says which dependencies are not there: check-depends.sh KEY:ORIGIN ...
#
# KIND (lib, run, build ...), PKGNAME and LOCALBASE come from the environment. A key is a path, a
# library's file name, a command, or a comparison of a package's version; the last kind cannot be
# looked at without a package database and counts as there.

set -u
missing=0
for dep in "$@"; do
  key=${dep%%:*}
  origin=${dep#*:}
  found=
  case $key in
    *[\<\>=]*) found=$key ;;
    /*) [ -e "$key" ] && found=$key ;;
    *)
      if [ "$KIND" = lib ]; then
        for d in "$LOCALBASE/lib" /usr/lib /lib; do
          [ -e "$d/$key" ] && found=$d/$key
        done
      else
        found=$(command -v "$key")
      fi ;;
  esac
  if [ -n "$found" ]; then
    echo "===>   $PKGNAME depends on $key - found"
  else
    echo "===>   $PKGNAME depends on $key - not found: install $origin"
    missing=1
  fi
done
exit "$missing"
