# `.include <bsd.port.mk>`, the last line of a port: hands over to the tree's own framework.
#
# PORTSDIR comes from the presets in a build. It is looked for upwards from the port when a person
# runs make in a checkout; three levels, because ports lie two deep and a few trees have helper
# ports one level further down.

.if !defined(PORTSDIR)
.  for _up in . .. ../.. ../../..
.    if !defined(PORTSDIR) && exists(${.CURDIR}/${_up}/Mk/bsd.port.mk)
PORTSDIR:=	${.CURDIR}/${_up}
.    endif
.  endfor
.  if !defined(PORTSDIR)
.    error ${.CURDIR} is not in a ports tree: no Mk/bsd.port.mk above it. Set PORTSDIR
.  endif
# Without `..`, since names of work directories and messages are made from it.
PORTSDIR:=	${PORTSDIR:tA}
.endif

USESDIR?=	${PORTSDIR}/Mk/Uses
BSDPORTMK?=	${PORTSDIR}/Mk/bsd.port.mk

.include <bsd.own.mk>
.include "${BSDPORTMK}"
