package org.slipway.packages;

/** Shells that say what they run on and do nothing, for bases of systems that are not there. */
public final class SampleShell {
  private SampleShell() {}

  public static byte[] linux() {
    return SampleElf.of(SampleElf.AMD64).linux().bytes();
  }

  /** Another one, with other bytes. */
  public static byte[] linuxThatNeeds(String library) {
    return SampleElf.of(SampleElf.AMD64).linux().needs(library).bytes();
  }

  /** @param version such as 1402000 */
  public static byte[] freeBsd(int version) {
    return SampleElf.of(SampleElf.AMD64).freeBsd(version).bytes();
  }
}
