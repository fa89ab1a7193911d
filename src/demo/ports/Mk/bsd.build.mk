# patch, configure, build, test: from a source directory to programs.

# The port's own build starts from an empty environment. Above all it must not inherit the start
# file and the command line of the make that reads this: they are about ports, not about programs.
.if defined(WITH_CCACHE_BUILD) && !empty(CCACHE_WRAPPER_PATH)
# Compilers by their usual names, which ask the cache first.
WRK_ENV+=	PATH="${CCACHE_WRAPPER_PATH}:${PATH}" CCACHE_DIR="${CCACHE_DIR}"
.else
WRK_ENV+=	PATH="${PATH}"
.endif
WRK_ENV+=	HOME="${WRKDIR}" TMPDIR="${TMPDIR:U/tmp}" LC_ALL=C
.if !empty(SOURCE_DATE_EPOCH)
WRK_ENV+=	SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH}
.endif
SETENVI?=	/usr/bin/env -i ${WRK_ENV}

.if ${OPSYS} == FreeBSD
BSDMAKE?=	${.MAKE}
.else
BSDMAKE?=	${.MAKE} -m ${TEMPLATEDIR}/make
.endif
MAKE_CMD?=	${BSDMAKE}
MAKE_FLAGS?=	-f
MAKEFILE?=	Makefile
ALL_TARGET?=	all
INSTALL_TARGET?=install
TEST_TARGET?=	test

CFLAGS?=	-O2 -pipe
CXXFLAGS?=	-O2 -pipe

.if defined(DISABLE_MAKE_JOBS) || defined(MAKE_JOBS_UNSAFE)
MAKE_JOBS_NUMBER=	1
_MAKE_JOBS=
.else
MAKE_JOBS_NUMBER?=	${_SMP_CPUS:U1}
_MAKE_JOBS?=	-j${MAKE_JOBS_NUMBER}
.endif

_TOOLS_ENV=	CC="${CC}" CFLAGS="${CFLAGS}" CPP="${CPP}" CPPFLAGS="${CPPFLAGS}" \
		CXX="${CXX}" CXXFLAGS="${CXXFLAGS}" LDFLAGS="${LDFLAGS}" LIBS="${LIBS}" \
		AR="${AR}" ARFLAGS="${ARFLAGS}" RANLIB="${RANLIB}"
CONFIGURE_ENV+=	${_TOOLS_ENV}
MAKE_ENV+=	PREFIX="${PREFIX}" LOCALBASE="${LOCALBASE}" ${_TOOLS_ENV} \
		BSD_INSTALL_PROGRAM="${INSTALL_PROGRAM}" BSD_INSTALL_LIB="${INSTALL_LIB}" \
		BSD_INSTALL_SCRIPT="${INSTALL_SCRIPT}" BSD_INSTALL_DATA="${INSTALL_DATA}" \
		BSD_INSTALL_MAN="${INSTALL_MAN}"

_DO_MAKE=	${SETENVI} ${MAKE_ENV} ${MAKE_CMD} ${MAKE_FLAGS} ${MAKEFILE}

# --- patch ------------------------------------------------------------------------------------
PATCH_STRIP?=	-p0
PATCH_DIST_STRIP?=	-p0
# -E: a file that a patch empties is gone. --forward: a patch that is in already is an error.
PATCH_ARGS?=	-d ${PATCH_WRKSRC} --forward -s -E
_PATCH_ENV=	PATCH="${PATCH} ${PATCH_ARGS}" PATCH_STRIP="${PATCH_STRIP}"

.if !target(do-patch)
do-patch: .PHONY
.  if !empty(PATCHFILES)
	@${SETENV} PATCH="${PATCH} ${PATCH_ARGS}" PATCH_STRIP="${PATCH_DIST_STRIP}" \
		${SH} ${SCRIPTSDIR}/patch.sh ${PATCHFILES:S,^,${_DISTDIR}/,}
.  endif
.  if exists(${PATCHDIR}) || !empty(EXTRA_PATCHES)
	@${SETENV} ${_PATCH_ENV} ${SH} ${SCRIPTSDIR}/patch.sh ${PATCHDIR}/patch-* ${EXTRA_PATCHES}
.  endif
.endif

# --- configure --------------------------------------------------------------------------------
CONFIGURE_SCRIPT?=	configure
.if defined(GNU_CONFIGURE)
HAS_CONFIGURE=	yes
CONFIGURE_ARGS+=	--prefix=${PREFIX} --localstatedir=/var --mandir=${PREFIX}/share/man
.endif

.if !target(do-configure)
do-configure: .PHONY
.  if defined(HAS_CONFIGURE)
	@cd ${CONFIGURE_WRKSRC} && ${SETENVI} ${CONFIGURE_ENV} ./${CONFIGURE_SCRIPT} \
		${CONFIGURE_ARGS}
.  endif
.endif

# --- build ------------------------------------------------------------------------------------
.if !target(do-build)
do-build: .PHONY
.  if !defined(NO_BUILD)
	@cd ${BUILD_WRKSRC} && ${_DO_MAKE} ${_MAKE_JOBS} ${MAKE_ARGS} ${ALL_TARGET}
.  endif
.endif

# --- test -------------------------------------------------------------------------------------
.if !target(do-test)
do-test: .PHONY
.  if defined(HAS_TESTS)
	@cd ${TEST_WRKSRC} && ${_DO_MAKE} ${MAKE_ARGS} ${TEST_TARGET}
.  endif
.endif
