/** The engine: Quartz watches trees, runs the stages in order and dispatches builds. Reads all rooms above it. */
@NullMarked
package org.slipway.schedule;

import org.jspecify.annotations.NullMarked;
