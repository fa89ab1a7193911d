#!/bin/sh
# Prints the script that makes a package's users and groups before its files are installed.
#
# NEW_USERS and NEW_GROUPS are names (GROUPS itself means something else to bash); UIDS and GIDS are
# files in the form of master.passwd and group, which give each name its number once for the whole
# tree.

set -eu
line() {
  if ! grep "^$2:" "$1"; then
    echo "$2 is not in $1" >&2
    exit 1
  fi
}

echo '#!/bin/sh'
for g in $NEW_GROUPS; do
  gid=$(line "$GIDS" "$g" | cut -d : -f 3)
  cat << EOT
if ! getent group $g > /dev/null 2>&1; then
  echo "Creating group $g with gid $gid"
  if command -v pw > /dev/null 2>&1; then
    pw groupadd $g -g $gid
  else
    groupadd -g $gid $g
  fi
fi
EOT
done
for u in $NEW_USERS; do
  entry=$(line "$UIDS" "$u")
  uid=$(echo "$entry" | cut -d : -f 3)
  gid=$(echo "$entry" | cut -d : -f 4)
  gecos=$(echo "$entry" | cut -d : -f 8)
  home=$(echo "$entry" | cut -d : -f 9)
  shell=$(echo "$entry" | cut -d : -f 10)
  cat << EOT
if ! getent passwd $u > /dev/null 2>&1; then
  echo "Creating user $u with uid $uid"
  if command -v pw > /dev/null 2>&1; then
    pw useradd $u -u $uid -g $gid -c "$gecos" -d $home -s $shell
  else
    useradd -M -u $uid -g $gid -c "$gecos" -d $home -s $shell $u
  fi
fi
EOT
done
