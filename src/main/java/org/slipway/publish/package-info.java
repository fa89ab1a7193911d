/**
 * Channels: a snapshot comes in, a pointer moves, and a history of moves goes out. Also decides
 * which snapshots may go. Reads {@code repository}.
 */
@NullMarked
package org.slipway.publish;

import org.jspecify.annotations.NullMarked;
