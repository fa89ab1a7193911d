#!/bin/sh
# fell: prints a saying. fell [-f FILE] [NUMBER]

set -eu
file=%%LOCALBASE%%/share/fellsayings/sayings
while getopts f: option; do
  case $option in
    f) file=$OPTARG ;;
    *) echo "usage: fell [-f file] [number]" >&2; exit 2 ;;
  esac
done
shift $((OPTIND - 1))

# The day of the year, without the zero that would make it octal.
day=$(date +%j | sed 's/^0*//')
awk -v wanted="${1:-}" -v day="$day" '
  BEGIN { n = 1 }
  $0 == "%" { n++; next }
  { saying[n] = saying[n] $0 "\n" }
  END {
    if (wanted == "") wanted = day % n + 1
    if (!(wanted in saying)) { print "fell: there are " n " sayings" > "/dev/stderr"; exit 1 }
    printf "%s", saying[wanted]
  }' "$file"
