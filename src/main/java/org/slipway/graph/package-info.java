/**
 * The dependency graph: an evaluation comes in; closures, orders and cycles go out. Pure. Reads
 * evaluate and packages.
 */
@NullMarked
package org.slipway.graph;

import org.jspecify.annotations.NullMarked;
