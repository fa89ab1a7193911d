# Options: what a port can do without, or differently.
#
# A port names them in OPTIONS_DEFINE and in groups (OPTIONS_GROUP, _MULTI, _RADIO, _SINGLE; members
# in OPTIONS_GROUP_x and so on) and those that are on by default in OPTIONS_DEFAULT.
# Who builds chooses, each line over the one before:
#   OPTIONS_SET, OPTIONS_UNSET                 for every port
#   category_port_SET, category_port_UNSET     for one port
#   the options file in PORT_DBDIR             for one port, on one machine
#   ..._SET_FORCE, ..._UNSET_FORCE             over the options file too
#   WITH, WITHOUT                              on the command line
# PORT_OPTIONS is the outcome; for option X the port's X_... variables then take effect.

.if !defined(_PORTMK_OPTIONS)
_PORTMK_OPTIONS=	yes

OPTIONS_NAME?=	${PKGORIGIN:S,/,_,}
OPTIONS_FILE?=	${PORT_DBDIR}/${OPTIONS_NAME}/options
.  if exists(${OPTIONS_FILE})
.    include "${OPTIONS_FILE}"
.  endif

_OPTIONS_ALL:=	${OPTIONS_DEFINE} ${OPTIONS_DEFINE_${ARCH}}
.  for _kind in GROUP MULTI RADIO SINGLE
.    for _g in ${OPTIONS_${_kind}}
_OPTIONS_ALL:=	${_OPTIONS_ALL} ${OPTIONS_${_kind}_${_g}}
.    endfor
.  endfor
.  for _o in ${OPTIONS_EXCLUDE} ${OPTIONS_EXCLUDE_${ARCH}}
_OPTIONS_ALL:=	${_OPTIONS_ALL:N${_o}}
.  endfor
COMPLETE_OPTIONS_LIST:=	${_OPTIONS_ALL:O:u}
ALL_OPTIONS:=	${COMPLETE_OPTIONS_LIST}

# Documents, examples and translations are wanted wherever a port offers them.
_OPTIONS_ON:=	DOCS EXAMPLES NLS ${OPTIONS_DEFAULT} ${OPTIONS_DEFAULT_${ARCH}}
.  for _set _unset in \
	OPTIONS_SET OPTIONS_UNSET \
	${OPTIONS_NAME}_SET ${OPTIONS_NAME}_UNSET \
	OPTIONS_FILE_SET OPTIONS_FILE_UNSET \
	OPTIONS_SET_FORCE OPTIONS_UNSET_FORCE \
	${OPTIONS_NAME}_SET_FORCE ${OPTIONS_NAME}_UNSET_FORCE \
	WITH WITHOUT
_OPTIONS_ON:=	${_OPTIONS_ON} ${${_set}}
.    for _o in ${${_unset}}
_OPTIONS_ON:=	${_OPTIONS_ON:N${_o}}
.    endfor
.  endfor
# One round: an implied option's own X_IMPLIES is written out by the port.
.  for _o in ${_OPTIONS_ON:O:u}
_OPTIONS_ON:=	${_OPTIONS_ON} ${${_o}_IMPLIES}
.  endfor

PORT_OPTIONS=
SELECTED_OPTIONS=
DESELECTED_OPTIONS=
.  for _o in ${COMPLETE_OPTIONS_LIST}
.    if !empty(_OPTIONS_ON:M${_o})
PORT_OPTIONS:=	${PORT_OPTIONS} ${_o}
SELECTED_OPTIONS:=	${SELECTED_OPTIONS} ${_o}
.    else
DESELECTED_OPTIONS:=	${DESELECTED_OPTIONS} ${_o}
.    endif
.  endfor
PORT_OPTIONS:=	${PORT_OPTIONS:O:u}
SELECTED_OPTIONS:=	${SELECTED_OPTIONS:O:u}
DESELECTED_OPTIONS:=	${DESELECTED_OPTIONS:O:u}

# Choices that cannot stand together; check-sanity prints them.
.  for _g in ${OPTIONS_SINGLE}
_chosen:=	${OPTIONS_SINGLE_${_g}:@o@${PORT_OPTIONS:M$o}@}
.    if ${_chosen:[#]} != 1 || empty(_chosen)
_OPTIONS_WRONG+=	"choose exactly one of ${OPTIONS_SINGLE_${_g}}"
.    endif
.  endfor
.  for _g in ${OPTIONS_RADIO}
_chosen:=	${OPTIONS_RADIO_${_g}:@o@${PORT_OPTIONS:M$o}@}
.    if ${_chosen:[#]} > 1
_OPTIONS_WRONG+=	"choose at most one of ${OPTIONS_RADIO_${_g}}"
.    endif
.  endfor
.  for _g in ${OPTIONS_MULTI}
_chosen:=	${OPTIONS_MULTI_${_g}:@o@${PORT_OPTIONS:M$o}@}
.    if empty(_chosen)
_OPTIONS_WRONG+=	"choose at least one of ${OPTIONS_MULTI_${_g}}"
.    endif
.  endfor
.  for _o in ${PORT_OPTIONS}
.    for _p in ${${_o}_PREVENTS}
.      if !empty(PORT_OPTIONS:M${_p})
_OPTIONS_WRONG+=	"${_o} and ${_p} exclude each other"
.      endif
.    endfor
.  endfor

# Variables that an option adds to: X_CFLAGS when it is on, X_CFLAGS_OFF when it is off.
_OPTIONS_ADD=	BUILD_DEPENDS EXTRACT_DEPENDS FETCH_DEPENDS LIB_DEPENDS PATCH_DEPENDS \
		PKG_DEPENDS RUN_DEPENDS TEST_DEPENDS \
		CFLAGS CPPFLAGS CXXFLAGS LDFLAGS LIBS CONFIGURE_ENV MAKE_ARGS MAKE_ENV \
		ALL_TARGET INSTALL_TARGET CATEGORIES CONFLICTS DISTFILES EXTRA_PATCHES \
		IGNORE PATCHFILES PLIST_DIRS PLIST_FILES PLIST_SUB SUB_FILES SUB_LIST USES

.  for _o in ${COMPLETE_OPTIONS_LIST}
.    if !empty(PORT_OPTIONS:M${_o})
_suffix=
CONFIGURE_ARGS+=	${${_o}_CONFIGURE_ON} ${${_o}_CONFIGURE_ENABLE:C/^(.)/--enable-\1/} \
			${${_o}_CONFIGURE_WITH:C/^(.)/--with-\1/}
.    else
_suffix=	_OFF
CONFIGURE_ARGS+=	${${_o}_CONFIGURE_OFF} \
			${${_o}_CONFIGURE_ENABLE:C/=.*//:C/^(.)/--disable-\1/} \
			${${_o}_CONFIGURE_WITH:C/=.*//:C/^(.)/--without-\1/}
.    endif
.    for _v in ${_OPTIONS_ADD}
.      if defined(${_o}_${_v}${_suffix})
.        if empty(_suffix)
${_v}+=		${${_o}_${_v}}
.        else
${_v}+=		${${_o}_${_v}_OFF}
.        endif
.      endif
.    endfor
# X_VARS: NAME=value and NAME+=value, applied as if the port had said so.
.    for _assign in ${${_o}_VARS${_suffix}}
.      if "${_assign:M*+=*}" != ""
${_assign:C/\+=.*//}+=	${_assign:C/^[^=]*=//}
.      else
${_assign:C/=.*//}=	${_assign:C/^[^=]*=//}
.      endif
.    endfor
.    if defined(OPTIONS_SUB)
.      if empty(_suffix)
PLIST_SUB+=	${_o}="" NO_${_o}="@comment "
SUB_LIST+=	${_o}="" NO_${_o}="@comment "
.      else
PLIST_SUB+=	${_o}="@comment " NO_${_o}=""
SUB_LIST+=	${_o}="@comment " NO_${_o}=""
.      endif
.    endif
.  endfor

.  for _o _mark in DOCS PORTDOCS EXAMPLES PORTEXAMPLES
.    if empty(COMPLETE_OPTIONS_LIST:M${_o}) || !empty(PORT_OPTIONS:M${_o})
PLIST_SUB+=	${_mark}=""
.    else
PLIST_SUB+=	${_mark}="@comment "
.    endif
.  endfor

DOCS_DESC?=	Install the documentation
EXAMPLES_DESC?=	Install the examples
NLS_DESC?=	Install the translations
.endif
