# stage, stage-qa, check-plist, create-manifest, package: from programs to a package.
#
# Everything is done by an unprivileged user, so nobody is made owner of anything: the packer
# writes root:wheel, or what the packing list says.

INSTALL_PROGRAM?=	${INSTALL} ${STRIP} -m 555
INSTALL_LIB?=	${INSTALL} ${STRIP} -m 644
INSTALL_SCRIPT?=	${INSTALL} -m 555
INSTALL_DATA?=	${INSTALL} -m 644
INSTALL_MAN?=	${INSTALL} -m 644
STRIP_CMD?=	${STRIPBIN}

# COPYTREE_SHARE FROM TO: the contents of one directory into another, plain files and directories.
COPYTREE_SHARE=	${SH} -c 'cd "$$0" && umask 022 && ${FIND} . -type d -exec ${MKDIR} "$$1/{}" \; && \
		${FIND} . -type f -exec ${INSTALL_DATA} {} "$$1/{}" \;'

# The directories of a prefix, so that a port's install needs to make its own only.
stage-dir: .PHONY
	@umask 022; cd ${WRKDIR} && ${MKDIR} ${STAGEDIR} && \
		${SED} -e '/^#/d' -e 's,^,${STAGEDIR}${PREFIX}/,' \
		${TEMPLATEDIR}/prefix.dirs | xargs ${MKDIR}

.if !target(do-install)
do-install: .PHONY
	@umask 022; cd ${INSTALL_WRKSRC} && ${_DO_MAKE} DESTDIR=${STAGEDIR} ${MAKE_ARGS} \
		${INSTALL_TARGET}
.endif

# SUB_FILES: files/NAME.in becomes WRKDIR/NAME. USE_RC_SUBR: the same, installed as rc script.
apply-slist: .PHONY
.for _f in ${SUB_FILES} ${USE_RC_SUBR}
	@${AWK} -f ${SCRIPTSDIR}/subst.awk ${SUB_LIST} < ${FILESDIR}/${_f}.in > ${WRKDIR}/${_f}
.endfor

install-rc-script: .PHONY
.for _f in ${USE_RC_SUBR}
	@${MKDIR} ${STAGEDIR}${PREFIX}/etc/rc.d
	@${INSTALL_SCRIPT} ${WRKDIR}/${_f} ${STAGEDIR}${PREFIX}/etc/rc.d/${_f}
	@${ECHO_CMD} "etc/rc.d/${_f}" >> ${TMPPLIST}
.endfor

install-license: .PHONY
.if defined(LICENSE_FILE)
	@${MKDIR} ${STAGEDIR}${PREFIX}/share/licenses/${PKGNAME}
	@${INSTALL_DATA} ${LICENSE_FILE} ${STAGEDIR}${PREFIX}/share/licenses/${PKGNAME}/LICENSE
	@${ECHO_CMD} "share/licenses/${PKGNAME}/LICENSE" >> ${TMPPLIST}
.endif

compress-man: .PHONY
	@${FIND} ${STAGEDIR}${PREFIX}/share/man -type f ! -name '*.gz' -exec ${GZIP_CMD} {} +

# Before the install, because a port's install targets may add lines.
generate-plist: .PHONY
	@${MKDIR} ${TMPPLIST:H}
	@{ for f in ${PLIST_FILES}; do ${ECHO_CMD} "$$f"; done; \
		if [ -f ${PLIST} ]; then ${CAT} ${PLIST}; fi; \
		for d in ${PLIST_DIRS}; do ${ECHO_CMD} "@dir $$d"; done; } | \
		${AWK} -f ${SCRIPTSDIR}/subst.awk ${PLIST_SUB} > ${TMPPLIST}

# PORTDOCS, PORTEXAMPLES and PORTDATA are patterns of names in one directory each.
add-plist-extra: .PHONY
.for _v _dir in PORTDOCS ${DOCSDIR} PORTEXAMPLES ${EXAMPLESDIR} PORTDATA ${DATADIR}
.  if !empty(${_v}) && empty(DESELECTED_OPTIONS:M${_v:S/^PORT//})
	@cd ${STAGEDIR}${_dir} && ${FIND} ${${_v}} ! -type d | ${SORT} | \
		${SED} -e 's,^,${_dir:S,^${PREFIX}/,,}/,' >> ${TMPPLIST}
.  endif
.endfor

stage-qa: .PHONY
	@${ECHO_MSG} "===>  Looking at what ${PKGNAME} staged"
	@${SETENV} STAGEDIR=${STAGEDIR:Q} PREFIX=${PREFIX:Q} LOCALBASE=${LOCALBASE:Q} \
		WRKDIR=${WRKDIR:Q} ${SH} ${SCRIPTSDIR}/stage-qa.sh

check-plist: .PHONY
	@${ECHO_MSG} "===>  Checking the packing list of ${PKGNAME}"
	@${SETENV} STAGEDIR=${STAGEDIR:Q} PREFIX=${PREFIX:Q} TMPPLIST=${TMPPLIST:Q} \
		PREFIX_DIRS=${TEMPLATEDIR:Q}/prefix.dirs AWKDIR=${SCRIPTSDIR:Q} \
		${SH} ${SCRIPTSDIR}/check-plist.sh

create-manifest: .PHONY
	@${ECHO_MSG} "===>  Writing the manifest of ${PKGNAME}"
	@${SETENV} METADIR=${METADIR:Q} PKGBASE=${PKGBASE:Q} PKGVERSION=${PKGVERSION:Q} \
		PKGORIGIN=${PKGORIGIN:Q} COMMENT=${COMMENT:Q} MAINTAINER=${MAINTAINER:Q} \
		PREFIX=${PREFIX:Q} WWW=${WWW:Q} CATEGORIES=${CATEGORIES:Q} \
		LICENSE=${LICENSE:Q} LICENSE_COMB=${LICENSE_COMB:Q} FLAVOR=${FLAVOR:Q} \
		SELECTED_OPTIONS=${SELECTED_OPTIONS:Q} DESELECTED_OPTIONS=${DESELECTED_OPTIONS:Q} \
		NEW_USERS=${USERS:Q} NEW_GROUPS=${GROUPS:Q} \
		UIDS=${UID_FILES:Q} GIDS=${GID_FILES:Q} \
		CPE_STR=${CPE_STR:Q} USE_LDCONFIG=${USE_LDCONFIG:Q} OPSYS=${OPSYS:Q} \
		DESCR=${DESCR:Q} PKGMESSAGE=${PKGMESSAGE:Q} \
		PKGINSTALL=${PKGINSTALL:Q} PKGDEINSTALL=${PKGDEINSTALL:Q} \
		${SH} ${SCRIPTSDIR}/create-manifest.sh

# pkg packs what the list names. It writes NAME-VERSION.pkg into the folder behind -o.
PKG_BIN?=	${LOCALBASE}/sbin/pkg-static
PKG_CREATE?=	${PKG_BIN} create
PKG_CREATE_ARGS+=	-f tzst -r ${STAGEDIR} -m ${METADIR} -p ${TMPPLIST} -o ${WRKDIR}/pkg

.if !target(do-package)
do-package: .PHONY create-manifest
	@${MKDIR} ${WRKDIR}/pkg
	@${ECHO_MSG} "===>  Packing ${PKGNAME}"
	@${PKG_CREATE} ${PKG_CREATE_ARGS} ${PKGNAME}
.endif

.if !target(package)
package: .PHONY stage do-package
.endif

# What installs packages is the builder's matter; one is removed by its pkg.
.if !target(deinstall)
deinstall: .PHONY
	@${ECHO_MSG} "===>  Removing ${PKGNAME}"
	@${PKG_BIN} delete -y -f ${PKGBASE}
.endif
