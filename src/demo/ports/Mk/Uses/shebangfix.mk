# USES=shebangfix: the first lines of scripts name the interpreters of this system.
#
# SHEBANG_FILES   the scripts, relative to WRKSRC
# SHEBANG_LANG    further languages besides the known ones; for language x: x_OLD_CMD, what is
#                 written in the scripts now, and x_CMD, what is to be written

SHEBANG_LANG+=	awk bash perl sh
awk_OLD_CMD+=	"/usr/bin/env awk" /usr/local/bin/awk
awk_CMD?=	/usr/bin/awk
bash_OLD_CMD+=	"/usr/bin/env bash" /bin/bash /usr/bin/bash
bash_CMD?=	${LOCALBASE}/bin/bash
perl_OLD_CMD+=	"/usr/bin/env perl" /usr/bin/perl
perl_CMD?=	${LOCALBASE}/bin/perl
sh_OLD_CMD+=	"/usr/bin/env sh" /usr/bin/sh
sh_CMD?=	/bin/sh

_USES_patch+=	600:fix-shebang
fix-shebang: .PHONY
.for _lang in ${SHEBANG_LANG}
	@cd ${WRKSRC} && for old in ${${_lang}_OLD_CMD}; do \
		${REINPLACE_CMD} -e "1s|^#! *$$old$$|#!${${_lang}_CMD}|" \
			-e "1s|^#! *$$old |#!${${_lang}_CMD} |" ${SHEBANG_FILES}; done
.endfor
	@cd ${WRKSRC} && for f in ${SHEBANG_FILES}; do ${RM} "$$f.bak"; done
