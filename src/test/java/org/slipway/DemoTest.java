package org.slipway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.packages.Digest;
import org.slipway.repository.RepositoryContents;
import org.slipway.repository.StrictRepositoryReader;

/** From a commit to a package that a client installs: the demo as a person starts it, in a process of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DemoTest {
  private static final Path PROGRAM = Path.of(System.getProperty("slipway.dir"));

  /** How often the farm is killed; more by -Dslipway.kills=10. */
  private static final int KILLS = Integer.getInteger("slipway.kills", 3);

  private Path folder = Path.of("");
  private Path home = Path.of("");
  private String output = "";

  @BeforeAll
  void runTheDemoOnce(@TempDir Path temporary) throws Exception {
    folder = temporary;
    home = folder.resolve("undisturbed");
    Process demo = demo(home);
    output = new String(demo.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(demo.waitFor()).as(output).isZero();
  }

  @Test
  void theUpdateChangesNothingButWhatItTouches() throws Exception {
    RepositoryContents before = snapshot(1);
    RepositoryContents after = snapshot(2);
    assertThat(after.packages().keySet()).isEqualTo(before.packages().keySet());
    assertThat(after.packages()).hasSizeGreaterThanOrEqualTo(24);
    Set<String> changed = new TreeSet<>();
    for (String name : after.packages().keySet()) {
      if (!after.get(name).sum().equals(before.get(name).sum())) {
        changed.add(name);
      }
    }
    // What has the repaired header compiled in, and what names the library's version in its
    // manifest.
    assertThat(changed).contains("libtarn", "tarncat", "corrie", "esker");
    assertThat(changed)
        .isSubsetOf(
            "libtarn",
            "tarncat",
            "corrie",
            "esker",
            "tarnpack",
            "libcairn",
            "drumlin",
            "fellbook",
            "fell-tools",
            "northfell-workstation");
    assertThat(after.get("libtarn").version()).isEqualTo("1.2_1");
    assertThat(output).contains("18 reused").contains("All is as it should be.");
  }

  @Test
  void programsOfInstalledPackagesRunAndTheUpdateRepairsOne() throws Exception {
    byte[] rule = new byte[131];
    assertThat(runInstalled(snapshot(1), "tarnpack", rule, "-t")).contains("damaged");
    assertThat(runInstalled(snapshot(2), "tarnpack", rule, "-t")).contains("131 -> 17");
  }

  @Test
  void aSecondStartFindsAllDoneAndBuildsNothing() throws Exception {
    Path copy = folder.resolve("second");
    DemoFiles.copy(home, copy);
    Process demo = demo(copy);
    String said = new String(demo.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(demo.waitFor()).as(said).isZero();
    assertThat(channel(copy)).isEqualTo(channel(home));
  }

  @Test
  void saysWhatIsNotAsItShouldBeAndEndsWithStatusOne() throws Exception {
    Path program = folder.resolve("program");
    for (String each : List.of("src/demo", "jobs", "templates", "web")) {
      DemoFiles.copy(PROGRAM.resolve(each), program.resolve(each));
    }
    Path expected = program.resolve("src/demo/EXPECTED");
    Files.writeString(
        expected,
        Files.readString(expected).replace("failed  devel/libgrike", "failed  misc/fell"));
    Path copy = folder.resolve("unexpected");
    DemoFiles.copy(home, copy);
    Process demo = demo(program, copy);
    String said = new String(demo.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(demo.waitFor()).as(said).isEqualTo(1);
    assertThat(said)
        .contains("NOT as it should be: failed are [devel/libgrike] and should be [misc/fell]")
        .contains("2 things are not as they should be.");
  }

  /** What a strict client finds in the n-th snapshot that was published. */
  private RepositoryContents snapshot(int number) throws Exception {
    Path channel = home.resolve("repos/demo/channels/dev").toRealPath();
    Path folder = channel;
    if (number == 1) {
      try (Stream<Path> all = Files.list(home.resolve("repos/demo/snapshots").toRealPath())) {
        List<Path> others = all.filter(each -> !each.equals(channel))
            .filter(each -> !each.endsWith(".pool"))
            .toList();
        assertThat(others).hasSize(1);
        folder = others.get(0);
      }
    }
    return StrictRepositoryReader.read(folder, home.resolve("keys/fingerprints"));
  }

  /** Installs a package with what it needs into a folder, as a client would, and runs its program. */
  private String runInstalled(RepositoryContents repository, String name, byte[] input, String word)
      throws Exception {
    Path root = Files.createTempDirectory(folder, "client");
    install(repository, name, root, new TreeSet<>());
    ProcessBuilder builder =
        new ProcessBuilder(root.resolve("usr/local/bin/" + name).toString(), word);
    // Its run path is /usr/local/lib; here the client's root is a folder.
    builder.environment().put("LD_LIBRARY_PATH", root.resolve("usr/local/lib").toString());
    Process program = builder.redirectErrorStream(true).start();
    try (OutputStream in = program.getOutputStream()) {
      in.write(input);
    }
    String said = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    program.waitFor();
    return said;
  }

  private static void install(
      RepositoryContents repository, String name, Path root, Set<String> installed)
      throws IOException {
    if (installed.add(name)) {
      repository.get(name).extractTo(root);
      Iterator<String> deps = repository.get(name).manifest().path("deps").fieldNames();
      while (deps.hasNext()) {
        install(repository, deps.next(), root, installed);
      }
    }
  }

  @Test
  void endsInTheSameRepositoryByteForByteHoweverOftenItIsKilled() throws Exception {
    Path killed = folder.resolve("killed");
    DemoFiles.copy(home.resolve("keys"), killed.resolve("keys"));
    Random random = new Random(Long.getLong("slipway.seed", 20260105L));
    for (int kill = 0; kill < KILLS; kill++) {
      killAfterLines(killed, random.nextInt(12) + 5 * kill);
    }
    Process last = demo(killed);
    String said = new String(last.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(last.waitFor()).as(said).isZero();
    assertThat(channel(killed)).isEqualTo(channel(home));
  }

  /** Lets the farm print some lines, kills it, and sees that all that it had started is gone. */
  private static void killAfterLines(Path home, int lines) throws Exception {
    Process farm = demo(home);
    List<ProcessHandle> children;
    try (BufferedReader said =
        new BufferedReader(new InputStreamReader(farm.getInputStream(), StandardCharsets.UTF_8))) {
      // A farm that ends before that many lines is killed too late, which is no harm.
      for (int line = 0; line <= lines && said.readLine() != null; line++) {}
      children = farm.descendants().toList();
      farm.destroyForcibly().waitFor();
    }
    await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
      assertThat(children.stream().filter(ProcessHandle::isAlive)).isEmpty();
      assertThat(Files.readString(Path.of("/proc/self/mounts"))).doesNotContain(home.toString());
    });
  }

  private static Process demo(Path home) throws IOException {
    return demo(PROGRAM, home);
  }

  private static Process demo(Path program, Path home) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Dslipway.dir=" + program,
            "-cp",
            System.getProperty("java.class.path"),
            "org.slipway.Main",
            "demo",
            "--home",
            home.toString(),
            "--port",
            "0",
            "--once")
        .redirectErrorStream(true)
        .start();
  }

  /**
   * Every file of the channel by its name, as a digest. Two forks' commits have other names, and with
   * them the record of what the snapshot was made from and its signature; the rest of it counts.
   */
  private static Map<String, Digest> channel(Path home) throws IOException {
    Path channel = home.resolve("repos/demo/channels/dev").toRealPath();
    Map<String, Digest> files = new TreeMap<>();
    try (Stream<Path> walk = Files.walk(channel)) {
      for (Path each : walk.filter(Files::isRegularFile).toList()) {
        files.put(channel.relativize(each).toString(), Digest.of(each));
      }
    }
    String record = Files.readString(channel.resolve("snapshot.json"));
    assertThat(record).containsPattern("\"commit\":\"[0-9a-f]{40}\"");
    files.put(
        "snapshot.json",
        Digest.of(record.replaceFirst("\"commit\":\"[0-9a-f]{40}\"", "\"commit\":\"\"")));
    assertThat(files.remove("snapshot.json.sig")).isNotNull();
    assertThat(files).containsKeys("data.pkg", "packagesite.pkg", "meta.conf");
    return files;
  }
}
