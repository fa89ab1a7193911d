#!/bin/sh
# What a Slipway farm asks of a host that runs poudriere: sh host.sh FOLDER VERB ARGUMENT...
# FOLDER is the job's own; the farm sends this file anew with each build. Names were checked by the
# farm; they hold no blanks. Tools are those of FreeBSD's base; Linux has them too.
set -u
umask 022
folder=$1 verb=$2
shift 2
cd "$folder" || exit 74

alive() { # BUILD: whether the process that waits for it is there, and no other that has its number now
  # Not of poudriere's own process, which gives itself other titles.
  waiter=$(cat "runs/$1/waiter" 2>/dev/null) || return 1
  case $waiter in '' | *[!0-9]*) return 1 ;; esac
  case $(ps -ww -o args= -p "$waiter" 2>/dev/null) in *"run $1"*) return 0 ;; *) return 1 ;; esac
}

ended() { # BUILD: says how it ended, where it did
  [ -s "runs/$1/exit" ] && echo "ended $(head -c 16 "runs/$1/exit" | tr -cd 0-9)"
}

standing() { # BUILD: how it stands, in one line
  if [ ! -d "runs/$1" ]; then
    echo none
  elif ended "$1"; then
    :
  elif [ ! -e "runs/$1/waiter" ] && [ -n "$(find "runs/$1" -prune -mmin -1)" ]; then
    # It was started just now.
    echo running
  elif alive "$1"; then
    echo running
  else
    # The status is there before the process is gone.
    ended "$1" || echo gone
  fi
}

packages() { # DATA MASTER BUILD: the folder under packages/MASTER that is this build's
  for each in .building .latest .; do
    if [ "$(cat "$1/packages/$2/$each/.buildname" 2>/dev/null)" = "$3" ]; then
      echo "$1/packages/$2/$each/All"
      return 0
    fi
  done
  return 1
}

summed() { # one line for each name: SHA-256, name
  if command -v sha256sum >/dev/null 2>&1; then
    xargs sha256sum -- | sed 's/^\([0-9a-f]*\) [ *]/\1 /'
  else
    xargs sha256 -r
  fi
}

facts() { # one line for each ordinary file: size, time, inode, name
  case $(uname -s) in
  Linux) xargs stat -c '%s %Y %i %n' -- ;;
  *) xargs stat -f '%z %m %i %N' ;;
  esac
}

case $verb in
look) # BUILD DATA MASTER: how it stands in one line, then .data.json, compressed
  standing "$1"
  json=$2/logs/bulk/$3/$1/.data.json
  if [ -f "$json" ] && [ ! -L "$json" ]; then gzip -1 -c <"$json"; fi
  ;;

check) # COMMAND ETC JAIL: what is missing, a line each
  [ -x "$1" ] || echo "command $1"
  [ -r "$2/poudriere.conf" ] || [ -r "$2/poudriere.d/poudriere.conf" ] || echo "conf $2"
  [ -d "$2/poudriere.d/jails/$3" ] || echo "jail $3"
  ;;

holds) # TREE: the commit whose tree is here, where it is whole
  head -c 64 "$1.commit" 2>/dev/null | tr -cd 0-9a-f
  ;;

tree) # TREE COMMIT: the whole tree as tar on standard input
  rm -rf "$1.commit" "$1.new" && mkdir "$1.new" && tar -xf - -C "$1.new" || exit 74
  rm -rf "$1.old" && { [ ! -d "$1" ] || mv "$1" "$1.old"; } && mv "$1.new" "$1" || exit 74
  rm -rf "$1.old"
  echo "$2" >"$1.commit"
  ;;

forget) # TREE: it is no commit's while it is changed; paths to remove on standard input, NUL after each
  rm -f "$1.commit" && cd "$1" && xargs -0 rm -f --
  ;;

change) # TREE COMMIT: what changed as tar on standard input
  tar -xf - -C "$1" && echo "$2" >"$1.commit"
  ;;

settings) # ETC JAIL TREE OVERLAY...: a folder of settings that has the host's jails, hooks and poudriere.conf
  rm -rf etc && mkdir -p etc/poudriere.d/ports/"$3" || exit 74
  for each in jails hooks; do
    if [ -d "$1/poudriere.d/$each" ]; then ln -s "$1/poudriere.d/$each" etc/poudriere.d/; fi
  done
  for each in "$1"/poudriere.d/*-poudriere.conf; do
    if [ -r "$each" ] && [ ! -e "new/${each##*/}" ]; then ln -s "$each" etc/poudriere.d/; fi
  done
  mv new/* etc/poudriere.d/ && mv etc/poudriere.d/poudriere.conf etc/ || exit 74
  echo "$folder/tree" >etc/poudriere.d/ports/"$3"/mnt
  echo null >etc/poudriere.d/ports/"$3"/method
  shift 3
  for each in "$@"; do
    mkdir -p etc/poudriere.d/ports/"$each" || exit 74
    echo "$folder/overlay.$each" >etc/poudriere.d/ports/"$each"/mnt
    echo null >etc/poudriere.d/ports/"$each"/method
  done
  ;;

start) # BUILD WORD...: runs the words detached from this session; a build is started once
  build=$1
  shift
  mkdir -p runs && mkdir "runs/$build" 2>/dev/null || { echo already; exit 0; }
  # Not by the shell's own &, for that makes the command deaf to SIGINT, which nothing can undo.
  if [ "$(uname -s)" = FreeBSD ]; then
    daemon -f /bin/sh "$folder/host.sh" "$folder" run "$build" "$@"
  elif command -v setsid >/dev/null 2>&1; then
    setsid -f /bin/sh "$folder/host.sh" "$folder" run "$build" "$@" </dev/null >/dev/null 2>&1
  else
    nohup /bin/sh "$folder/host.sh" "$folder" run "$build" "$@" </dev/null >/dev/null 2>&1 &
  fi
  echo started
  ;;

run) # BUILD WORD...: runs the words and keeps their number, their words and their status
  build=$1
  shift
  # By a rename, for a file that is there and empty would say that the process is gone.
  echo $$ >"runs/$build/waiter.new" && mv "runs/$build/waiter.new" "runs/$build/waiter"
  /bin/sh -c 'echo $$ >"$1/pid.new" && mv "$1/pid.new" "$1/pid" && shift && exec "$@"' \
    sh "runs/$build" "$@" </dev/null >"runs/$build/output" 2>&1
  echo $? >"runs/$build/exit.new" && mv "runs/$build/exit.new" "runs/$build/exit"
  find runs -mindepth 1 -maxdepth 1 -mtime +30 -exec rm -rf {} +
  ;;

words) # BUILD: the end of what it said
  tail -c 2000 "runs/$1/output" 2>/dev/null
  ;;

signal) # BUILD INT|TERM
  pid=$(cat "runs/$1/pid" 2>/dev/null)
  case $pid in '' | *[!0-9]*) exit 0 ;; esac
  if alive "$1"; then kill -"$2" "$pid"; fi
  ;;

sums) # BUILD DATA MASTER, names on standard input: SHA-256, size, name of each ordinary file among them
  all=$(packages "$2" "$3" "$1") || { echo elsewhere; exit 0; }
  cache=$folder/sums work=$(mktemp -d "$folder/sums.XXXXXX") || exit 74
  trap 'rm -rf "$work"' EXIT
  touch "$cache"
  cd "$all" || exit 74
  while read -r name; do
    file=$name.pkg
    if [ -L "$file" ]; then
      # With PKG_HASH the name is a link into Hashed/, and to nowhere else.
      target=$(readlink "$file")
      case $target in
      *[!A-Za-z0-9_.,+~/-]* | *..* | Hashed/*/*) continue ;;
      Hashed/"$name"*) file=$target ;;
      *) continue ;;
      esac
    fi
    if [ -f "$file" ] && [ ! -L "$file" ]; then echo "$file"; fi
  done >"$work/names"
  [ -s "$work/names" ] || exit 0
  facts <"$work/names" >"$work/facts" || exit 74
  # A file is summed once: the same size, time, inode and name mean the same bytes.
  awk 'FILENAME == ARGV[1] { known[$2 " " $3 " " $4 " " $5] = 1; next } !($0 in known) { print $4 }' \
    "$cache" "$work/facts" >"$work/todo" || exit 74
  if [ -s "$work/todo" ]; then summed <"$work/todo" >"$work/new" || exit 74; else : >"$work/new"; fi
  awk 'FILENAME == ARGV[1] { sum[$2] = $1; next }
    FILENAME == ARGV[2] { old[$2 " " $3 " " $4 " " $5] = $1; next }
    $4 in sum { print sum[$4], $0; next }
    $0 in old { print old[$0], $0 }' "$work/new" "$cache" "$work/facts" >"$work/told" || exit 74
  awk '{ print $1, $2, $5 }' "$work/told"
  awk '!seen[$5]++' "$work/told" "$cache" >"$work/cache" && mv "$work/cache" "$cache"
  ;;

archives) # BUILD DATA MASTER, file names on standard input: these as tar
  all=$(packages "$2" "$3" "$1") || exit 75
  cd "$all" && exec tar -cf - -T -
  ;;

logs) # BUILD DATA MASTER BYTES, package names on standard input: their logs as tar, long ones not
  cd "$2/logs/bulk/$3/$1/logs" || exit 75
  while read -r name; do
    file=$name.log
    if [ -f "$file" ] && [ ! -L "$file" ]; then
      if [ "$(wc -c <"$file")" -le "$4" ]; then echo "$file"; fi
    fi
  done | tar -cf - -T -
  ;;

log) # BUILD DATA MASTER BYTES NAME: the beginning of one log
  file=$2/logs/bulk/$3/$1/logs/$5.log
  if [ -f "$file" ] && [ ! -L "$file" ]; then head -c "$4" "$file"; fi
  ;;

*)
  echo "host.sh does not know $verb" >&2
  exit 64
  ;;
esac
