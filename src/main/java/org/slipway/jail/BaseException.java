package org.slipway.jail;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A base that cannot be made, kept or used as asked. The message is one sentence for a person. */
public final class BaseException extends IOException {
  private static final long serialVersionUID = 1L;

  public BaseException(String message) {
    super(message);
  }

  public BaseException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
