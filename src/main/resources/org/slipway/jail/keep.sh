# Holds mounts that last longer than one run, in namespaces that its caller has made. Its standard
# input is held open by the farm and never written, so its end means that they are not wanted any
# more.
#   IMAGE   file that holds a disk of limited size, or nothing
#   DISK    where that is mounted
#   ROOT    where the overlay on it is mounted
#   LOCAL   folder whose copy is on that disk
#   FSTAB   other mounts, the overlay on that disk among them
if [ -n "$IMAGE" ]; then
  # It is thrown away with all that is on it: a journal and barriers would keep nothing worth having.
  mkfs.ext4 -q -F -m 0 -O ^has_journal,^resize_inode -E lazy_itable_init=1,nodiscard \
    "$IMAGE" </dev/null || exit 1
  mount -t ext4 -o loop,nosuid,nodev,nobarrier,noinit_itable "$IMAGE" "$DISK" || exit 1
  rmdir "$DISK/lost+found" || exit 1
  mkdir -m 755 "$DISK/upper" "$DISK/work" || exit 1
  [ ! -d "$LOCAL" ] || cp -a "$LOCAL" "$DISK/local" || exit 1
fi
mount -a -T "$FSTAB" || exit 1
echo ready
exec >/dev/null 2>&1
read -r _
# What is removed need not be written to the image first.
[ -z "$IMAGE" ] || umount "$ROOT"
[ -z "$IMAGE" ] || exec rm -rf -- "$DISK/upper" "$DISK/work" "$DISK/local"
