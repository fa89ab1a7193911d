package org.slipway.poudriere;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.slipway.packages.Abi;
import org.slipway.packages.BuiltPackage;
import org.slipway.packages.Manifest;
import org.slipway.packages.Origin;
import org.slipway.packages.PackageContent;
import org.slipway.packages.PackageName;
import org.slipway.packages.PackageWriter;
import org.slipway.packages.SamplePackages;

/** A folder that is a host with poudriere: stand-ins for poudriere and ssh, configuration, data. */
public final class FakeHost {
  private final Path here;

  /** Lays it out, with a jail named 14amd64. */
  public FakeHost(Path here) throws IOException {
    this.here = here.toAbsolutePath();
    for (String folder : List.of("bin", "archives", "data", "etc/poudriere.d/jails/14amd64")) {
      Files.createDirectories(here.resolve(folder));
    }
    Files.writeString(here.resolve("etc/poudriere.conf"), "BASEFS=" + this.here + "\n");
    program("poudriere");
    program("ssh");
    Files.writeString(here.resolve("scenario"), "");
  }

  private void program(String name) throws IOException {
    try (InputStream in = FakeHost.class.getResourceAsStream(name + ".sh")) {
      Path file = here.resolve("bin").resolve(name);
      Files.copy(Objects.requireNonNull(in), file);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  /** What the farm is told of it. */
  public BulkSettings settings(boolean overSsh) {
    return settings(overSsh, Duration.ofHours(1));
  }

  /** The same with a time limit. */
  public BulkSettings settings(boolean overSsh, Duration timeout) {
    return new BulkSettings(
        overSsh ? Optional.of("root@builder") : Optional.empty(),
        List.of(here.resolve("bin/ssh").toString()),
        "14amd64",
        "fork",
        Optional.empty(),
        here.resolve("bin/poudriere").toString(),
        here.resolve("etc").toString(),
        here.resolve("data").toString(),
        here.resolve("farm").toString(),
        OptionalInt.empty(),
        20,
        false,
        Duration.ofMillis(100),
        timeout);
  }

  /** What the next bulk does, a line each; see the stand-in. */
  public void scenario(String... lines) throws IOException {
    Files.writeString(here.resolve("scenario"), String.join("\n", lines) + "\n");
  }

  /** An archive that the next bulk may build. */
  public BuiltPackage archive(String origin, String name, Abi abi, String content)
      throws IOException {
    Manifest manifest =
        Manifest.of(PackageName.parse(name), Origin.parse(origin), "Sample " + name, abi);
    PackageContent.RegularFile file = SamplePackages.file(
        here.resolve("archives"),
        "/usr/local/share/" + PackageName.parse(name).base(),
        0644,
        content.getBytes(StandardCharsets.UTF_8));
    PackageContent all = new PackageContent(List.of(file), List.of(), List.of(), Map.of());
    return new PackageWriter()
        .write(manifest, all, here.resolve("archives").resolve(name + ".pkg"));
  }

  /** Whether a bulk is at a scenario's line "wait NAME". */
  public boolean at(String name) {
    return Files.exists(here.resolve("at." + name));
  }

  /** Lets it go on. */
  public void go(String name) throws IOException {
    Files.writeString(here.resolve("go." + name), "");
  }

  /** Takes its network away, or gives it back. */
  public void away(boolean away) throws IOException {
    if (away) {
      Files.writeString(here.resolve("away"), "");
    } else {
      Files.delete(here.resolve("away"));
    }
  }

  /** A file of what it saw, without the last line's end. */
  public String seen(String name) throws IOException {
    return Files.readString(here.resolve(name)).stripTrailing();
  }

  public Path here() {
    return here;
  }
}
