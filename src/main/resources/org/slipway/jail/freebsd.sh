# The farm's hand on a FreeBSD host.
#
#   freebsd.sh calls LIST
#     Runs the commands of a list, and removes the list when all has gone well.
#
#   freebsd.sh run FOLDER INPUT STATUS TIMES FARM PROGRAM...
#     Runs FOLDER/before, then PROGRAM with INPUT as its input, then FOLDER/after whatever has
#     happened. What PROGRAM writes to its file 3 goes to STATUS by a pipe, of which no more than two
#     writes are taken: a hostile root may get at its other end. Standard input is held open by the
#     farm and never written, so its end means that the farm is gone (or wants an end): FOLDER/after
#     is run at once then, and where the process FARM is no longer there FOLDER/gone at last. TIMES
#     gets the CPU time of all that was waited for, FOLDER/done says that FOLDER/after was run.
#
# A list has for each command the line must or may, the number of its words, and each word in a line
# of its own: nothing in it is read by a shell. After one that must succeed and does not, the rest is
# left undone; of the others nobody hears.
set -f
# A file: while it is there, nothing is begun that must succeed.
stop=

calls() {
  while IFS= read -r rule <&8 && IFS= read -r count <&8; do
    set --
    while [ "$count" -gt 0 ]; do
      IFS= read -r word <&8 || return 1
      set -- "$@" "$word"
      count=$((count - 1))
    done
    [ -z "$stop" ] || [ ! -e "$stop" ] || [ "$rule" = may ] || return 1
    if [ "$rule" = may ]; then
      "$@" >/dev/null 2>&1 6<&- 7>&- 8<&- 9<&- || :
    else
      "$@" 6<&- 7>&- 8<&- 9<&- || return 1
    fi
  done 8<"$1"
  return 0
}

# Whether the farm is gone. A process gets its new parent a moment after the farm's pipes close.
gone() {
  for try in 1 2; do
    parent=$(ps -o ppid= -p $$) || return 1
    [ "$((parent))" -eq "$1" ] || return 0
    [ "$try" = 2 ] || sleep 1
  done
  return 1
}

run() {
  exec 6<"$2" 7>&1 9<&0 </dev/null
  folder=$1 status=$3 times=$4 farm=$5
  shift 5
  stop=$folder/ended
  rm -f "$stop"
  # This also outlives a kill of the script itself. The jail's end is that of PROGRAM; one that was
  # not in it yet finds none to enter.
  (
    read -r _ <&9
    : >"$stop"
    calls "$folder/after"
  ) >/dev/null 2>&1 6<&- 7>&- &
  watch=$!
  code=125
  if calls "$folder/before" && [ ! -e "$stop" ]; then
    "$@" <&6 3>&1 >&7 6<&- 7>&- 9<&- |
      dd bs=64 count=2 >"$status" 2>/dev/null 6<&- 7>&- 9<&-
    code=$?
    times >"$times"
  fi
  if [ -e "$stop" ]; then
    ended=yes
    wait "$watch"
  else
    ended=
    kill -KILL "$watch" 2>/dev/null
  fi
  stop=
  calls "$folder/after" >/dev/null 2>&1
  : >"$folder/done"
  if [ -n "$ended" ] && gone "$farm"; then
    calls "$folder/gone" >/dev/null 2>&1
  fi
  exit "$code"
}

case $1 in
  calls) calls "$2" && rm -f "$2" ;;
  run)
    shift
    run "$@"
    ;;
  *) exit 2 ;;
esac
