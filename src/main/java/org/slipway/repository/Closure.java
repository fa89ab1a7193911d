package org.slipway.repository;

/** Whether a repository may hold packages that need others which it has not. */
public enum Closure {
  /** No: a client could not install them. */
  REQUIRED,
  /** Yes, as where clients have a second repository with the rest. */
  MISSING_ALLOWED
}
