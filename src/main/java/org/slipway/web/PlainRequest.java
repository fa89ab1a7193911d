package org.slipway.web;

import org.eclipse.jetty.http.HttpFields;
import org.jspecify.annotations.Nullable;

/**
 * A request for a repository's file in the plainest form there is: GET or HEAD of a path below {@code /repo/} by HTTP/1.1,
 * without a body, with one host, and with no field but those that every client sends.
 *
 * @param head whether only the answer's head is wanted
 * @param path as it was sent, not decoded, without a query
 * @param conditions what was sent of If-None-Match and If-Modified-Since, each at most once
 * @param end where in the bytes the next request begins
 */
record PlainRequest(boolean head, String path, HttpFields conditions, int end) {
  /**
   * Reads the first request of some bytes.
   *
   * @param from where they begin
   * @param to where they end
   * @return nothing where they do not begin with a whole request of this form
   */
  static @Nullable PlainRequest read(byte[] bytes, int from, int to) {
    return new PlainReader(bytes, from, to).read();
  }
}
