# Names that follow from what the port has said: package, distfiles, directories, substitutions.

.if !defined(PORTVERSION) && defined(DISTVERSION)
# Words of a version that a package name must not hold become dots.
PORTVERSION=	${DISTVERSION:tl:C/[^a-z0-9.+]+/./g}
.endif
DISTVERSION?=	${PORTVERSION}
PORTREVISION?=	0
PORTEPOCH?=	0

PKGBASE=	${PKGNAMEPREFIX}${PORTNAME}${PKGNAMESUFFIX}
PKGVERSION=	${PORTVERSION:C/[-_,]/./g}${PORTREVISION:N0:C/^(.)/_\1/}${PORTEPOCH:N0:C/^(.)/,\1/}
PKGNAME=	${PKGBASE}-${PKGVERSION}
DISTNAME?=	${PORTNAME}-${DISTVERSIONPREFIX}${DISTVERSION}${DISTVERSIONSUFFIX}

EXTRACT_SUFX?=	.tar.gz
DISTFILES?=	${DISTNAME}${EXTRACT_SUFX}
EXTRACT_ONLY?=	${DISTFILES}
ALLFILES:=	${DISTFILES} ${PATCHFILES}
ALLFILES:=	${ALLFILES:O:u}
_DISTDIR=	${DISTDIR}${DIST_SUBDIR:D/}${DIST_SUBDIR}

# Each flavor has a work directory of its own, since one port may be built in two of them.
WRKDIR?=	${WRKDIRPREFIX}${.CURDIR}/work${FLAVOR:D-}${FLAVOR}
.if defined(NO_WRKSUBDIR)
WRKSRC?=	${WRKDIR}
.else
WRKSRC?=	${WRKDIR}/${DISTNAME}
.endif
.if defined(WRKSRC_SUBDIR)
WRKSRC:=	${WRKSRC}/${WRKSRC_SUBDIR}
.endif
PATCH_WRKSRC?=	${WRKSRC}
CONFIGURE_WRKSRC?=	${WRKSRC}
BUILD_WRKSRC?=	${WRKSRC}
INSTALL_WRKSRC?=${WRKSRC}
TEST_WRKSRC?=	${WRKSRC}
STAGEDIR?=	${WRKDIR}/stage
METADIR?=	${WRKDIR}/.metadir
TMPPLIST?=	${WRKDIR}/.PLIST.mktmp

DESCR?=		${PKGDIR}/pkg-descr
PLIST?=		${PKGDIR}/pkg-plist
PKGMESSAGE?=	${PKGDIR}/pkg-message
PKGINSTALL?=	${PKGDIR}/pkg-install
PKGDEINSTALL?=	${PKGDIR}/pkg-deinstall
# A file made from files/NAME.in takes the place of the one in the port's directory.
.for _f _v in pkg-message PKGMESSAGE pkg-install PKGINSTALL pkg-deinstall PKGDEINSTALL
.  if !empty(SUB_FILES:M${_f})
${_v}=		${WRKDIR}/${_f}
.  endif
.endfor

DATADIR?=	${PREFIX}/share/${PORTNAME}
DOCSDIR?=	${PREFIX}/share/doc/${PORTNAME}
EXAMPLESDIR?=	${PREFIX}/share/examples/${PORTNAME}
ETCDIR?=	${PREFIX}/etc/${PORTNAME}
WWWDIR?=	${PREFIX}/www/${PORTNAME}

# In a packing list these are relative to PREFIX, in other files they are whole.
.for _d in DATADIR DOCSDIR EXAMPLESDIR ETCDIR WWWDIR
PLIST_SUB+=	${_d}="${${_d}:S,^${PREFIX}/,,}"
SUB_LIST+=	${_d}="${${_d}}"
.endfor
PLIST_SUB+=	PREFIX="${PREFIX}" LOCALBASE="${LOCALBASE}" OSREL="${OSREL}" ARCH="${ARCH}" \
		PORTVERSION="${PORTVERSION}" PORTNAME="${PORTNAME}"
SUB_LIST+=	PREFIX="${PREFIX}" LOCALBASE="${LOCALBASE}" \
		PORTVERSION="${PORTVERSION}" PORTNAME="${PORTNAME}"

# Variables that a reader of metadata asks for and few ports set.
.for _v in BUILD_DEPENDS CONFIGURE_ARGS CONFIGURE_ENV EXTRACT_DEPENDS FETCH_DEPENDS LIB_DEPENDS \
	LIBS MAKE_ARGS MAKE_ENV MASTER_SITES PATCH_DEPENDS PKG_DEPENDS RUN_DEPENDS TEST_DEPENDS
${_v}?=
.endfor
