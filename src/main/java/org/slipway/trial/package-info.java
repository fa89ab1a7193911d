/**
 * Builds and tests ports without a farm: an evaluation of a tree and what its ports are to be built
 * with come in; packages, or what went wrong, go out. What a port needs is taken from a repository
 * where it fits, from earlier runs, or is built. Reads jail, packages, evaluate, graph, plan, build
 * and repository.
 */
@NullMarked
package org.slipway.trial;

import org.jspecify.annotations.NullMarked;
