# USES=tar[:SUFFIX]: the distfile is an uncompressed archive, or one compressed as SUFFIX says.

.if empty(tar_ARGS)
EXTRACT_SUFX?=	.tar
.else
EXTRACT_SUFX?=	.tar.${tar_ARGS}
.endif
