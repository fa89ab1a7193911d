# USES=metaport: nothing but dependencies.

MASTER_SITES=
DISTFILES=
EXTRACT_ONLY=
NO_BUILD=	yes
NO_ARCH=	yes
PLIST_FILES=

do-extract do-install: .PHONY
	@${TRUE}
