# What is wrong with a port, found before anything is done: IGNORE for ports that must not be
# built here, check-sanity for ports that are written wrongly.

# The first reason found is the one told.
.if !defined(IGNORE)
.  if defined(BROKEN) && !defined(TRYBROKEN)
IGNORE=		is marked as broken: ${BROKEN}
.  elif defined(BROKEN_${ARCH}) && !defined(TRYBROKEN)
IGNORE=		is marked as broken on ${ARCH}: ${BROKEN_${ARCH}}
.  elif defined(BROKEN_${OPSYS}) && !defined(TRYBROKEN)
IGNORE=		is marked as broken on ${OPSYS}: ${BROKEN_${OPSYS}}
.  elif defined(FORBIDDEN)
IGNORE=		is forbidden: ${FORBIDDEN}
.  elif defined(ONLY_FOR_ARCHS) && empty(ONLY_FOR_ARCHS:M${ARCH})
IGNORE=		is only for ${ONLY_FOR_ARCHS}, and this is ${ARCH}
.  elif !empty(NOT_FOR_ARCHS:M${ARCH})
IGNORE=		does not run on ${ARCH}
.  elif defined(IGNORE_${ARCH})
IGNORE=		is ignored on ${ARCH}: ${IGNORE_${ARCH}}
.  elif defined(IGNORE_${OPSYS})
IGNORE=		is ignored on ${OPSYS}: ${IGNORE_${OPSYS}}
.  endif
.endif

.for _v in PORTNAME PORTVERSION CATEGORIES MAINTAINER COMMENT
.  if empty(${_v})
_SANITY+=	"${_v} is not set"
.  endif
.endfor
.if !empty(CATEGORIES) && ${CATEGORIES:[1]} != ${PKGCATEGORY}
_SANITY+=	"the first of CATEGORIES is ${CATEGORIES:[1]}, but the port lies in ${PKGCATEGORY}"
.endif
.if !empty(PKGVERSION:M*-*)
_SANITY+=	"the version ${PKGVERSION} holds a dash"
.endif
.if !exists(${DESCR})
_SANITY+=	"there is no ${DESCR}"
.endif
.if defined(PLIST_FILES) && exists(${PLIST})
_SANITY+=	"PLIST_FILES and pkg-plist are both there"
.endif
# What a port works without, and should not be committed with: said to who tries a port.
.if defined(DEVELOPER_MODE)
.  if !empty(COMMENT) && ${COMMENT:[*]:M*.} != ""
_SANITY+=	"COMMENT ends with a full stop"
.  endif
.  if !empty(ALLFILES) && !exists(${DISTINFO_FILE})
_SANITY+=	"there is no ${DISTINFO_FILE}: make makesum writes one"
.  endif
.endif
.for _u in ${USERS}
.  if !exists(${UID_FILES})
_SANITY+=	"user ${_u}: no file ${UID_FILES}"
.  endif
.endfor
.if !empty(_OPTIONS_WRONG)
_SANITY+=	${_OPTIONS_WRONG}
.endif

.if !target(check-sanity)
check-sanity: .PHONY
.  if !empty(IGNORE)
	@${ECHO_MSG} "===>  ${PKGNAME} "${IGNORE:Q}"."
	@${FALSE}
.  elif !empty(_SANITY)
	@for wrong in ${_SANITY}; do ${ECHO_MSG} "===>  ${PKGORIGIN}: $$wrong"; done
	@${FALSE}
.  else
.    if defined(DEPRECATED)
	@${ECHO_MSG} "===>  NOTICE: ${PKGNAME} is deprecated: "${DEPRECATED:Q}
.    endif
.    if defined(EXPIRATION_DATE)
	@${ECHO_MSG} "===>  NOTICE: ${PKGNAME} is to be removed on ${EXPIRATION_DATE}"
.    endif
.  endif
.endif
