# Replaces %%NAME%% in its input: awk -f subst.awk NAME=value ... < input
#
# Values are taken as they are, so they may hold any character; an unknown %%NAME%% stays, and
# check-plist will find it.

BEGIN {
  for (i = 1; i < ARGC; i++) {
    eq = index(ARGV[i], "=")
    if (eq > 1) value[substr(ARGV[i], 1, eq - 1)] = substr(ARGV[i], eq + 1)
    ARGV[i] = ""
  }
}

{
  out = ""
  rest = $0
  while (match(rest, /%%[A-Za-z0-9_]+%%/)) {
    name = substr(rest, RSTART + 2, RLENGTH - 4)
    if (name in value) word = value[name]
    else word = substr(rest, RSTART, RLENGTH)
    out = out substr(rest, 1, RSTART - 1) word
    rest = substr(rest, RSTART + RLENGTH)
  }
  print out rest
}
