/**
 * Fuzz targets for everything that reads a stranger's bytes. In a normal run each reads its seeds
 * only, which lie in the resources beside it; with JAZZER_FUZZ=1 in the environment and one class
 * a Java process, it goes on from them for as long as its annotation says. A target fails on any
 * exception but the ones that its reader promises.
 */
@NullMarked
package org.slipway.fuzz;

import org.jspecify.annotations.NullMarked;
