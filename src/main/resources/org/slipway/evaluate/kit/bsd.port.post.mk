# `.include <bsd.port.post.mk>`: the framework's second half, after bsd.port.pre.mk.

AFTERPORTMK=	yes
.include <bsd.port.mk>
.undef AFTERPORTMK
