# USES=localbase: headers and libraries of other ports are found.
# Arguments: ldflags (the default and the only one; accepted because ports write it).

CPPFLAGS+=	-I${LOCALBASE}/include
LDFLAGS+=	-L${LOCALBASE}/lib
# FreeBSD's run-time linker looks into LOCALBASE by its hints file; elsewhere the program must
# know the way itself.
.if ${OPSYS} != FreeBSD
LDFLAGS+=	-Wl,-rpath,${LOCALBASE}/lib
.endif
