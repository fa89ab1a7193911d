#!/bin/sh
# Compares what was staged with what the packing list names.
#
# STAGEDIR, PREFIX, TMPPLIST, PREFIX_DIRS (directories that may stay empty) and AWKDIR come from
# the environment. Every difference is printed; there being one is a failure.

set -eu
export LC_ALL=C
tmp=$(dirname "$TMPPLIST")/.check-plist
rm -rf "$tmp"
mkdir -p "$tmp"
trap 'rm -rf "$tmp"' EXIT

if grep -n '%%[A-Za-z0-9_]*%%' "$TMPPLIST" > "$tmp/unknown"; then
  sed 's/^/Error: no substitution for line /' "$tmp/unknown"
  exit 1
fi

awk -v prefix="$PREFIX" -f "$AWKDIR/plist.awk" "$TMPPLIST" > "$tmp/plist"
sed -n 's/^f //p' "$tmp/plist" | sort > "$tmp/listed"
sed -n 's/^d //p' "$tmp/plist" | sed 's,/*$,,' | sort -u > "$tmp/listed-dirs"
(cd "$STAGEDIR" && find . ! -type d) | sed 's/^\.//' | sort > "$tmp/staged"
(cd "$STAGEDIR" && find . -type d) | sed 's/^\.//' | sort > "$tmp/staged-dirs"
# Nobody lists an empty directory by accident: those that came with the prefix are fine.
(cd "$STAGEDIR" && find . -type d -empty) | sed 's/^\.//' | sort > "$tmp/empty"
{ sed -e '/^#/d' -e "s,^,$PREFIX/," "$PREFIX_DIRS"; cat "$tmp/listed-dirs"; } |
  sort -u > "$tmp/allowed-empty"

{
  uniq -d "$tmp/listed" | sed 's/^/Error: listed twice: /'
  sort -u "$tmp/listed" | comm -13 - "$tmp/staged" |
    sed 's/^/Error: staged, but not in the plist: /'
  sort -u "$tmp/listed" | comm -23 - "$tmp/staged" |
    sed 's/^/Error: in the plist, but not staged: /'
  comm -23 "$tmp/listed-dirs" "$tmp/staged-dirs" | sed 's/^/Error: no such directory staged: @dir /'
  comm -23 "$tmp/empty" "$tmp/allowed-empty" | sed 's/^/Error: empty and not in the plist: @dir /'
} > "$tmp/errors"

if [ -s "$tmp/errors" ]; then
  cat "$tmp/errors"
  exit 1
fi
echo "===>   $(wc -l < "$tmp/staged" | tr -d ' ') files staged, all of them listed"
