# Owners, modes and places of installed files, as FreeBSD's base system has them.
#
# A framework makes its INSTALL_* commands from these. Owners are names that only the packer
# writes down: a stage directory is filled by an unprivileged user.

# Programs and scripts.
BINOWN?=	root
BINGRP?=	wheel
BINMODE?=	555
NOBINMODE?=	444
BINDIR?=	/usr/bin

# Libraries.
LIBOWN?=	${BINOWN}
LIBGRP?=	${BINGRP}
LIBMODE?=	${NOBINMODE}
LIBDIR?=	/usr/lib
LIBCOMPATDIR?=	/usr/lib/compat
LIBDATADIR?=	/usr/libdata
LIBEXECDIR?=	/usr/libexec
INCLUDEDIR?=	/usr/include

# Data that every machine shares.
SHAREOWN?=	root
SHAREGRP?=	wheel
SHAREMODE?=	${NOBINMODE}
SHAREDIR?=	/usr/share

# Configuration.
CONFDIR?=	/etc
CONFOWN?=	root
CONFGRP?=	wheel
CONFMODE?=	644

# Manual pages, documents, message catalogues.
MANOWN?=	${SHAREOWN}
MANGRP?=	${SHAREGRP}
MANMODE?=	${NOBINMODE}
MANDIR?=	${SHAREDIR}/man/man
DOCOWN?=	${SHAREOWN}
DOCGRP?=	${SHAREGRP}
DOCMODE?=	${NOBINMODE}
DOCDIR?=	${SHAREDIR}/doc
NLSOWN?=	${SHAREOWN}
NLSGRP?=	${SHAREGRP}
NLSMODE?=	${NOBINMODE}
NLSDIR?=	${SHAREDIR}/nls

# `install -s` removes symbols. A port that wants them says STRIP= (empty).
STRIP?=		-s
COMPRESS_CMD?=	gzip -cn
COMPRESS_EXT?=	.gz
