# The make program's start file while a port is evaluated or built.
#
# make reads `sys.mk` of MAKESYSPATH before anything else. The system's own one is not wanted: it
# asks the host what it is, and differs between hosts. This one says only what a ports framework
# expects to find, then what the target is. Beside it lie two files that the farm writes:
#
#   presets.mk   the target: answers that a framework would otherwise fetch with shell commands
#                (each costs a process per port), or would get wrong because they describe the host
#   make.conf    the job's options and make text; what /etc/make.conf is on a FreeBSD machine

# While ports are asked, commands that makefiles run are recorded: see sh, beside this file. Builds
# use the system's shell.
.if !empty(SLIPWAY_RECORD)
.SHELL: name=sh path=${.PARSEDIR}/sh
.endif

# `make -V NAME` prints what NAME comes to and not its text: FreeBSD's make does so unasked.
.MAKE.EXPAND_VARIABLES=	yes

# Tools. `?=`, so that a job's environment or a make.conf line given earlier holds.
CC?=		cc
CXX?=		c++
CPP?=		cpp
AR?=		ar
# D: no times and no owners in archives, so that one source gives one archive.
ARFLAGS?=	-crD
AS?=		as
LD?=		ld
NM?=		nm
OBJCOPY?=	objcopy
RANLIB?=	ranlib
STRIPBIN?=	strip
LEX?=		lex
YACC?=		yacc
INSTALL?=	install
ECHO?=		echo
# The frameworks write `${SHELL}` and `${SH}` for a POSIX shell.
SHELL?=		/bin/sh

# FreeBSD's default flags. No -g: debug records hold build paths, and packages are stripped anyway.
CFLAGS?=	-O2 -pipe
CXXFLAGS?=	${CFLAGS:N-std=*:N-Wnested-externs:N-W*-prototypes}
# A framework appends to these; defined, so that a bare `.if ${LDFLAGS}` is no error.
CPPFLAGS?=
LDFLAGS?=

# What the target is. No presets, no evaluation: answers about the host would be silently wrong.
.if !exists(${.PARSEDIR}/presets.mk)
.  error no presets.mk beside ${.PARSEDIR}/sys.mk: the farm writes it for the target
.endif
.include "${.PARSEDIR}/presets.mk"

# The processor has three names on FreeBSD: arm64 machines have ARCH aarch64.
.if defined(ARCH)
MACHINE_ARCH=	${ARCH}
MACHINE_CPUARCH=${ARCH:C/^armv[0-9]$/arm/:C/^powerpc.*$/powerpc/:C/^riscv.*$/riscv/}
MACHINE=	${MACHINE_CPUARCH:S/^aarch64$/arm64/}
.endif

# The make that a port starts itself, see make beside this file. FreeBSD's framework calls it by this
# name and hands the environment on.
_KIT:=		${.PARSEDIR}
.if ${OPSYS:U} == FreeBSD
BSDMAKE?=	${_KIT}/make ${.MAKE}
.endif

# The job. It comes after the presets so that a job can correct one.
.if exists(${.PARSEDIR}/make.conf)
.include "${.PARSEDIR}/make.conf"
.endif

# A person's own file, for trying things by hand.
.if !empty(__MAKE_CONF) && exists(${__MAKE_CONF})
.include "${__MAKE_CONF}"
.endif
