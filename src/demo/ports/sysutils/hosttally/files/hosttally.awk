#!/usr/bin/env awk -f
# hosttally: sums up "HOST NUMBER" lines by host.

NF < 2 || $1 ~ /^#/ { next }

{
  if (!($1 in sum)) order[++hosts] = $1
  sum[$1] += $2
  count[$1]++
  if (count[$1] == 1 || $2 + 0 > highest[$1]) highest[$1] = $2 + 0
}

END {
  printf "%-20s %10s %10s %10s\n", "host", "sum", "mean", "highest"
  for (i = 1; i <= hosts; i++) {
    h = order[i]
    printf "%-20s %10.1f %10.1f %10.1f\n", h, sum[h], sum[h] / count[h], highest[h]
  }
}
