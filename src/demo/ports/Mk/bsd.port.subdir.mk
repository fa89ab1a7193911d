# The top Makefile and each category's: runs one target in every directory of SUBDIR.

.MAIN: describe
.for _t in check-sanity checksum clean describe fetch makesum
.  if !target(${_t})
${_t}: .PHONY
.    for _d in ${SUBDIR}
	@cd ${.CURDIR}/${_d} && ${.MAKE} ${_t}
.    endfor
.  endif
.endfor
