package org.slipway.build;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slipway.jail.Jails;
import org.slipway.packages.StageLimits;

/**
 * Builds one package in a jail of its own: phases in order, then the archive. Safe for several
 * threads. A thread that is interrupted ends its jail and leaves nothing behind.
 */
public final class PackageBuilder {
  private final Jails jails;
  private final Path distfileFolder;
  private final Distfiles distfiles;
  private final Path spool;
  private final StageLimits stageLimits;

  /**
   * A builder.
   *
   * @param distfiles HOME/distfiles: verified downloads, by the names that distinfo gives them;
   *     made when absent
   * @param spool HOME/spool: where archives are written before the package store takes them; made
   *     when absent. What a killed farm left in it is the caller's to sweep
   */
  public PackageBuilder(Jails jails, Path distfiles, Path spool) {
    this(jails, distfiles, spool, StageLimits.DEFAULT);
  }

  /**
   * The same with a limit of its own on what is packed.
   *
   * @param stageLimits how much a build may stage; a farm with a small disk sets it lower
   */
  public PackageBuilder(Jails jails, Path distfiles, Path spool, StageLimits stageLimits) {
    this(jails, distfiles, new Distfiles(distfiles), spool, stageLimits);
  }

  private PackageBuilder(
      Jails jails, Path distfileFolder, Distfiles distfiles, Path spool, StageLimits stageLimits) {
    this.jails = jails;
    this.distfileFolder = distfileFolder;
    this.distfiles = distfiles;
    this.spool = spool;
    this.stageLimits = stageLimits;
  }

  /** The same builder, which shares its fetches, with another limit on what is packed. */
  public PackageBuilder with(StageLimits limits) {
    return new PackageBuilder(jails, distfileFolder, distfiles, spool, limits);
  }

  /**
   * Builds; a port's failure is a value.
   *
   * @param log takes every phase's output under a line that names the phase, escape sequences and
   *     all, up to the limit on output; not closed
   * @throws IOException where the farm itself cannot go on: a full disk, a package that is gone;
   *     nothing half written is left then
   * @throws InterruptedException where the calling thread was interrupted; nothing is left then
   */
  public BuildResult build(BuildRequest request, OutputStream log, BuildObserver observer)
      throws IOException, InterruptedException {
    Files.createDirectories(spool);
    Path folder = Files.createTempDirectory(spool, "build-").toAbsolutePath();
    Path target = folder.resolveSibling(folder.getFileName() + ".pkg");
    boolean handedOut = false;
    try {
      BuildLog buildLog = new BuildLog(log, request.limits().outputBytes());
      BuildResult result = new PortBuild(
              jails, distfiles, request, rigs(), stageLimits, folder, buildLog, observer)
          .run(target);
      handedOut = result instanceof BuildResult.Built;
      return result;
    } catch (IOException e) {
      if (Thread.interrupted()) {
        // Whatever it was doing then: it did not fail, it was ended.
        InterruptedException ended = new InterruptedException(e.getMessage());
        ended.initCause(e);
        throw ended;
      }
      throw FullDisk.explained(e, List.of(spool, distfileFolder));
    } finally {
      remove(folder);
      if (!handedOut) {
        Files.deleteIfExists(target);
      }
    }
  }

  /** Beside the spool, which is swept. */
  private Path rigs() {
    return spool.toAbsolutePath().resolveSibling("rigs");
  }

  /** Only the farm has written here, so names can be trusted. */
  private static void remove(Path folder) throws IOException {
    Files.walkFileTree(folder, new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
          throws IOException {
        Files.delete(file);
        return FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult postVisitDirectory(Path dir, @Nullable IOException fault)
          throws IOException {
        if (fault != null) {
          throw fault;
        }
        Files.delete(dir);
        return FileVisitResult.CONTINUE;
      }
    });
  }
}
