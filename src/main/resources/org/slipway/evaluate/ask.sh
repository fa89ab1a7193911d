# Asks make about one port after the other. Run as: sh -c TEXT ask MAKES SECONDS DEBUG REST -V WHAT ...
#
# MAKES is a list of names, the first that is there is used; SECONDS of processor time are a port's
# limit; DEBUG are make's letters for what it shall record (-d of make(1)); REST is kill where what a
# port leaves running is to be killed before the next is asked.
#
# Standard input has a line for each port: MARK FOLDER FLAVOR, a dash where there is no flavor. MARK
# is a random word of each port's own. Standard output has "MARK begin" when a port is asked. From
# time to time, and at last, come the replies: for each "MARK reply", what the questions come to,
# "MARK errors STATUS", what make wrote to standard error (its start), "MARK end"; then the records:
# "MARK record", what make looked for and which commands it ran.
#
# Only shell builtins are used between ports, as a process more for each would cost a tenth of what
# make itself costs; and make, which with -d writes line by line, writes to files in memory.

makes=$1
seconds=$2
debug=$3
rest=$4
shift 4

make=
for name in $makes; do
  if [ -z "$make" ] && command -v "$name" >/dev/null 2>&1; then
    make=$name
  fi
done
if [ -z "$make" ]; then
  echo "the base has no ${makes%% *}, which reads ports; install it there" >&2
  exit 69
fi
# In memory where there is such a place: make writes a record line by line.
folder=/tmp
if [ -d /dev/shm ] && [ -w /dev/shm ]; then
  folder=/dev/shm
fi
errors=$folder/ask.$$.errors
record=$folder/ask.$$.record
replies=$folder/ask.$$.replies
: >"$errors" && : >"$record" && : >"$replies" || exit 69
# The kit's own shell, through which makefiles run commands, writes there which they were.
SLIPWAY_RECORD=$record
export SLIPWAY_RECORD
# A makefile that writes without end fills no disk: 20 MiB a file, in blocks of 512 bytes. The
# limits are each process's own. Not every system can limit memory so.
ulimit -f 40960
ulimit -c 0
# First the signal that says why, and for who does not heed it, soon the one that cannot be caught.
ulimit -S -t "$seconds"
ulimit -H -t $((seconds + 5))
ulimit -v 2097152 2>/dev/null

# Makefiles run as the same user and may put a pipe or a link in the place of a file.
mend() {
  if [ ! -f "$1" ] || [ -h "$1" ]; then
    rm -rf "$1"
    : >"$1"
  fi
}

# Replies that come at once: a process writes them, and a record with every line read is long.
together=50
case $debug in
  *p*) together=25 ;;
esac
asked=0
while read -r mark folder flavor; do
  printf '%s begin\n' "$mark"
  printf '%s record\n' "$mark" >>"$record"
  printf '%s reply\n' "$mark" >>"$replies"
  set_flavor=
  [ "$flavor" = - ] || set_flavor=FLAVOR=$flavor
  "$make" "-d${debug}F+$record" -C "$folder" ${set_flavor:+"$set_flavor"} "$@" \
    </dev/null >>"$replies" 2>"$errors"
  status=$?
  # All that this user may signal but this shell.
  [ "$rest" != kill ] || kill -KILL -1 2>/dev/null
  mend "$errors"
  mend "$record"
  mend "$replies"
  if [ -s "$errors" ]; then
    {
      printf '%s errors %s\n' "$mark" "$status"
      head -c 4000 "$errors"
      printf '\n%s end\n' "$mark"
    } >>"$replies"
  else
    printf '%s errors %s\n\n%s end\n' "$mark" "$status" "$mark" >>"$replies"
  fi
  asked=$((asked + 1))
  if [ "$asked" -eq "$together" ]; then
    cat "$replies" "$record"
    : >"$replies"
    : >"$record"
    asked=0
  fi
done
cat "$replies" "$record"
rm -f "$errors" "$record" "$replies"
exit 0
