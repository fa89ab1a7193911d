#!/bin/sh
# Looks at what was staged for what would only go wrong on another machine.
#
# STAGEDIR, PREFIX, LOCALBASE and WRKDIR come from the environment. Each fault is printed; one is a
# failure.

set -u
export LC_ALL=C
cd "$STAGEDIR" || exit 1
wrong=0

# fault TEXT: prints it.
fault() {
  echo "Error: $1"
  wrong=1
}

list=$(find . -type l -print)
old_ifs=$IFS
IFS='
'
set -f
for link in $list; do
  target=$(readlink "$link")
  case $target in
    "$STAGEDIR"* | "$WRKDIR"*) fault "${link#.} leads into the work directory: $target" ;;
    # What a dependency brings is looked for in the system, what is the port's own in the stage.
    /*) [ -e ".$target" ] || [ -e "$target" ] || fault "${link#.} leads to $target, which is nowhere" ;;
    *) [ -e "$link" ] || [ -e "${link#.}/../$target" ] ||
         fault "${link#.} leads to $target, which is nowhere" ;;
  esac
done

# An interpreter must be there for who runs the script: the base's, a dependency's or the port's own.
for script in $(find . -type f -perm -100 -print); do
  line=$(head -c 200 "$script" | tr -d '\000' | head -n 1)
  case $line in
    '#!'*)
      interpreter=$(echo "${line#??}" | sed -e 's/^ *//' -e 's/[ 	].*//')
      [ -e "$interpreter" ] || [ -e ".$interpreter" ] ||
        fault "${script#.} names the interpreter $interpreter, which is nowhere" ;;
  esac
done

for file in $(find . -type f -exec grep -l -F -e "$STAGEDIR" {} +); do
  fault "${file#.} holds the stage's path $STAGEDIR"
done
IFS=$old_ifs

find . -perm -2 ! -type l -print | sed -e 's/^\.//' -e 's/^/Warning: all may write to /'
exit "$wrong"
