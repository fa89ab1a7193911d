# `.include <bsd.port.subdir.mk>`, the last line of the top Makefile and of each category's.

.if !defined(PORTSDIR)
.  for _up in . ..
.    if !defined(PORTSDIR) && exists(${.CURDIR}/${_up}/Mk/bsd.port.subdir.mk)
PORTSDIR:=	${.CURDIR}/${_up}
.    endif
.  endfor
.  if !defined(PORTSDIR)
.    error ${.CURDIR} is not in a ports tree: no Mk/bsd.port.subdir.mk above it. Set PORTSDIR
.  endif
PORTSDIR:=	${PORTSDIR:tA}
.endif

.include "${PORTSDIR}/Mk/bsd.port.subdir.mk"
