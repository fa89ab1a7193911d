# fetch, checksum, makesum, extract: from the network to a source directory.

# An address that is given from outside comes first; the port's own stay as a fall-back.
_MASTER_SITES=	${MASTER_SITE_OVERRIDE} ${MASTER_SITES:S,%SUBDIR%,${MASTER_SITE_SUBDIR},} \
		${MASTER_SITE_BACKUP}
_PATCH_SITES=	${MASTER_SITE_OVERRIDE} ${PATCH_SITES} ${MASTER_SITE_BACKUP}

_FETCH_ENV=	DISTDIR=${DISTDIR:Q} SUBDIR=${DIST_SUBDIR:Q} DISTINFO_FILE=${DISTINFO_FILE:Q} \
		FETCH_CMD=${FETCH_CMD:Q}

.if !target(do-fetch)
do-fetch: .PHONY
.  if !empty(DISTFILES)
	@${SETENV} ${_FETCH_ENV} SITES="${_MASTER_SITES}" \
		${SH} ${SCRIPTSDIR}/fetch.sh ${DISTFILES:O:u}
.  endif
.  if !empty(PATCHFILES)
	@${SETENV} ${_FETCH_ENV} SITES="${_PATCH_SITES}" \
		${SH} ${SCRIPTSDIR}/fetch.sh ${PATCHFILES:O:u}
.  endif
.endif

.if !target(checksum)
checksum: .PHONY fetch
.  if !empty(ALLFILES) && !defined(NO_CHECKSUM)
	@${SETENV} ${_FETCH_ENV} ${SH} ${SCRIPTSDIR}/checksum.sh check ${ALLFILES}
.  endif
.endif

# Writes distinfo from what is fetched now: for the maintainer, after looking at what came.
.if !target(makesum)
makesum: .PHONY check-sanity
.  if !empty(ALLFILES)
	@${SETENV} ${_FETCH_ENV} SITES="${_MASTER_SITES} ${_PATCH_SITES}" DISTINFO_FILE=/dev/null \
		${SH} ${SCRIPTSDIR}/fetch.sh ${ALLFILES}
	@${SETENV} ${_FETCH_ENV} ${SH} ${SCRIPTSDIR}/checksum.sh make ${ALLFILES}
.  endif
.endif

EXTRACT_CMD?=	${TAR}
EXTRACT_BEFORE_ARGS?=	-xf
# Owners and modes of the author's machine are of no use here.
EXTRACT_AFTER_ARGS?=	--no-same-owner --no-same-permissions

.if !target(do-extract)
do-extract: .PHONY
	@${MKDIR} ${WRKSRC}
.  for _f in ${EXTRACT_ONLY}
	@cd ${WRKDIR} && ${EXTRACT_CMD} ${EXTRACT_BEFORE_ARGS} ${_DISTDIR}/${_f} \
		${EXTRACT_AFTER_ARGS}
.  endfor
.endif
