#!/bin/sh
set -e
[ "$(echo ': square dup * ; 7 square .' | ./oxbow)" = "49 " ]
[ "$(echo '1 2 swap - .' | ./oxbow)" = "1 " ]
[ "$(echo '1 if 10 else 20 then .' | ./oxbow)" = "10 " ]
if echo 'nonsense' | ./oxbow 2> /dev/null; then exit 1; fi
echo "all tests passed"
