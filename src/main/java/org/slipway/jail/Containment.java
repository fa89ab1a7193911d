package org.slipway.jail;

/** What keeps a build inside its root, strongest first. */
public enum Containment {
  JAIL("jail(8) with vnet and rctl(8)", true),
  RUNC("runc in private namespaces", true),
  CRUN("crun in private namespaces", true),
  UNSHARE(
      "an unshare script in private namespaces, without a system call filter: a build"
          + " reaches more of the kernel than it needs",
      true),
  PROOT("proot: NOT contained, a build can reach all that its user can", false);

  private final String sentence;
  private final boolean contains;

  Containment(String sentence, boolean contains) {
    this.sentence = sentence;
    this.contains = contains;
  }

  /** For terminal and pages. */
  public String sentence() {
    return sentence;
  }

  /** Whether a hostile build is kept in. */
  public boolean contains() {
    return contains;
  }
}
