# First process of a run's own pid and mount namespaces: when it ends, the kernel ends every
# process of the run and drops every mount. Its standard input is held open by the farm, so its end
# means that the farm is gone (or wants an end). What is done before a line is read there is the same
# for every run, so that it can be done before anything of a run is known:
#   JOIN          control groups to enter, one a line
#   UNMOUNT       mounts not to be seen by the program, one a line
#   COVER         a folder not to be looked into by the program
exec 8>&1 9<&0 </dev/null
trap 'exit 137' TERM
set -f
IFS='
'
# It takes the kernel a while to move the first process, so the mounts are made meanwhile, which may
# cover these files.
n=3
for group in $JOIN; do n=$((n + 1)); eval "exec $n>\"\$group/cgroup.procs\"" || exit 1; done
(while [ $n -gt 3 ]; do eval "echo 1 >&$n" || exit 1; n=$((n - 1)); done) 8>&- 9<&- &
joining=$!
exec 4>&- 5>&- 6>&- 7>&-
[ -z "$UNMOUNT" ] || umount -l $UNMOUNT || exit 1
[ -z "$COVER" ] || mount -n -i -t tmpfs -o size=64k,nosuid,nodev,noexec cover "$COVER" || exit 1
# The line names a file of the farm's, which sets:
#   $@            the program that makes the jail and runs the command
#   OVERLAY ROOT  options of an overlay to mount first, and where
#   FSTAB         other mounts to make first
#   INPUT STATUS  files for the command's input and for its outcome (fd 3), of which no more than two
#                 writes are taken, from a pipe: a hostile root may get at its other end
#   TIMES         file for the CPU time of all that was waited for
read -r words <&9 || exit 0
. "$words"
[ -z "$OVERLAY" ] || mount -n -i -t overlay -o "$OVERLAY" overlay "$ROOT" || exit 1
[ -z "$FSTAB" ] || mount -a -T "$FSTAB" || exit 1
wait $joining || exit 1
(read -r _ <&9; kill -TERM 1) >/dev/null 2>&1 8>&- &
"$@" <"$INPUT" 3>&1 >&8 8>&- 9<&- | dd bs=64 count=2 >"$STATUS" 2>/dev/null 8>&- 9<&- &
# Both of them: a wait for the last would not count what the first has used.
wait %%
times >"$TIMES"
