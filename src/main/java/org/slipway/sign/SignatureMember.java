package org.slipway.sign;

/**
 * A member of a repository archive that makes clients believe another one; it stands before that in
 * the archive.
 */
public final class SignatureMember {
  private final String name;
  private final byte[] bytes;

  SignatureMember(String name, byte[] bytes) {
    this.name = name;
    this.bytes = bytes.clone();
  }

  /** Such as {@code data.sig}, {@code data.pub} or {@code signature}. */
  public String name() {
    return name;
  }

  public byte[] bytes() {
    return bytes.clone();
  }
}
