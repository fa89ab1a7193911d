#!/bin/sh
# corrie-tab: what corrie prints, in columns.
corrie "$@" | screetab
