package org.slipway.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.evaluate.Sources;
import org.slipway.packages.Abi;
import org.slipway.packages.BuiltPackage;
import org.slipway.packages.Digest;
import org.slipway.packages.OriginSpec;
import org.slipway.packages.PackageName;
import org.slipway.plan.BuildKey;
import org.slipway.plan.KnownPackage;
import org.slipway.tree.Checkout;

/** What a tree's MOVED and groups make of a catalogue's head. */
final class CatalogueNotesTest {
  private static final String NOTHING = "\"groups\":[],\"expired_packages\":[]";

  @TempDir
  Path folder;

  private Path tree;

  @BeforeEach
  void plant() throws IOException {
    tree = Files.createDirectory(folder.resolve("tree"));
    port("www/haproxy");
    port("lang/python313");
    write("MOVED", """
        www/varnish6||2026-02-01|Has expired: upstream ended it
        www/haproxy24|www/haproxy|2026-03-01|Merged
        lang/python27||2025-01-01|Old
        lang/python312|lang/python313|2026-04-01|Newer one
        devel/lost|devel/nowhere|2026-04-01|To nothing
        """);
  }

  @Test
  void tellsWhatBecameOfPackagesThatTheJobHad() throws Exception {
    CatalogueNotes notes = read(
        Optional.empty(),
        Map.of(
            "www/varnish6", "varnish6-6.0",
            "www/haproxy24", "haproxy24-2.4",
            "lang/python312@default", "python312-3.12.9",
            "www/haproxy", "haproxy-3.0",
            "devel/lost", "lost-1",
            "devel/unheard", "unheard-1"));
    Map<OriginSpec, BuiltPackage> now = new TreeMap<>(Map.of(
        OriginSpec.parse("www/haproxy"), built("www/haproxy", "haproxy-3.1"),
        OriginSpec.parse("lang/python313@default"),
            built("lang/python313@default", "python313-3.13.1")));
    assertThat(notes.head(now).json())
        .isEqualTo("\"groups\":[],\"expired_packages\":["
            + "{\"name\":\"haproxy24\",\"reason\":\"became www/haproxy on 2026-03-01: Merged\","
            + "\"replaced_by\":\"haproxy\"},"
            + "{\"name\":\"python312\",\"reason\":\"became lang/python313 on 2026-04-01: Newer one\","
            + "\"replaced_by\":\"python313\"},"
            + "{\"name\":\"varnish6\",\"reason\":\"was removed on 2026-02-01: Has expired: upstream"
            + " ended it\"}]");
    assertThat(notes.head(Map.of()).json())
        .as("a port that took its place and has no package is none to go over to")
        .doesNotContain("replaced_by");
  }

  @Test
  void doesNotCallAPackageExpiredThatIsThereUnderTheSameName() throws Exception {
    CatalogueNotes notes =
        read(Optional.empty(), Map.of("www/haproxy24", "haproxy-2.4", "lang/python27", "python-2"));
    assertThat(notes
            .head(Map.of(OriginSpec.parse("www/haproxy"), built("www/haproxy", "haproxy-3.1")))
            .json())
        .doesNotContain("haproxy")
        .contains("{\"name\":\"python\"");
    port("lang/python27");
    assertThat(read(Optional.empty(), Map.of("lang/python27", "python-2"))
            .head(Map.of())
            .json())
        .as("a port that is in the tree again")
        .isEqualTo(NOTHING);
  }

  @Test
  void readsGroupsOfTheTreeAndNowhereElse() throws Exception {
    write("Mk/groups/b.ucl", "name: b\ncomment: \"B\"\nrequires: [ haproxy ]\n");
    write("Mk/groups/a.ucl", "{\"name\":\"a\",\"comment\":\"A\"}");
    write("Mk/groups/.hidden.ucl", "no group");
    write("Mk/groups/README", "no group");
    Path outside = Files.createDirectory(folder.resolve("outside"));
    Files.writeString(outside.resolve("c.ucl"), "name: c\ncomment: C\n");
    Files.createSymbolicLink(tree.resolve("Mk/groups/c.ucl"), outside.resolve("c.ucl"));
    assertThat(read(Optional.of("Mk/groups"), Map.of()).head(Map.of()).json())
        .isEqualTo("\"groups\":[{\"name\":\"a\",\"comment\":\"A\",\"requires\":[],\"depends\":[]},"
            + "{\"name\":\"b\",\"comment\":\"B\",\"requires\":[\"haproxy\"],\"depends\":[]}],"
            + "\"expired_packages\":[]");
    Files.createSymbolicLink(tree.resolve("Mk/out"), outside);
    refused("Mk/out", "the job's publish: { groups: Mk/out } is no folder of the tree");
    refused("Mk/none", "the job's publish: { groups: Mk/none } is no folder of the tree");
    refused("MOVED", "the job's publish: { groups: MOVED } is no folder of the tree");
  }

  @Test
  void refusesGroupsThatClientsWouldNotTake() throws Exception {
    String head = "a package group is not as clients take it: ";
    write("nameless/x.ucl", "comment: C\n");
    refused("nameless", head + "nameless/x.ucl says no name");
    write("broken/x.ucl", "name: [ x\n");
    refused("broken", head + "broken/x.ucl");
    write("deep/x.ucl", "name: x\ncomment: y\nz: " + "[".repeat(10_000));
    refused("deep", head + "deep/x.ucl");
    write("large/x.ucl", "name: x\n# " + "#".repeat(1 << 20));
    refused("large", head + "large/x.ucl has more than 1 MiB");
    Files.createDirectories(tree.resolve("bytes"));
    Files.write(tree.resolve("bytes/x.ucl"), new byte[] {'n', (byte) 0xff, '\n'});
    refused("bytes", head + "bytes/x.ucl is no text in UTF-8");
  }

  private void refused(String folder, String message) {
    assertThatThrownBy(() -> read(Optional.of(folder), Map.of()))
        .isInstanceOf(FarmException.class)
        .hasMessageStartingWith(message)
        .hasMessageNotContaining(tree.toString());
  }

  /** @param earlier packages by port */
  private CatalogueNotes read(Optional<String> groups, Map<String, String> earlier)
      throws IOException {
    Map<OriginSpec, KnownPackage> known = new TreeMap<>();
    earlier.forEach((spec, name) -> known.put(
        OriginSpec.parse(spec),
        new KnownPackage(
            OriginSpec.parse(spec), new BuildKey(Map.of()), built(spec, name), Duration.ZERO)));
    return CatalogueNotes.read(Sources.of(Checkout.ofFolder(tree)), groups, known);
  }

  private static BuiltPackage built(String spec, String name) {
    return new BuiltPackage(
        PackageName.parse(name),
        OriginSpec.parse(spec).origin(),
        Abi.parse("FreeBSD:14:amd64"),
        Digest.of(name),
        Digest.of(name),
        1,
        1,
        List.of());
  }

  private void port(String origin) throws IOException {
    write(origin + "/Makefile", "PORTNAME=\tany\n");
  }

  private void write(String path, String text) throws IOException {
    Path file = tree.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
