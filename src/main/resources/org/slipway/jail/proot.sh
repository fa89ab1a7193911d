# Runs proot, without any namespace. The standard input is held open by the farm and never written,
# so its end means that the farm is gone (or wants an end).
#   $@            proot and what it runs
#   JOIN          control groups to enter, one a line
#   INPUT STATUS  files for the command's input and for its outcome (fd 3)
exec 9<&0 </dev/null
(
  # In a shell of its own, for these settings; a group is entered by the one that has this number.
  set -f
  IFS='
'
  for group in $JOIN; do echo $$ >"$group/cgroup.procs" || exit 1; done
) || exit 1
rm -f "$STATUS.fifo"
mkfifo "$STATUS.fifo" || exit 1

# proot dies without taking its processes along, so they are looked up by their tracer, which is
# stopped meanwhile: they cannot multiply.
end_all() {
  kill -STOP $proot
  for round in 1 2; do
    for status in $(grep -ls "^TracerPid:[[:space:]]*$proot\$" /proc/[0-9]*/status); do
      status=${status#/proc/}
      kill -KILL "${status%/status}"
    done
  done
  kill -KILL $proot
}

"$@" <"$INPUT" 3>"$STATUS.fifo" 9<&- &
proot=$!
(read -r _ <&9; end_all) >/dev/null 2>&1 &
watch=$!
# Not until proot ends: it waits for daemons too.
while read -r line; do echo "$line"; [ "$line" = started ] || break; done \
  <"$STATUS.fifo" >"$STATUS"
end_all 2>/dev/null
kill -KILL $watch
