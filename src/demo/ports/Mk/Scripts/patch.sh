#!/bin/sh
# Applies patches in the order of their names: patch.sh FILE ...
#
# PATCH         command with its arguments, without the strip count
# PATCH_STRIP   strip count, for patches that do not bring their own as FILE:-pN

set -eu

for p in "$@"; do
  strip=$PATCH_STRIP
  case $p in
    *:-p[0-9]*) strip=${p##*:}; p=${p%:*} ;;
  esac
  case $p in
    *'*') continue ;;                # the pattern itself: there is no patch
    *.orig | *.rej | *~) continue ;; # left by an editor or by patch
  esac
  if [ ! -f "$p" ]; then
    echo "=> No patch $p"
    exit 1
  fi
  echo "===>   Applying ${p##*/}"
  if ! $PATCH "$strip" < "$p"; then
    echo "=> Patch ${p##*/} does not apply cleanly"
    exit 1
  fi
done
