/**
 * The root: {@code Main} is the command line, {@code FarmConfig} reads the files a person writes, and both wire the rooms
 * together by hand in the order in which the data flows.
 */
@NullMarked
package org.slipway;

import org.jspecify.annotations.NullMarked;
