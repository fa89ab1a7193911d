# What the target is, for FreeBSD:14:amd64.

# The system and its release; else asked of uname, which knows only the running host.
OPSYS=	FreeBSD
OSREL=	14.2
_OSRELEASE=	14.2-RELEASE
ARCH=	amd64

# The release as a number; else read from the host's sys/param.h. Its major part must agree
# with OSREL, or FreeBSD's framework stops.
OSVERSION=	1402000

# The layout of a jail.
PORTSDIR?=	/xports
WRKDIRPREFIX?=	/wrkdirs
DISTDIR?=	/distfiles
PACKAGES?=	/packages

# Root's, whoever builds: what a port records must not change with the build user. Older
# makes do not know .MAKE.UID, and frameworks would ask id.
UID=	0
GID=	0

# The host's cores, else asked of nproc or sysctl. Relatives of FreeBSD's framework ask
# where no number of jobs is given; a build gives its own.
_SMP_CPUS=	1
MAKE_JOBS_NUMBER?=	1

# The longest command line that configure scripts may use; else sysctl kern.argmax, and it
# shows in CONFIGURE_ENV.
CONFIGURE_MAX_CMD_LEN=	524288

# Whether the kernel runs 32-bit programs; else asked of sysctl.
HAVE_COMPAT_IA32_KERN=	YES

# No questions, and no calls of an installed pkg or perl to ask for their versions. FLAVORS
# that ports keep for package builders are offered.
BATCH=	yes
PACKAGE_BUILDING=	yes
PACKAGE_BUILDING_FLAVORS=	yes

# No look at an installed pkg's version; what installs packages is the farm's matter.
_PKG_CHECKED=	1

# No options files of the host; a job's options are in make.conf.
PORT_DBDIR=	/nonexistent

# Where python is; else ports ask an installed one.
PYTHONBASE=	/usr/local

# What the base's compiler says of itself, so that it is not started up to 21 times a port,
# and answers hold for the target. An empty CC_OUTPUT: it takes that standard.
_CCVERSION_${CC:hash}=	FreeBSD clang version 18.1.6
_OBJC_CCVERSION_${CC:hash}=	FreeBSD clang version 18.1.6
_ALTCCVERSION_${CC:hash}=
_OBJC_ALTCCVERSION_${CC:hash}=
_CXXINTERNAL_${CXX:hash}=	"-lc++" "-lm"
.for _std in c89 c99 c11 c17 gnu89 gnu99 gnu11 gnu17 \
	c++98 c++0x c++11 c++14 c++17 c++20 c++23 c++2b \
	gnu++98 gnu++11 gnu++14 gnu++17 gnu++20 gnu++23 gnu++2b
CC_OUTPUT_${CC:hash}_${_std:hash}=
.endfor
