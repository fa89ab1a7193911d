# Makes a jail without a container runtime, in namespaces that its caller has made.
#   $1      folder that becomes the root of the namespace: trusted, with the jail's root at /jail.
#           A root that gets out of /jail finds only this folder and the host's /usr, read-only.
#   FSTAB   every mount, below $1
#   LOOPBACK  non-empty: bring up lo
# The rest runs with the new root, in a session that no terminal of the farm is in.
mount -a -T "$JAIL_FSTAB" || exit 1
[ -z "$LOOPBACK" ] || ip link set lo up || exit 1
cd "$1" || exit 1
shift
echo 500 >/proc/self/oom_score_adj
pivot_root . old || exit 1
umount -l /old || exit 1
exec setsid "$@"
