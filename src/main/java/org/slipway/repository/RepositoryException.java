package org.slipway.repository;

import java.io.IOException;

/**
 * Packages that cannot stand in one repository, or a snapshot that is damaged; the message is for a
 * person.
 */
public final class RepositoryException extends IOException {
  private static final long serialVersionUID = 1L;

  public RepositoryException(String message) {
    super(message);
  }
}
