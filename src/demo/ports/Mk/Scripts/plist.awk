# The files and directories that a packing list names, one a line: "f /path" or "d /path".
#
# awk -v prefix=/usr/local -f plist.awk LIST. Keywords that name a file (@sample, @shell and the
# like, also with "(owner,group,mode)") give that file; those that run or set something give none.

BEGIN {
  base = prefix
  silent = "comment exec unexec preexec postexec preunexec postunexec mode owner group name"
  silent = silent " pkgdep option conflicts"
  n = split(silent, word, " ")
  for (i = 1; i <= n; i++) skip[word[i]] = 1
}

function absolute(path) {
  return path ~ /^\// ? path : base "/" path
}

/^[ \t]*$/ { next }

/^@/ {
  keyword = $1
  sub(/^@/, "", keyword)
  sub(/\(.*/, "", keyword)
  # "@(root,wheel,0755) bin/x" has no keyword, and no blank inside the brackets.
  path = $2
  if (keyword in skip) next
  if (keyword == "cwd" || keyword == "cd") { base = path == "" ? prefix : path; next }
  if (path == "") next
  print (keyword ~ /^dir/ ? "d " : "f ") absolute(path)
  next
}

{ print "f " absolute($0) }
