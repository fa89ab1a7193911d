#!/usr/bin/env awk -f
# markbeck: plain text with light markup to HTML.

function escape(s) {
  gsub(/&/, "\\&amp;", s)
  gsub(/</, "\\&lt;", s)
  gsub(/>/, "\\&gt;", s)
  return s
}

# enter BLOCK: closes the block that is open, unless it is the same, and opens this one.
function enter(block) {
  if (block == open) return
  if (open != "") print "</" open ">"
  if (block != "") print "<" block ">"
  open = block
}

/^$/ { enter(""); next }
/^= / { enter(""); print "<h1>" escape(substr($0, 3)) "</h1>"; next }
/^== / { enter(""); print "<h2>" escape(substr($0, 4)) "</h2>"; next }
/^- / { enter("ul"); print "<li>" escape(substr($0, 3)) "</li>"; next }
{ enter("p"); print escape($0) }

END { enter("") }
