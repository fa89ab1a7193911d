package org.slipway.packages;

/**
 * An ELF file in a package that is not for the package's target: a finding, which publishing can
 * refuse. Firmware and other machines' boot loaders are such files too, and rightly there.
 *
 * @param path where it is installed
 * @param what its system and machine, such as {@code Linux x86_64}; a part that the file does not
 *     tell is left out
 * @param expected the target's ABI
 */
public record ForeignBinary(String path, String what, Abi expected) {
  /** One sentence for a person. */
  public String sentence() {
    return path + " is for " + what + ", the package for " + expected;
  }
}
