# `.include <bsd.port.mk>`, the last line of a port: hands over to the tree's own framework.
#
# PORTSDIR comes from the presets in a build. It is looked for upwards from the port when a person
# runs make in a checkout; three levels, because ports lie two deep and a few trees have helper
# ports one level further down. Relatives of FreeBSD's framework have the entry under another name.

_KIT_ENTRIES=	bsd.port.mk bsd.mport.mk

.if !defined(PORTSDIR)
.  for _up in . .. ../.. ../../..
.    for _entry in ${_KIT_ENTRIES}
.      if !defined(PORTSDIR) && exists(${.CURDIR}/${_up}/Mk/${_entry})
PORTSDIR:=	${.CURDIR}/${_up}
.      endif
.    endfor
.  endfor
.  if !defined(PORTSDIR)
.    error ${.CURDIR} is not in a ports tree: no Mk/bsd.port.mk above it. Set PORTSDIR
.  endif
# Without `..`, since names of work directories and messages are made from it.
PORTSDIR:=	${PORTSDIR:tA}
.endif

.if !defined(BSDPORTMK)
.  for _entry in ${_KIT_ENTRIES}
.    if !defined(BSDPORTMK) && exists(${PORTSDIR}/Mk/${_entry})
BSDPORTMK:=	${PORTSDIR}/Mk/${_entry}
.    endif
.  endfor
.  if !defined(BSDPORTMK)
.    error ${PORTSDIR} is no ports tree: it has no Mk/bsd.port.mk
.  endif
.endif
USESDIR?=	${PORTSDIR}/Mk/Uses

.include <bsd.own.mk>
.include "${BSDPORTMK}"
