/**
 * Poudriere as an engine: a commit's tree, a list of ports and their settings come in; {@code
 * poudriere bulk} runs on its own host, here or behind ssh; what it says of each package, the logs
 * and the verified archives go out. Everything that comes from that host is checked before it is
 * believed. Reads tree, jail (its only way to processes), packages, evaluate and build (phases and
 * classes of failures).
 */
@NullMarked
package org.slipway.poudriere;

import org.jspecify.annotations.NullMarked;
