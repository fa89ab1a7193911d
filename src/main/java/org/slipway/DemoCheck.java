package org.slipway;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import org.slipway.packages.BuiltPackage;
import org.slipway.packages.Digest;
import org.slipway.packages.OriginSpec;
import org.slipway.repository.SnapshotId;
import org.slipway.schedule.Job;
import org.slipway.store.BuildRecord;
import org.slipway.store.BuildState;
import org.slipway.store.PackageRecord;
import org.slipway.store.PackageState;

/** Whether the demo's builds are what the sample fork promises: the store, the channel and what HTTP serves are asked. */
final class DemoCheck {
  private final RunningFarm farm;
  private final Job job;
  private final Path sources;
  private final PrintStream out;
  private int problems;

  DemoCheck(RunningFarm farm, Job job, Path sources, PrintStream out) {
    this.farm = farm;
    this.job = job;
    this.sources = sources;
    this.out = out;
  }

  int problems() {
    return problems;
  }

  /** Everything is built but what the fork is known to break. */
  void first(BuildRecord build) throws IOException, InterruptedException {
    published(build, done(build));
  }

  /** Just what the update reaches is built again; all else keeps its bytes. */
  void second(BuildRecord first, BuildRecord second) throws IOException, InterruptedException {
    List<PackageRecord> packages = done(second);
    that(!first.snapshot().equals(second.snapshot()), "the update published no new snapshot");
    same("built again", in(packages, PackageState.BUILT), expected("update"));
    for (PackageRecord each : packages) {
      if (each.state() == PackageState.REUSED) {
        Optional<Digest> before = farm.store()
            .find(first.id(), each.spec())
            .flatMap(PackageRecord::built)
            .map(BuiltPackage::sum);
        that(
            before.equals(each.built().map(BuiltPackage::sum)),
            each.spec() + " was reused with other bytes");
      }
    }
    published(second, packages);
  }

  private List<PackageRecord> done(BuildRecord build) throws IOException {
    that(
        build.state() == BuildState.DONE,
        "build " + build.id() + " ended as " + build.state().word());
    List<PackageRecord> packages = farm.store().packages(build.id());
    for (PackageState state :
        List.of(PackageState.FAILED, PackageState.SKIPPED, PackageState.IGNORED)) {
      same(state.word(), in(packages, state), expected(state.word()));
    }
    return packages;
  }

  /** The ports on the lines of src/demo/EXPECTED that begin with a word. */
  private NavigableSet<OriginSpec> expected(String word) throws IOException {
    NavigableSet<OriginSpec> expected = new TreeSet<>();
    for (String line : Files.readAllLines(sources.resolve("EXPECTED"))) {
      if (line.startsWith(word + " ")) {
        expected.add(OriginSpec.parse(line.substring(word.length()).strip()));
      }
    }
    return expected;
  }

  private void same(String what, NavigableSet<OriginSpec> found, NavigableSet<OriginSpec> wanted) {
    that(found.equals(wanted), what + " are " + found + " and should be " + wanted);
  }

  private static NavigableSet<OriginSpec> in(List<PackageRecord> packages, PackageState state) {
    NavigableSet<OriginSpec> found = new TreeSet<>();
    packages.stream().filter(each -> each.state() == state).forEach(each -> found.add(each.spec()));
    return found;
  }

  /**
   * The channel has the build's snapshot, and a client gets its catalogue and packages, whole. A
   * demo that goes on after a stop may have published later builds already; then there is nothing
   * to compare.
   */
  private void published(BuildRecord build, List<PackageRecord> packages)
      throws IOException, InterruptedException {
    BuildRecord newest = farm.store().builds(Optional.of(job.name()), 1).get(0);
    if (!newest.id().equals(build.id())) {
      return;
    }
    Optional<SnapshotId> current = Optional.ofNullable(farm.farm().publishers().get(job.name()))
        .orElseThrow()
        .current(job.publish().channel())
        .map(each -> each.snapshot());
    that(
        current.equals(build.snapshot()),
        "the channel has not the snapshot of build " + build.id());
    String base =
        farm.web().address() + "repo/" + job.name() + "/" + job.publish().channel() + "/";
    HttpClient client = HttpClient.newHttpClient();
    for (String file : List.of("meta.conf", "meta", "data.pkg", "packagesite.pkg")) {
      that(get(client, base + file).statusCode() == 200, base + file + " is not served");
    }
    for (PackageRecord each : packages) {
      if (each.built().isPresent()) {
        BuiltPackage built = each.built().get();
        HttpResponse<byte[]> answer = get(client, base + "All/" + built.fileName());
        that(
            answer.statusCode() == 200 && Digest.of(answer.body()).equals(built.sum()),
            base + "All/" + built.fileName() + " is not served whole");
      }
    }
  }

  private static HttpResponse<byte[]> get(HttpClient client, String address)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create(address)).build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }

  private void that(boolean holds, String otherwise) {
    if (!holds) {
      problems++;
      out.println("NOT as it should be: " + otherwise);
    }
  }
}
