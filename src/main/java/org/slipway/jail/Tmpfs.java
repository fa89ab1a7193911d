package org.slipway.jail;

/**
 * A part of a root that lies in memory and is empty at first. Its pages count against the memory limit of the command that
 * wrote them.
 *
 * @param target in the root, absolute
 * @param bytes it holds at most
 * @param inodes files and folders that it holds at most; 0 leaves it to the system
 */
public record Tmpfs(String target, long bytes, long inodes) {
  public Tmpfs {
    if (!target.startsWith("/") || target.contains("..") || bytes <= 0 || inodes < 0) {
      throw new IllegalArgumentException(
          "tmpfs of " + bytes + " bytes at " + target + ": the target must be absolute");
    }
  }
}
