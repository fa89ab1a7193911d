#!/bin/sh
# Compares distfiles with distinfo, or writes it: checksum.sh check|make FILE ...
#
# DISTDIR, SUBDIR   where the distfiles are       DISTINFO_FILE   what they should be

set -eu
prefix=${SUBDIR:+$SUBDIR/}

# digest FILE: the digest in hexadecimal. The tool has one name on Linux and one on BSD.
digest() {
  if command -v sha256sum > /dev/null 2>&1; then
    sha256sum < "$1" | cut -d ' ' -f 1
  else
    sha256 -q < "$1"
  fi
}

# entry KIND NAME: the value in distinfo of SHA256 or SIZE.
entry() {
  awk -v kind="$1" -v name="($2)" '$1 == kind && $2 == name { print $4; exit }' "$DISTINFO_FILE"
}

bytes() {
  wc -c < "$1" | tr -d ' '
}

mode=$1
shift

if [ "$mode" = make ]; then
  new=${TMPDIR:-/tmp}/distinfo.$$
  trap 'rm -f "$new"' EXIT
  echo "TIMESTAMP = ${SOURCE_DATE_EPOCH:-$(date +%s)}" > "$new"
  for f in "$@"; do
    echo "SHA256 ($prefix$f) = $(digest "$DISTDIR/$prefix$f")" >> "$new"
    echo "SIZE ($prefix$f) = $(bytes "$DISTDIR/$prefix$f")" >> "$new"
  done
  cat "$new" > "$DISTINFO_FILE"
  exit 0
fi

if [ ! -f "$DISTINFO_FILE" ]; then
  echo "=> No checksum file $DISTINFO_FILE: make makesum writes one"
  exit 1
fi
wrong=0
for f in "$@"; do
  name=$prefix$f
  want=$(entry SHA256 "$name")
  if [ -z "$want" ]; then
    echo "=> No SHA256 of $name in $DISTINFO_FILE"
    wrong=1
  elif [ ! -f "$DISTDIR/$name" ]; then
    echo "=> $name is not in $DISTDIR"
    wrong=1
  elif [ "$(digest "$DISTDIR/$name")" != "$want" ]; then
    echo "=> SHA256 checksum mismatch of $name: it is not the file that distinfo names"
    wrong=1
  elif [ "$(bytes "$DISTDIR/$name")" != "$(entry SIZE "$name")" ]; then
    echo "=> Size mismatch of $name"
    wrong=1
  else
    echo "=> SHA256 checksum OK for $name"
  fi
done
exit "$wrong"
