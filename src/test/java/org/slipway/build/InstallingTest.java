package org.slipway.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.evaluate.DependencyKind;
import org.slipway.jail.Jail;
import org.slipway.jail.JailSpec;
import org.slipway.jail.Jails;
import org.slipway.jail.Mount;
import org.slipway.packages.OriginSpec;

/** Packages in and out of a real jail. */
class InstallingTest {
  private static final OriginSpec LIB = OriginSpec.parse("devel/lib");
  private static final OriginSpec TOOL = OriginSpec.parse("devel/tool");
  private static final OriginSpec OTHER = OriginSpec.parse("misc/other");

  @TempDir
  static Path scratch;

  private static Jails jails;

  @TempDir
  Path folder;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final BuildLog log = new BuildLog(out, 1 << 20);
  private final List<BuildRequest.Install> installs = new ArrayList<>();
  private SmallTree tree;

  @BeforeAll
  static void openJails() throws IOException {
    jails = Jails.open(scratch.toAbsolutePath(), true);
  }

  @AfterAll
  static void closeJails() throws IOException {
    jails.close();
  }

  @BeforeEach
  void makeTree() throws IOException {
    tree = new SmallTree(folder);
  }

  /** Builds a port that installs share/NAME/file, on top of what was built before. */
  private void build(SmallTree.Draft port) throws Exception {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    BuildRequest request = tree.request(port.port(), installs.toArray(new BuildRequest.Install[0]));
    BuildResult result = new PackageBuilder(
            jails, folder.resolve("distfiles"), folder.resolve("spool"))
        .build(request, said, phase -> {});
    assertThat(result).as(said::toString).isInstanceOf(BuildResult.Built.class);
    BuildResult.Built built = (BuildResult.Built) result;
    installs.add(new BuildRequest.Install(request.port().spec(), built.built(), built.file()));
  }

  private SmallTree.Draft port(String origin) throws IOException {
    String name = origin.substring(origin.indexOf('/') + 1);
    return tree.port(origin, """
        DISTFILES=
        NO_BUILD=yes
        PLIST_FILES=share/NAME/deep/file
        do-install:
        	@mkdir -p ${STAGEDIR}${PREFIX}/share/NAME/deep
        	@echo NAME > ${STAGEDIR}${PREFIX}/share/NAME/deep/file
        """.replace("NAME", name));
  }

  /** A tool that needs a library, and another package, ready to be installed. */
  private BuildRequest three() throws Exception {
    build(port("devel/lib"));
    build(port("misc/other"));
    build(port("devel/tool")
        .needs(DependencyKind.RUN, "devel/lib")
        .file("pkg-deinstall", "echo \"$1 $2\"\n"));
    return tree.request(port("misc/user").port(), installs.toArray(new BuildRequest.Install[0]));
  }

  private Jail jail(BuildRequest request, Rig rig) throws IOException {
    List<Mount> mounts = new ArrayList<>(rig.mounts());
    mounts.add(new Mount(request.kit(), Steps.KIT, false));
    return jails.create(new JailSpec("install", request.target().base(), mounts));
  }

  private String said() {
    String text = out.toString(StandardCharsets.UTF_8);
    out.reset();
    return text;
  }

  @Test
  void whatAPhaseWantsComesWithAllThatItNeedsOnceAndInOrder() throws Exception {
    BuildRequest request = three();
    Rig rig = Rig.of(request.target(), folder.resolve("rigs")).orElseThrow();
    Steps steps = new Steps(request, Instant.EPOCH, Optional.of(rig));
    try (Jail jail = jail(request, rig)) {
      Installing installing =
          new Installing(jail, request, steps, folder.resolve("install.tar"), log);
      installing.ensure(List.of(TOOL), Phase.BUILD_DEPENDS);
      assertThat(said()).isEqualTo("Installing lib-1.0\nInstalling tool-1.0\n");
      installing.ensure(List.of(LIB, TOOL), Phase.LIB_DEPENDS);
      assertThat(said()).isEmpty();
      jail.run(steps.script("pkg info -aq; ls /usr/local/share", List.of()), log);
      assertThat(said()).isEqualTo("lib-1.0\ntool-1.0\nlib\ntool\n");
      installing.ensure(List.of(OTHER), Phase.RUN_DEPENDS);
      assertThat(said()).isEqualTo("Installing other-1.0\n");
    }
  }

  @Test
  void pkgTakesAPackageOutAgainWithItsScriptsAndFolders() throws Exception {
    BuildRequest request = three();
    Rig rig = Rig.of(request.target(), folder.resolve("rigs")).orElseThrow();
    Steps steps = new Steps(request, Instant.EPOCH, Optional.of(rig));
    try (Jail jail = jail(request, rig)) {
      new Installing(jail, request, steps, folder.resolve("install.tar"), log)
          .install(request.installs());
      said();
      jail.run(
          steps.script(
              "pkg-static delete -y -f tool; pkg info -e tool || echo gone; ls /usr/local/share;"
                  + " pkg which -q /usr/local/share/lib/deep/file",
              List.of()),
          log);
      assertThat(said()).isEqualTo("""
          Deinstalling tool-1.0
          tool-1.0 DEINSTALL
          tool-1.0 POST-DEINSTALL
          gone
          lib
          other
          lib-1.0
          """);
    }
  }

  @Test
  void aPackageWhoseNeedIsNotAtHandIsNamed() throws Exception {
    BuildRequest all = three();
    BuildRequest request = tree.request(all.port(), installs.get(2));
    Rig rig = Rig.of(request.target(), folder.resolve("rigs")).orElseThrow();
    Steps steps = new Steps(request, Instant.EPOCH, Optional.of(rig));
    try (Jail jail = jail(request, rig)) {
      Installing installing =
          new Installing(jail, request, steps, folder.resolve("install.tar"), log);
      assertThatThrownBy(() -> installing.ensure(List.of(TOOL), Phase.RUN_DEPENDS))
          .isInstanceOf(PhaseFailure.class)
          .hasMessage("tool-1.0 needs lib from devel/lib, which is not at hand");
      assertThatThrownBy(() -> installing.ensure(List.of(OTHER), Phase.RUN_DEPENDS))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("misc/user needs misc/other, which is not among its installs");
      installing.ensure(List.of(OriginSpec.parse("ports-mgmt/pkg")), Phase.PKG_DEPENDS);
      assertThat(said()).contains("The jail has a pkg of its own; ports-mgmt/pkg is not built");
    }
  }
}
