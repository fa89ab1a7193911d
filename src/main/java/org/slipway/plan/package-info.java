/**
 * Decisions: a graph and what exists come in; what is built, reused, skipped or ignored, why and
 * in what order goes out. Pure. Reads evaluate, graph and packages.
 */
@NullMarked
package org.slipway.plan;

import org.jspecify.annotations.NullMarked;
