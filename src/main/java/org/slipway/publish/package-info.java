/**
 * Channels: a snapshot comes in, a pointer moves, and a history of moves goes out. Also decides
 * which snapshots may go, compares two, and lays a channel out as a plain folder. Reads
 * {@code repository} and {@code packages}.
 */
@NullMarked
package org.slipway.publish;

import org.jspecify.annotations.NullMarked;
