# `.include <bsd.port.pre.mk>`: the framework's first half, for ports that need its answers before
# their last lines. BEFOREPORTMK tells the framework to stop there.

BEFOREPORTMK=	yes
.include <bsd.port.mk>
.undef BEFOREPORTMK
