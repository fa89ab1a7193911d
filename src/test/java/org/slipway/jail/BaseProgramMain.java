package org.slipway.jail;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Makes a base in a process of its own: FOLDER ARCHIVE [SHA256]. */
final class BaseProgramMain {
  private BaseProgramMain() {}

  public static void main(String[] arguments) {
    try {
      new Bases(Path.of(arguments[0]))
          .create(
              new BaseName("a"),
              new BaseSource.Archive(
                  arguments[1],
                  List.of(),
                  arguments.length > 2 ? Optional.of(arguments[2]) : Optional.empty()),
              BaseProgress.NONE);
    } catch (IOException e) {
      System.out.println(e.getMessage());
      System.exit(1);
    }
  }
}
