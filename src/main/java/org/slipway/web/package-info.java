/**
 * The status site: pages, live events, JSON, and repositories over HTTP. What comes in is a {@link
 * org.slipway.web.Site}, what goes out are answers to GET and HEAD. A request is parsed into types
 * ({@code Asked}, {@code Routes}), answered with a value ({@code Answer}) made of view records, and
 * sent ({@code Sender}) as HTML drawn from what the JSON of the same says. Reads store, publish,
 * repository and schedule, and the records of the rooms before them.
 */
@NullMarked
package org.slipway.web;

import org.jspecify.annotations.NullMarked;
