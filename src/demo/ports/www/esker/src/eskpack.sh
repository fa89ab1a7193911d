#!/bin/sh
# eskpack: packs templates; esker reads them as before. eskpack FILE ...
set -eu
for f in "$@"; do
  tarnpack < "$f" > "$f.new"
  mv "$f.new" "$f"
done
