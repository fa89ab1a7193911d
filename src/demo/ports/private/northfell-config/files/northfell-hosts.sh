#!/bin/sh
# northfell-hosts: the hosts that have a role, or all. northfell-hosts [ROLE]
awk -F , -v role="${1:-}" 'NR > 1 && (role == "" || $2 == role) { print $1 }' \
  "${NORTHFELL_HOSTS:-/usr/local/etc/northfell/hosts.csv}"
