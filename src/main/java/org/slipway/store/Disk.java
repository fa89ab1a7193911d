package org.slipway.store;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;

/** What makes a file last: its bytes and its name on disk before anyone relies on them. */
final class Disk {
  private Disk() {}

  static void sync(Path file) throws IOException {
    // Not a channel: an interrupt, which ends a slot's work, must not make a finished package fail.
    try (FileInputStream in = new FileInputStream(file.toFile())) {
      in.getFD().sync();
    }
  }

  /** Puts the folder's names on disk. */
  static void syncFolder(Path folder) throws IOException {
    boolean interrupted = Thread.interrupted();
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Mode 0444, where the file system has modes. */
  static void readOnly(Path file) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
    if (view != null) {
      view.setPermissions(PosixFilePermissions.fromString("r--r--r--"));
    }
  }
}
