# The start file of a port's own make, where the system's is not FreeBSD's.
#
# bmake comes with a different one on each Linux; some of them throw away the LDFLAGS that they are
# given in the environment. This one has the usual rules and takes every flag it is given.

CC?=		cc
CXX?=		c++
CPP?=		cpp
AR?=		ar
ARFLAGS?=	-crD
RANLIB?=	ranlib
INSTALL?=	install
CFLAGS?=	-O2 -pipe
CXXFLAGS?=	-O2 -pipe

.SUFFIXES: .c .cc .o

.c.o:
	${CC} ${CFLAGS} ${CPPFLAGS} -c $<
.c:
	${CC} ${CFLAGS} ${CPPFLAGS} -o $@ $< ${LDFLAGS} ${LIBS}
.cc.o:
	${CXX} ${CXXFLAGS} ${CPPFLAGS} -c $<
