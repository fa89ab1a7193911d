# Asks make about one port after the other. Run as: sh -c TEXT ask MAKES SECONDS -V VAR -V VAR ...
# MAKES is a list of names, the first that is there is used.
#
# Standard input has a line for each port: MARK ORIGIN FLAVOR, a dash where there is no flavor.
# Standard output has for each: "MARK begin", a line for each variable, "MARK errors STATUS", what
# make wrote to standard error (its start), "MARK end". MARK is a random word of each port's own.

makes=$1
seconds=$2
shift 2

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
# Not every base has it; without it the farm's own limits end a port that hangs.
limit=
if command -v timeout >/dev/null 2>&1; then
  limit="timeout -k 2 $seconds"
fi
errors=${TMPDIR:-/tmp}/ask.$$
: >"$errors" || exit 69
# A makefile that writes without end fills no disk: 20 MiB a file, in blocks of 512 bytes.
ulimit -f 40960
ulimit -c 0

while read -r mark origin flavor; do
  printf '%s begin\n' "$mark"
  if [ "$flavor" = - ]; then
    $limit "$make" -C "/xports/$origin" "$@" </dev/null 2>"$errors"
  else
    $limit "$make" -C "/xports/$origin" "FLAVOR=$flavor" "$@" </dev/null 2>"$errors"
  fi
  printf '%s errors %s\n' "$mark" $?
  if [ -s "$errors" ]; then
    head -c 4000 "$errors"
  fi
  printf '\n%s end\n' "$mark"
done
rm -f "$errors"
exit 0
