# Enters a user namespace in which ids 0 to 65535 are what they are outside, then runs "$@" as its
# root. For a root who may set ids but may not mount.
(
  # Until the exec below has made the namespace, these writes are refused.
  tries=0
  until echo "0 0 65536" >/proc/$$/gid_map; do
    tries=$((tries + 1))
    [ $tries -lt 100000 ] || exit 1
  done
  echo "0 0 65536" >/proc/$$/uid_map
) 2>/dev/null </dev/null &
exec unshare --user sh -c '
  tries=0
  until read -r _ </proc/self/uid_map; do
    tries=$((tries + 1))
    [ $tries -lt 1000000 ] || exit 1
  done
  exec "$@"' sh "$@"
