#!/bin/sh
# drumlin-monitor: drumlin-monitor STORE ...
set -eu
for store in "$@"; do
  echo "$store $(echo count | %%LOCALBASE%%/libexec/drumlin "$store")"
done | hosttally
