package org.slipway.packages;

import java.io.IOException;

/**
 * Packed bytes that cannot be unpacked. It is an IOException because it comes out of streams; a
 * reader of whole files turns it into a {@link HostileArchiveException}.
 */
final class DamagedDataException extends IOException {
  private static final long serialVersionUID = 1L;

  DamagedDataException(String message) {
    super(message);
  }
}
