# The order of two package versions: prints <, = or >.
#
# awk -f version.awk -v left=1.0_1 -v right=1.0,1. The rule is pkg's (pkg-version(8)): the epoch
# after a comma counts first, then the version part by part, then the revision after an underscore.
# A part is a number, a letter and a number for the letter; snap, alpha, beta, pre and rc come before
# the version that they lead to, and pl before those.

BEGIN {
  split("pl snap alpha beta pre rc", stages, " ")
  order = epoch(left) - epoch(right)
  if (order == 0) order = compare(main(left), main(right))
  if (order == 0) order = revision(left) - revision(right)
  print (order < 0 ? "<" : (order > 0 ? ">" : "="))
}

function epoch(v) { return v ~ /,[0-9]+$/ ? after(v, ",") + 0 : 0 }
function revision(v) { sub(/,[0-9]+$/, "", v); return v ~ /_[0-9]+$/ ? after(v, "_") + 0 : 0 }
function main(v) { sub(/,[0-9]+$/, "", v); sub(/_[0-9]+$/, "", v); return tolower(v) }
function after(v, sign,   n, word) { n = split(v, word, sign); return word[n] }

function compare(a, b,   ra, rb, n, i, x, y) {
  if (a == b) return 0
  while (a != "" || b != "") {
    ra = a == "" || a ~ /^[+]/
    rb = b == "" || b ~ /^[+]/
    if (ra && rb) {
      # A plus begins the next block of both.
      a = substr(a, 2)
      b = substr(b, 2)
      continue
    }
    part(ra ? "" : a)
    if (!ra) a = rest
    split(parts, x, " ")
    part(rb ? "" : b)
    if (!rb) b = rest
    split(parts, y, " ")
    for (i = 1; i <= 3; i++) if (x[i] + 0 != y[i] + 0) return x[i] - y[i]
  }
  return 0
}

# Sets "parts" to number, letter and number for the letter, and "rest" to what comes behind.
function part(v,   number, letter, patch, named, stage) {
  parts = "0 0 0"
  rest = ""
  if (v == "") return
  named = 0
  letter = 0
  patch = 0
  if (match(v, /^[0-9]+/)) {
    number = substr(v, 1, RLENGTH) + 0
    v = substr(v, RLENGTH + 1)
  } else if (v ~ /^[*]/) {
    number = -2
    if (match(v, /[+]/)) v = substr(v, RSTART); else v = ""
  } else {
    number = -1
    named = 1
  }
  if (match(v, /^[a-z]+/)) {
    stage = stageOf(substr(v, 1, RLENGTH))
    if (stage == "") {
      letter = 2 + index("bcdefghijklmnopqrstuvwxyz", substr(v, 1, 1))
    } else if (named) {
      letter = stage == "pl" ? 0 : 2 + index("bcdefghijklmnopqrstuvwxyz", substr(stage, 1, 1))
    }
    # A stage right behind a number begins the next part.
    if (stage == "" || named) {
      v = substr(v, RLENGTH + 1)
      patch = -1
      if (match(v, /^[0-9]+/)) {
        patch = substr(v, 1, RLENGTH) + 0
        v = substr(v, RLENGTH + 1)
      }
    }
  }
  if (match(v, /^[^0-9a-z+*]+/)) v = substr(v, RLENGTH + 1)
  parts = number " " letter " " patch
  rest = v
}

function stageOf(word,   i) {
  for (i = 1; i in stages; i++) if (word == stages[i]) return word
  return ""
}
