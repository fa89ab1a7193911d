# What the target is, for Linux:3.2:x86_64.

# The system and its release; else asked of uname, which knows only the running host.
OPSYS=	Linux
OSREL=	3.2
_OSRELEASE=	3.2
ARCH=	x86_64

# The release as a number; else read from the host's sys/param.h. Its major part must agree
# with OSREL, or FreeBSD's framework stops.
OSVERSION=	302000

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
