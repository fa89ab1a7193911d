package org.slipway.publish;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.slipway.packages.BuiltPackage;
import org.slipway.packages.Digest;
import org.slipway.packages.SamplePackages;
import org.slipway.repository.Layout;
import org.slipway.repository.RepositoryEntry;
import org.slipway.repository.RepositoryWriter;
import org.slipway.repository.Snapshot;
import org.slipway.repository.Terms;
import org.slipway.sign.Signing;
import org.slipway.store.PackageStore;

/** Real packages in a package store and real snapshots of them, as a farm writes them. */
public final class SampleSnapshots {
  private final PackageStore store;
  private final Path work;
  private final Path repository;
  private final RepositoryWriter writer;

  /**
   * Of one job.
   *
   * @param home HOME
   */
  public SampleSnapshots(Path home, String job, PackageStore store, Signing signing, Layout layout)
      throws IOException {
    this.store = store;
    this.work = Files.createDirectories(home.resolve("work"));
    this.repository = home.resolve("repos").resolve(job);
    this.writer = new RepositoryWriter(signing, Terms.of(SamplePackages.ABI).with(layout));
  }

  /** HOME/repos/JOB. */
  public Path repository() {
    return repository;
  }

  /**
   * Writes a snapshot.
   *
   * @param packages each {@code NAME VERSION WORDS}; other words are another build of the version
   */
  public Snapshot write(String... packages) throws IOException {
    List<RepositoryEntry> entries = new ArrayList<>();
    for (String each : packages) {
      entries.add(entry(each));
    }
    return writer.write(repository.resolve("snapshots"), entries);
  }

  /** Builds a package into the store. */
  public RepositoryEntry entry(String text) throws IOException {
    String[] words = text.split(" ", 3);
    BuiltPackage built = SamplePackages.script(work, words[0], words[1], words[2]);
    Path made = work.resolve(words[0] + "-" + words[1] + ".pkg");
    return new RepositoryEntry(built, store.take(made, Digest.of(made)));
  }

  /** A key like the farm's own, but short: 4,096 bits would take a test seconds. */
  public static void shortKey(Path keys) throws IOException {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      String text = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
          .encodeToString(generator.generateKeyPair().getPrivate().getEncoded());
      Files.createDirectories(keys);
      Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rwx------"));
      Path pem = keys.resolve("farm.pem");
      Files.writeString(
          pem, "-----BEGIN PRIVATE KEY-----\n" + text + "\n-----END PRIVATE KEY-----\n");
      Files.setPosixFilePermissions(pem, PosixFilePermissions.fromString("rw-------"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
