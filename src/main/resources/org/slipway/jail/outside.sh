# Runs a program in a network of its own, which slirp4netns(1) joins to what other hosts offer. It is a
# process in the namespaces of the run, as the mount is that holds the network, so both end with that.
#   $1      an empty file, which becomes the network's name; beside it goes what slirp4netns says
#   $2      --disable-dns, or nothing where the host's name server listens on its loopback
#   $3      addresses, of which slirp4netns takes the second and the third, and gives the hundredth
# The rest is the program.
network=$1
names=$2
addresses=$3
shift 3
unshare --net="$network" true || exit 1
# What is read here is what comes by --ready-fd: a word, or nothing from one that has ended. A hostile
# fetch can make it complain, so the file for that has a limit.
ready=$(
  ulimit -f 16
  trap '' XFSZ
  slirp4netns --configure --mtu=65520 --cidr="$addresses" --netns-type=path \
    --disable-host-loopback $names --enable-sandbox --enable-seccomp \
    --ready-fd=4 "$network" tap0 4>&1 >/dev/null 2>"$network.said" </dev/null 3>&- &
)
if [ -z "$ready" ]; then
  echo "slirp4netns gave this run no network: $(tail -n 2 "$network.said" | tr '\n' ' ')" >&2
  exit 1
fi
exec nsenter --net="$network" "$@"
