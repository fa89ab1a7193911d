# First process of a run's own pid and mount namespaces: when it ends, the kernel ends every
# process of the run and drops every mount. Its standard input is held open by the farm and never
# written, so its end means that the farm is gone (or wants an end).
#   $@            the program that makes the jail and runs the command
#   JOIN          control groups to enter, one a line
#   UNMOUNT       mounts not to be seen by that program, one a line
#   COVER         a folder to hide below an empty one
#   FSTAB         mounts to make first
#   INPUT STATUS  files for the command's input and for its outcome (fd 3)
#   TIMES         file for the CPU time of all that was waited for
exec 9<&0 </dev/null
trap 'exit 137' TERM
set -f
IFS='
'
for group in $JOIN; do echo 0 >"$group/cgroup.procs" || exit 1; done
[ -z "$UNMOUNT" ] || umount $UNMOUNT || exit 1
[ -z "$COVER" ] || mount -t tmpfs -o size=64k tmpfs "$COVER" || exit 1
[ -z "$FSTAB" ] || mount -a -T "$FSTAB" || exit 1
(read -r _ <&9; kill -TERM 1) >/dev/null 2>&1 &
"$@" <"$INPUT" 3>"$STATUS" 9<&- &
wait $!
code=$?
times >"$TIMES"
exit $code
