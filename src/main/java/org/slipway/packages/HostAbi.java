package org.slipway.packages;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The ABI that pkg calls a system: what the note in its shell says, such as
 * {@code Linux:3.2:x86_64}.
 */
public final class HostAbi {
  private HostAbi() {}

  /**
   * Reads a system's shell.
   *
   * @param shell usually {@code /bin/sh}; links are followed
   * @throws IOException when it cannot be read, or has no ABI note (a C library other than glibc on
   * Linux)
   */
  public static Abi detect(Path shell) throws IOException {
    ElfFile elf = ElfFile.read(shell)
        .orElseThrow(() -> new IOException(shell + " is no ELF program; set the target's ABI"));
    ElfFile.AbiTag tag = elf.tag()
        .orElseThrow(() -> new IOException(shell + " carries no ABI note; set the target's ABI"));
    String arch = elf.arch(tag.os())
        .orElseThrow(() -> new IOException(shell + " is for a machine that pkg does not know"));
    return new Abi(tag.os(), tag.version(), arch);
  }
}
