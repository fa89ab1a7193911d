# USES=cpe: the name under which the software stands in lists of vulnerabilities.
# CPE_VENDOR, CPE_PRODUCT and CPE_VERSION correct what the port's names would give.

CPE_VENDOR?=	${PORTNAME}
CPE_PRODUCT?=	${PORTNAME}
CPE_VERSION?=	${PORTVERSION}
_CPE_SYSTEM=	${OPSYS:tl}${OSREL:C/\..*//}:${ARCH}
CPE_STR=	cpe:2.3:a:${CPE_VENDOR}:${CPE_PRODUCT}:${CPE_VERSION}:::::${_CPE_SYSTEM}:${PORTREVISION}
