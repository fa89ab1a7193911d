package org.slipway.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.evaluate.Dependency;
import org.slipway.evaluate.DependencyKind;
import org.slipway.evaluate.Evaluation;
import org.slipway.evaluate.Port;
import org.slipway.evaluate.Target;
import org.slipway.jail.Base;
import org.slipway.packages.Abi;
import org.slipway.packages.Digest;
import org.slipway.packages.Manifest;
import org.slipway.packages.Origin;
import org.slipway.packages.OriginSpec;
import org.slipway.packages.PackageContent;
import org.slipway.packages.PackageName;
import org.slipway.packages.PackageWriter;
import org.slipway.packages.SamplePackages;
import org.slipway.repository.CatalogueHead;
import org.slipway.repository.Closure;
import org.slipway.repository.FolderRepository;
import org.slipway.repository.FolderWatch;
import org.slipway.repository.RepositoryException;
import org.slipway.repository.RepositoryFiles;
import org.slipway.repository.RepositoryReader;
import org.slipway.repository.Terms;
import org.slipway.repository.Trust;
import org.slipway.sign.Signing;

/** Which packages of a repository are what a tree would build. */
final class DepotTest {
  private static final Abi HOST = SamplePackages.ABI;

  @TempDir
  private Path folder;

  private final Map<OriginSpec, Port> ports = new TreeMap<>();
  private Path repository = Path.of("");

  @BeforeEach
  void makeFolder() throws IOException {
    repository = Files.createDirectory(folder.resolve("repository"));
  }

  @Test
  void takesWhatTheTreeWouldBuildWithItsBytes() throws Exception {
    offer("lib", "1.0", Map.of("NLS", true), Map.of(), Map.of());
    offer("app", "2.0", Map.of(), Map.of("lib", "1.0"), Map.of());
    port("misc/lib", "1.0", Map.of("NLS", true));
    port("misc/app", "2.0", Map.of(), "misc/lib");
    Depot depot = open(HOST);
    assertThat(depot.fits(OriginSpec.parse("misc/lib"))).isTrue();
    assertThat(depot.fits(OriginSpec.parse("misc/app"))).isTrue();
    Depot.Taken taken = depot.take(OriginSpec.parse("misc/app"));
    assertThat(taken.file()).hasSameBinaryContentAs(repository.resolve("app-2.0.pkg"));
    assertThat(taken.built().name()).hasToString("app-2.0");
    assertThat(taken.built().sum()).isEqualTo(Digest.of(taken.file()));
    // The second time it is not fetched.
    Files.delete(repository.resolve("app-2.0.pkg"));
    assertThat(depot.take(OriginSpec.parse("misc/app"))).isEqualTo(taken);
  }

  @Test
  void saysWhyAPackageIsNotTaken() throws Exception {
    offer("old", "1.0", Map.of(), Map.of(), Map.of());
    offer("opt", "1.0", Map.of("NLS", true, "X", false), Map.of(), Map.of());
    offer("flavored", "1.0", Map.of(), Map.of(), Map.of("flavor", "lite"));
    offer("above", "1.0", Map.of(), Map.of("old", "1.0"), Map.of());
    offer("more", "1.0", Map.of(), Map.of("other", "3"), Map.of());
    port("misc/old", "1.1", Map.of());
    port("misc/opt", "1.0", Map.of("NLS", false, "Y", true));
    port("misc/flavored", "1.0", Map.of());
    port("misc/above", "1.0", Map.of(), "misc/old");
    port("misc/more", "1.0", Map.of());
    port("misc/absent", "1.0", Map.of());
    port("devel/opt", "1.0", Map.of("NLS", true, "X", false));
    Depot depot = open(HOST);
    assertThat(ports.keySet()).noneMatch(depot::fits);
    assertThat(refusal(depot, "misc/old")).isEqualTo("has version 1.0, the tree 1.1");
    assertThat(refusal(depot, "misc/opt")).isEqualTo("has NLS on, has X off, has no option Y");
    assertThat(refusal(depot, "misc/flavored")).isEqualTo("has the flavor lite");
    assertThat(refusal(depot, "misc/above")).isEqualTo("needs misc/old, which does not fit");
    assertThat(refusal(depot, "misc/more")).isEqualTo("was made to need other-3");
    assertThat(refusal(depot, "misc/absent")).isEqualTo("is not in it");
    assertThat(refusal(depot, "devel/opt")).isEqualTo("is made from misc/opt");
  }

  @Test
  void refusesARepositoryOfAnotherSystem() throws Exception {
    Files.createDirectories(folder.resolve("made"));
    Manifest manifest =
        Manifest.of(PackageName.parse("lib-1.0"), Origin.parse("misc/lib"), "Lib", HOST);
    new PackageWriter(
            new PackageWriter.Settings(1, 0, org.slipway.packages.LibraryRules.DEFAULT, false))
        .write(manifest, PackageContent.EMPTY, repository.resolve("lib-1.0.pkg"));
    port("misc/lib", "1.0", Map.of());
    assertThatThrownBy(() -> open(Abi.parse("FreeBSD:14:amd64")))
        .isInstanceOf(RepositoryException.class)
        .hasMessageContaining("are for " + HOST + ", and the target is FreeBSD:14:amd64");
  }

  private static String refusal(Depot depot, String spec) {
    return depot.refusal(OriginSpec.parse(spec));
  }

  private void offer(
      String name,
      String version,
      Map<String, Boolean> options,
      Map<String, String> needs,
      Map<String, String> annotations)
      throws Exception {
    Map<String, Manifest.Dependency> deps = new TreeMap<>();
    needs.forEach(
        (each, of) -> deps.put(each, new Manifest.Dependency(new Origin("misc", each), of)));
    Manifest plain = Manifest.of(
            new PackageName(name, version), new Origin("misc", name), "Sample", HOST)
        .with(deps, annotations);
    Manifest manifest = new Manifest(
        plain.name(),
        plain.origin(),
        plain.comment(),
        plain.desc(),
        plain.maintainer(),
        plain.www(),
        plain.prefix(),
        plain.abi(),
        plain.licenselogic(),
        plain.depFormula(),
        plain.licenses(),
        plain.categories(),
        plain.users(),
        plain.groups(),
        plain.shlibsRequired(),
        plain.shlibsProvided(),
        plain.shlibsRequiredIgnore(),
        plain.shlibsProvidedIgnore(),
        plain.conflicts(),
        plain.provides(),
        plain.requires(),
        plain.deps(),
        options,
        plain.annotations(),
        plain.messages(),
        plain.vital());
    new PackageWriter()
        .write(manifest, PackageContent.EMPTY, repository.resolve(name + "-" + version + ".pkg"));
  }

  private void port(String spec, String version, Map<String, Boolean> options, String... needs) {
    List<Dependency> dependencies = new ArrayList<>();
    for (String each : needs) {
      dependencies.add(new Dependency(DependencyKind.RUN, "key", OriginSpec.parse(each)));
    }
    OriginSpec parsed = OriginSpec.parse(spec);
    ports.put(
        parsed,
        new Port(
            parsed,
            new PackageName(parsed.origin().name(), version),
            List.of(),
            dependencies,
            Optional.empty(),
            options,
            List.of(),
            Map.of(),
            Digest.of("sources"),
            List.of(),
            List.of()));
  }

  private Depot open(Abi target) throws IOException {
    new FolderRepository(
            repository,
            Signing.unsigned(),
            Terms.of(HOST).with(Closure.MISSING_ALLOWED),
            CatalogueHead.EMPTY)
        .create(FolderWatch.NOBODY);
    Evaluation evaluation = new Evaluation(
        Optional.empty(),
        new Target(target, new Base.Host(), "the target"),
        List.copyOf(ports.keySet()),
        new TreeMap<>(ports),
        List.of(),
        List.of());
    return Depot.open(
        "the repository",
        new RepositoryReader(RepositoryFiles.of(repository), new Trust.Nobody()),
        PackageShelf.open(folder.resolve("shelf"), Instant.now()),
        evaluation);
  }
}
