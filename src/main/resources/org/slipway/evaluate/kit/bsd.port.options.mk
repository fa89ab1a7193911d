# `.include <bsd.port.options.mk>`: the options only, for ports that test ${PORT_OPTIONS:MNAME}.
#
# USEOPTIONSMK stays set, so that the framework knows later that options are settled;
# INOPTIONSMK holds just for this inclusion.

USEOPTIONSMK=	yes
INOPTIONSMK=	yes
.include <bsd.port.mk>
.undef INOPTIONSMK
