# Commands by name, so that a port or a person can put another in a command's place.
# Found through PATH: their folders differ between systems.

AWK?=		awk
CAT?=		cat
CHMOD?=		chmod
CP?=		cp
ECHO_CMD?=	echo
ECHO_MSG?=	echo
FALSE?=		false
FIND?=		find
GREP?=		grep
GZIP_CMD?=	gzip -9n
LN?=		ln
MKDIR?=		mkdir -p
MV?=		mv
PATCH?=		patch
PRINTF?=	printf
RM?=		rm -f
SED?=		sed
SETENV?=	env
SH?=		/bin/sh
SORT?=		sort
TAR?=		tar
TOUCH?=		touch
TR?=		tr
TRUE?=		true

# `-i.bak` with the suffix joined on is the one spelling that both GNU and BSD sed take.
REINPLACE_CMD?=	${SED} -i.bak

# A command that is given a file name and an address.
.if !defined(FETCH_CMD)
.  if exists(/usr/bin/curl)
FETCH_CMD=	curl -fsSL -o
.  else
FETCH_CMD=	fetch -Ro
.  endif
.endif
