# `.include <bsd.mport.mk>`: the entry's name in relatives of FreeBSD's framework.

.include <bsd.port.mk>
