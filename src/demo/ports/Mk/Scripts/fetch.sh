#!/bin/sh
# Fetches distfiles that are not there yet: fetch.sh FILE ...
#
# DISTDIR, SUBDIR   where they go                 SITES      addresses, tried in order
# DISTINFO_FILE     sizes that are expected       FETCH_CMD  command, given file name and address

set -eu
dir=$DISTDIR${SUBDIR:+/$SUBDIR}

# size FILE: what distinfo says, or nothing.
size() {
  [ -f "$DISTINFO_FILE" ] || return 0
  awk -v name="${SUBDIR:+$SUBDIR/}$1" \
    '$1 == "SIZE" && $2 == "(" name ")" { print $4; exit }' "$DISTINFO_FILE"
}

fetch_one() {
  file=$1
  want=$(size "$file")
  if [ -f "$dir/$file" ]; then
    have=$(wc -c < "$dir/$file" | tr -d ' ')
    if [ -z "$want" ] || [ "$have" = "$want" ]; then return 0; fi
    echo "=> $file has $have bytes, distinfo says $want: fetching it again"
  fi
  mkdir -p "$dir"
  for site in $SITES; do
    echo "=> Fetching $site$file"
    # Under another name first, so that a broken transfer never looks like a distfile.
    if $FETCH_CMD "$dir/$file.part" "$site$file"; then
      mv -f "$dir/$file.part" "$dir/$file"
      return 0
    fi
    rm -f "$dir/$file.part"
  done
  # Not quoted: the list comes with the blanks of empty parts.
  echo "=> Could not fetch $file: tried" ${SITES:-no site at all, MASTER_SITES is empty}
  return 1
}

for f in "$@"; do fetch_one "$f" || exit 1; done
