# Flavors: one port, several packages.
#
# FLAVORS lists them, the first is the default, FLAVOR says which one is wanted. For flavor x a port
# may set x_PKGNAMEPREFIX, x_PKGNAMESUFFIX, x_PLIST, x_DESCR, and x_{BUILD,LIB,RUN,...}_DEPENDS.

.if defined(FLAVOR) && empty(FLAVOR)
.  error ${PKGORIGIN}: FLAVOR is given but empty: name one of "${FLAVORS}", or leave it out
.endif

# Asked for on the command line, it must not reach a make that this one starts for another port.
.MAKEOVERRIDES:=	${.MAKEOVERRIDES:NFLAVOR}

.if !empty(FLAVORS) && empty(FLAVOR)
FLAVOR=		${FLAVORS:[1]}
.endif

.if !empty(FLAVOR)
# A value and no error: whoever gathers metadata learns it from IGNORE.
.  if empty(FLAVORS)
IGNORE=		has no flavors, and ${FLAVOR} was asked for
.  elif empty(FLAVORS:M${FLAVOR})
IGNORE=		has no flavor ${FLAVOR}, its flavors are: ${FLAVORS}
.  else
.    for _v in PKGNAMEPREFIX PKGNAMESUFFIX
.      if defined(${FLAVOR}_${_v})
${_v}=		${${FLAVOR}_${_v}}
.      endif
.    endfor
.    for _v in PLIST DESCR
.      if defined(${FLAVOR}_${_v})
${_v}=		${PKGDIR}/${${FLAVOR}_${_v}}
.      endif
.    endfor
.    for _v in PKG EXTRACT PATCH FETCH BUILD LIB RUN TEST
.      if defined(${FLAVOR}_${_v}_DEPENDS)
${_v}_DEPENDS+=	${${FLAVOR}_${_v}_DEPENDS}
.      endif
.    endfor
.    if defined(IGNORE_${FLAVOR})
IGNORE=		${IGNORE_${FLAVOR}}
.    endif
.  endif
.endif
