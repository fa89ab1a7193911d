# The ports framework of this fork: what every port includes.
#
# Variables, targets, phases and file names are those of the FreeBSD ports framework, so that a port
# moves between the two unchanged; the text is this fork's own, and holds what these ports need.
#
# A port includes it whole, or in two halves (bsd.port.pre.mk, bsd.port.post.mk), or asks for its
# options first (bsd.port.options.mk). Hence three parts, each read once:
#
#   first     what the port is: flavor, directories, options
#   middle    Uses/*.mk and everything that follows from the port's own variables
#   last      names, defaults and targets, when the port has said all it has to say

# --- first ------------------------------------------------------------------------------------
.if !defined(_PORTMK_FIRST)
_PORTMK_FIRST=	yes

OPSYS?=		FreeBSD
ARCH?=		${MACHINE_ARCH}
OSREL?=		0
OSVERSION?=	0

LOCALBASE?=	/usr/local
PREFIX?=	${LOCALBASE}
DISTDIR?=	${PORTSDIR}/distfiles
PORT_DBDIR?=	/var/db/ports
USESDIR?=	${PORTSDIR}/Mk/Uses
TEMPLATEDIR?=	${PORTSDIR}/Templates
SCRIPTSDIR?=	${PORTSDIR}/Mk/Scripts
UID_FILES?=	${PORTSDIR}/UIDs
GID_FILES?=	${PORTSDIR}/GIDs

# A slave port sets MASTERDIR and includes the master's Makefile: the files come from there, the
# origin does not.
MASTERDIR?=	${.CURDIR}
PKGDIR?=	${MASTERDIR}
FILESDIR?=	${MASTERDIR}/files
PATCHDIR?=	${MASTERDIR}/files
DISTINFO_FILE?=	${MASTERDIR}/distinfo
PKGCATEGORY?=	${.CURDIR:H:T}
PKGORIGIN?=	${PKGCATEGORY}/${.CURDIR:T}

.include "${PORTSDIR}/Mk/bsd.commands.mk"
.include "${PORTSDIR}/Mk/bsd.flavors.mk"
.endif

.include "${PORTSDIR}/Mk/bsd.options.mk"

# --- middle -----------------------------------------------------------------------------------
.if !defined(INOPTIONSMK)

# Asked at each half, because a port may add a word to USES between them.
.  for _uses in ${USES}
_uses_name:=	${_uses:C/:.*//}
.    if empty(_USES_READ:M${_uses_name})
_USES_READ:=	${_USES_READ} ${_uses_name}
${_uses_name}_ARGS:=	${_uses:M*\:*:C/^[^:]*://:S/,/ /g}
.      if !exists(${USESDIR}/${_uses_name}.mk)
.        error ${PKGORIGIN}: USES=${_uses}: there is no Mk/Uses/${_uses_name}.mk
.      endif
.      include "${USESDIR}/${_uses_name}.mk"
.    endif
.  endfor

# --- last -------------------------------------------------------------------------------------
.  if !defined(BEFOREPORTMK)
.    include "${PORTSDIR}/Mk/bsd.names.mk"
.    include "${PORTSDIR}/Mk/bsd.sanity.mk"
.    include "${PORTSDIR}/Mk/bsd.fetch.mk"
.    include "${PORTSDIR}/Mk/bsd.build.mk"
.    include "${PORTSDIR}/Mk/bsd.stage.mk"
.    include "${PORTSDIR}/Mk/bsd.targets.mk"
.  endif
.endif
