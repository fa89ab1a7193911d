# The phases and their order.
#
# Each phase is a list of numbered steps. Uses/*.mk add steps with _USES_phase+= NUMBER:target, a
# port adds them by having targets of the right names: pre-build, post-install, do-fetch, and for
# an option X pre-build-X-on or post-install-X-off. A phase done leaves a cookie in WRKDIR and is
# not done again.

.MAIN: all
all: .PHONY build
.if !target(describe)
describe: .PHONY
	@${ECHO_CMD} "${PKGNAME}|${PKGORIGIN}|"${COMMENT:Q}"|${MAINTAINER}"
.endif

_SEQ_fetch=	050:check-sanity 100:fetch-depends 300:pre-fetch 500:do-fetch 700:post-fetch
_SEQ_extract=	050:extract-message 100:extract-depends 300:pre-extract 500:do-extract \
		700:post-extract
_SEQ_patch=	050:patch-message 100:patch-depends 300:pre-patch 500:do-patch 700:post-patch
_SEQ_configure=	050:configure-message 100:build-depends 150:lib-depends 300:pre-configure \
		500:do-configure 700:post-configure
_SEQ_build=	050:build-message 300:pre-build 500:do-build 700:post-build
_SEQ_stage=	050:stage-message 100:stage-dir 150:run-depends 200:apply-slist 250:pre-stage \
		300:generate-plist 400:pre-install 500:do-install 700:post-install \
		800:post-stage 850:compress-man 860:install-rc-script 880:install-license \
		900:add-plist-extra
_SEQ_test=	050:test-message 100:test-depends 300:pre-test 500:do-test 700:post-test

_NEEDS_fetch=
_NEEDS_extract=	checksum
_NEEDS_patch=	extract
_NEEDS_configure=	patch
_NEEDS_build=	configure
_NEEDS_stage=	build
_NEEDS_test=	build

.for _phase _word in fetch Fetching extract Extracting patch Patching configure Configuring \
	build Building stage Staging test Testing
_COOKIE_${_phase}=	${WRKDIR}/.${_phase}_done.${PORTNAME}.${PREFIX:S,/,_,g}

_STEPS_${_phase}=
.  for _step in ${_SEQ_${_phase}:O:C/^[0-9]+://}
.    if target(${_step}) || ("${_step:Mpre-*}" == "" && "${_step:Mpost-*}" == "")
_STEPS_${_phase}+=	${_step}
.    endif
# The option hooks of a step come right after it.
.    if "${_step:Mpre-*}${_step:Mdo-*}${_step:Mpost-*}" != ""
.      for _o in ${SELECTED_OPTIONS}
.        if target(${_step}-${_o}-on)
_STEPS_${_phase}+=	${_step}-${_o}-on
.        endif
.      endfor
.      for _o in ${DESELECTED_OPTIONS}
.        if target(${_step}-${_o}-off)
_STEPS_${_phase}+=	${_step}-${_o}-off
.        endif
.      endfor
.    endif
.  endfor
.endfor

# Steps that Uses/*.mk ask for stand after the phase's own work and before the port's post- hook.
.for _phase in extract patch configure build stage
.  for _step in ${_USES_${_phase}:O:C/^[0-9]+://}
_STEPS_${_phase}:=	${_STEPS_${_phase}:Npost-${_phase}*} ${_step} \
			${_STEPS_${_phase}:Mpost-${_phase}*}
.  endfor
.endfor

# fetch and test are done whenever they are asked for; the others once.
.for _phase in fetch test
.  if !target(${_phase})
${_phase}: .PHONY ${_NEEDS_${_phase}} ${_STEPS_${_phase}}
.  endif
.endfor
.for _phase _word in extract Extracting patch Patching configure Configuring build Building \
	stage Staging test Testing
.  if !target(${_phase}-message)
${_phase}-message: .PHONY
	@${ECHO_MSG} "===>  ${_word} for ${PKGNAME}"
	@${MKDIR} ${WRKDIR}
.  endif
.endfor
.for _phase in extract patch configure build stage
${_phase}-cookie: .PHONY
	@${TOUCH} ${_COOKIE_${_phase}}
.  if !target(${_phase})
.    if exists(${_COOKIE_${_phase}})
${_phase}: .PHONY
.    else
${_phase}: .PHONY ${_NEEDS_${_phase}} ${_STEPS_${_phase}} ${_phase}-cookie
.    endif
.  endif
.endfor

# --- dependencies -----------------------------------------------------------------------------
# Nothing is built or installed for another port: that is the builder's work. These targets say
# what is missing.
.for _kind _var in pkg PKG fetch FETCH extract EXTRACT patch PATCH build BUILD lib LIB run RUN \
	test TEST
.  if !target(${_kind}-depends)
${_kind}-depends: .PHONY
.    if !defined(NO_DEPENDS) && !empty(${_var}_DEPENDS)
	@${SETENV} KIND=${_kind} PKGNAME=${PKGNAME:Q} LOCALBASE=${LOCALBASE:Q} \
		${SH} ${SCRIPTSDIR}/check-depends.sh ${${_var}_DEPENDS}
.    endif
.  endif
.endfor

.if !target(clean)
clean: .PHONY
	@${ECHO_MSG} "===>  Cleaning for ${PKGNAME}"
	@if [ -d ${WRKDIR:Q} ]; then ${CHMOD} -R u+w ${WRKDIR:Q}; rm -rf ${WRKDIR:Q}; fi
.endif

.if !target(showconfig)
showconfig: .PHONY
.  for _o in ${COMPLETE_OPTIONS_LIST}
	@${ECHO_CMD} "${_o}=${PORT_OPTIONS:M${_o}:Don:Uoff}: "${${_o}_DESC:Q}
.  endfor
.endif

# Steps follow one another; only a port's own build runs in parallel.
.NOTPARALLEL:
