#!/bin/sh
# A stand-in for poudriere in tests: takes the words of poudriere -e ETC bulk, and lays down what a
# bulk does, in its documented layout: .data.json (every value a text), logs, packages that appear in
# .building and are committed by a rename and a link, the exit status. What becomes of each package
# stands in HERE/scenario, a line each; ready archives lie in HERE/archives.
here=$(cd "$(dirname "$0")/.." && pwd)
echo "$*" >>"$here/commands"
etc=/nonexistent set='' build='' list=''
while getopts Ne: flag; do [ "$flag" = e ] && etc=$OPTARG; done
shift $((OPTIND - 1))
[ "$1" = bulk ] || exit 64
shift
OPTIND=1
overlays=
while getopts aB:f:j:J:NO:p:z: flag; do
  case $flag in
  B) build=$OPTARG ;; f) list=$OPTARG ;; j) jail=$OPTARG ;; p) tree=$OPTARG ;; z) set=-$OPTARG ;;
  O) overlays="$overlays $OPTARG" ;;
  *) : ;;
  esac
done
. "$etc/poudriere.conf"
master=$jail-$tree$set
if [ -r "$etc/poudriere.d/$master-poudriere.conf" ]; then . "$etc/poudriere.d/$master-poudriere.conf"; fi
[ -d "$etc/poudriere.d/jails/$jail" ] || { echo "Error: No such jail: $jail"; exit 1; }
mnt=$(cat "$etc/poudriere.d/ports/$tree/mnt") && [ -d "$mnt" ] || exit 1
rm -rf "$here/seen" && mkdir "$here/seen"
cp "$etc/poudriere.d/make.conf" "$etc/poudriere.d/blacklist" "$list" "$here/seen"
(cd "$mnt" && find . -type f | sort) >"$here/seen/tree"
for each in $overlays; do
  mnt=$(cat "$etc/poudriere.d/ports/$each/mnt") && [ -d "$mnt" ] || exit 1
  (cd "$mnt" && find . -type f | sort | sed "s|^|$each |") >>"$here/seen/overlays"
done
echo "${PRIORITY_BOOST:-}" >"$here/seen/boost"
echo "${BASEFS:-}" >"$here/seen/basefs"

log=$here/data/logs/bulk/$master/$build packages=$here/data/packages/$master
mkdir -p "$log/logs/built" "$log/logs/errors" "$packages/.building/All"
ln -sfn "$build" "$here/data/logs/bulk/$master/latest"
work=$(mktemp -d "$here/work.XXXXXX")
touch "$work/built" "$work/failed" "$work/ignored" "$work/inspected" "$work/skipped" "$work/tobuild" "$work/jobs"
status=starting_jobs: ended='' failures=0

json() {
  {
    printf '{"buildname":"%s","builders":"01 02",' "$build"
    if [ -n "$ended" ]; then printf '"ended":"1764000000",'; fi
    printf '"ports":{'
    comma=
    for kind in built failed ignored inspected skipped tobuild; do
      printf '%s"%s":[' "$comma" "$kind"
      paste -s -d , "$work/$kind"
      printf ']'
      comma=,
    done
    printf '},"snap":{"now":"5000","elapsed":"60"},"stats":{"queued":"9"},"status":"%s","jobs":[' "$status"
    paste -s -d , "$work/jobs"
    printf '],"skipped":{"x-1":1}}\n'
  } >"$log/.data.json.new"
  mv "$log/.data.json.new" "$log/.data.json"
}

entry() { # ORIGIN FLAVOR NAME REST
  flavor=
  if [ "$2" != - ]; then flavor="\"flavor\":\"$2\","; fi
  printf '{"origin":"%s",%s"pkgname":"%s"%s}\n' "$1" "$flavor" "$3" "$4"
}

stop() { # STATUS CODE
  trap '' INT TERM
  echo "[00:00:07] Error: Signal caught, cleaning up and exiting"
  status=$1 ended=yes
  json
  exit "$2"
}
trap 'stop SIGINT: 130' INT
trap 'stop SIGTERM: 143' TERM

: >"$log/.data.json"
# What was published before is there again.
if [ -d "$packages/.latest/All" ]; then cp -al "$packages/.latest/All/." "$packages/.building/All/"; fi
while read -r verb origin flavor name rest; do
  case $verb in
  built | failed | skipped) entry "$origin" "$flavor" "$name" ',"reason":"listed"' >>"$work/tobuild" ;;
  esac
  case $verb in built | failed) rm -f "$packages/.building/All/$name.pkg" ;; esac
done <"$here/scenario"
echo "$build" >"$packages/.building/.buildname"
status=parallel_build:
json
while read -r verb origin flavor name rest; do
  case $verb in
  wait)
    : >"$here/at.$origin"
    while [ ! -e "$here/go.$origin" ]; do sleep 0.05; done
    ;;
  running)
    entry "$origin" "$flavor" "$name" ",\"id\":\"02\",\"status\":\"$rest\",\"started\":\"4000\",\"elapsed\":\"4900\"" >>"$work/jobs"
    ;;
  built)
    printf '=======================<phase: build          >============================\nhello from %s\n' "$name" >"$log/logs/$name.log"
    ln -s "../$name.log" "$log/logs/built/$name.log"
    cp "$here/archives/$name.pkg" "$packages/.building/All/$name.pkg"
    entry "$origin" "$flavor" "$name" ',"elapsed":"90"' >>"$work/built"
    : >"$work/jobs"
    ;;
  failed)
    echo "it broke: $name" >"$log/logs/$name.log"
    ln -s "../$name.log" "$log/logs/errors/$name.log"
    entry "$origin" "$flavor" "$name" ",\"phase\":\"${rest% *}\",\"errortype\":\"${rest#* }\",\"elapsed\":\"12\"" >>"$work/failed"
    : >"$work/jobs"
    failures=$((failures + 1))
    ;;
  skipped)
    entry "$origin" "$flavor" "$name" ",\"depends\":\"$rest\"" >>"$work/skipped"
    failures=$((failures + 1))
    ;;
  ignored) entry "$origin" "$flavor" "$name" ",\"reason\":\"$rest\"" >>"$work/ignored" ;;
  inspected) entry "$origin" "$flavor" "$name" ',"reason":"no rebuild needed"' >>"$work/inspected" ;;
  hostile) printf '{"origin":"../../etc","pkgname":"%s","elapsed":"1"}\n' '../../passwd-1' >>"$work/built" ;;
  garbage)
    printf '{"ports":{"built":[{"origin":"devel/mkt' >"$log/.data.json"
    continue
    ;;
  crash)
    echo '[00:01:02] Error: parallel_run: unhandled'
    status='crashed:err:unhandled' ended=yes
    json
    exit 1
    ;;
  vanish)
    kill -9 "$PPID" $$
    ;;
  esac
  json
done <"$here/scenario"

status=committing:
json
mv "$packages/.building" "$packages/.real_$$"
ln -sfn ".real_$$" "$packages/.latest.new" && mv -T "$packages/.latest.new" "$packages/.latest" 2>/dev/null ||
  { rm -f "$packages/.latest" && ln -s ".real_$$" "$packages/.latest"; }
status=done: ended=yes
json
rm -rf "$work"
exit $failures
