#!/bin/sh
# grikestat: grikestat PROGRAM ...
for program in "$@"; do
  echo "$program:"
  fifo=$(mktemp -d)/fifo
  mkfifo "$fifo"
  grikeping 10 < "$fifo" | $program > "$fifo"
  rm -r "${fifo%/*}"
done
