/**
 * The status site: pages, live events, JSON, and repositories over HTTP. What comes in is a {@link
 * org.slipway.web.Site} and a {@link org.slipway.web.Listening}, what goes out are answers to GET and HEAD. A request is
 * parsed into types ({@code Asked}, {@code Routes}), answered with a value ({@code Answer}) made of view records, and sent
 * ({@code Sender}) as HTML drawn from what the JSON of the same says. A repository's file is found by the {@code FileDesk}
 * and answered with a {@code FileReply}: plain requests on a connection of their own ({@code FileConnection}), all others
 * by the {@code FileSender}. Reads store, publish, repository and schedule, and the records of the
 * rooms before them.
 */
@NullMarked
package org.slipway.web;

import org.jspecify.annotations.NullMarked;
