# `.include <bsd.mport.options.mk>`: the options alone, by their name in relatives of FreeBSD's
# framework.

.include <bsd.port.options.mk>
