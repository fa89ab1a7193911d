package org.slipway.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.evaluate.DependencyKind;
import org.slipway.jail.Jails;
import org.slipway.jail.Limits;
import org.slipway.packages.Manifest;
import org.slipway.packages.Origin;
import org.slipway.packages.OriginSpec;
import org.slipway.packages.PackageFile;

/** Real builds in real jails, with whatever this host has to contain them. */
class PackageBuilderTest {
  private static final String SCRIPT_PORT = """
      NO_MTREE=yes
      DISTFILES=
      NO_BUILD=yes
      PLIST_FILES=bin/hello
      do-install:
      	@mkdir -p ${STAGEDIR}${PREFIX}/bin
      	@printf '#!/bin/sh\\necho hello\\n' > ${STAGEDIR}${PREFIX}/bin/hello
      	@chmod 555 ${STAGEDIR}${PREFIX}/bin/hello
      """;

  @TempDir
  static Path scratch;

  private static Jails jails;

  @TempDir
  Path folder;

  private final List<Phase> seen = new ArrayList<>();
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

  private final ByteArrayOutputStream log = new ByteArrayOutputStream();

  private String log() {
    return log.toString(StandardCharsets.UTF_8);
  }

  private BuildResult build(BuildRequest request) throws Exception {
    return new PackageBuilder(jails, folder.resolve("distfiles"), folder.resolve("spool"))
        .build(request, log, seen::add);
  }

  private BuildResult.Built built(BuildRequest request) throws Exception {
    BuildResult result = build(request);
    assertThat(result).as(this::log).isInstanceOf(BuildResult.Built.class);
    return (BuildResult.Built) result;
  }

  private BuildResult.Failed failed(BuildRequest request) throws Exception {
    BuildResult result = build(request);
    assertThat(result).as(this::log).isInstanceOf(BuildResult.Failed.class);
    try (Stream<Path> left = Files.list(folder.resolve("spool"))) {
      assertThat(left).isEmpty();
    }
    return (BuildResult.Failed) result;
  }

  @Test
  void buildsAPortThroughAllPhasesInOrder() throws Exception {
    BuildResult.Built built =
        built(tree.request(tree.port("misc/hello", SCRIPT_PORT).port()));
    List<Phase> expected =
        Stream.of(Phase.values()).filter(phase -> !phase.ofTest()).toList();
    assertThat(seen).isEqualTo(expected);
    assertThat(built.phases()).extracting(PhaseTime::phase).isEqualTo(expected);
    assertThat(built.built().name()).hasToString("hello-1.0");
    PackageFile archive = PackageFile.open(built.file());
    assertThat(archive.files())
        .extracting(PackageFile.FileSum::path)
        .containsExactly("/usr/local/bin/hello");
    assertThat(archive.manifest().comment()).isEqualTo("Something small");
    assertThat(log()).contains("===>  Phase: stage\n", "===>  stage: done, ");
    try (Stream<Path> left = Files.list(folder.resolve("spool"))) {
      assertThat(left).containsExactly(built.file());
    }
  }

  @Test
  void aCompileErrorIsToldByTheCompilersOwnLine() throws Exception {
    BuildResult.Failed failed = failed(tree.request(tree.port("misc/wrong", """
            DISTFILES=
            do-build:
            	cc -c ${FILESDIR}/wrong.c -o ${WRKDIR}/wrong.o
            """)
        .file("files/wrong.c", "int main(void) {\n  return missing;\n}\n")
        .port()));
    assertThat(failed.failure()).isEqualTo(FailureClass.COMPILE);
    assertThat(failed.phase()).isEqualTo(Phase.BUILD);
    assertThat(failed.message()).contains("wrong.c:2:").contains("error:").contains("missing");
    assertThat(failed.phases()).last().extracting(PhaseTime::phase).isEqualTo(Phase.BUILD);
    assertThat(log()).contains("===>  build: exit status ");
  }

  @Test
  void errorsStandInTheLogWhereTheyHappened() throws Exception {
    StringBuilder makefile = new StringBuilder("DISTFILES=\ndo-build:\n");
    StringBuilder expected = new StringBuilder();
    for (int at = 0; at < 50; at++) {
      makefile
          .append("\t@echo out ")
          .append(at)
          .append("; echo error ")
          .append(at)
          .append(" >&2\n");
      expected.append("out ").append(at).append("\nerror ").append(at).append('\n');
    }
    built(
        tree.request(tree.port("misc/talker", makefile + "do-install:\n\t@:\n").port()));
    assertThat(log()).contains(expected);
  }

  @Test
  void aPlistErrorNamesTheEntry() throws Exception {
    BuildResult.Failed failed = failed(SmallTree.tested(tree.request(
        tree.port("misc/hello", SCRIPT_PORT.replace("PLIST_FILES=bin/hello", "PLIST_FILES="))
            .port())));
    assertThat(failed.failure()).isEqualTo(FailureClass.PLIST);
    assertThat(failed.message()).isEqualTo("staged, but not in the plist: /usr/local/bin/hello");
  }

  @Test
  void anInsanePortIsStoppedFirst() throws Exception {
    BuildResult.Failed failed =
        failed(tree.request(tree.port("misc/odd", "DISTFILES=\nMAINTAINER=").port()));
    assertThat(failed.failure()).isEqualTo(FailureClass.SANITY);
    assertThat(failed.message()).contains("MAINTAINER is not set");
    assertThat(seen).containsExactly(Phase.CHECK_SANITY);
  }

  @Test
  void aPortThatSaysNothingIsStopped() throws Exception {
    BuildRequest request = tree.request(
        tree.port("misc/silent", "DISTFILES=\ndo-configure:\n\t@sleep 1000").port());
    BuildResult.Failed failed = failed(SmallTree.within(
        request, new Limits(Duration.ofMinutes(5), Duration.ofSeconds(3), 8L << 20, 0, 512)));
    assertThat(failed.failure()).isEqualTo(FailureClass.SILENT);
    assertThat(failed.phase()).isEqualTo(Phase.CONFIGURE);
    assertThat(failed.message()).isEqualTo("configure: stopped after 3 s without output");
  }

  @Test
  void twoBuildsGiveTheSameBytes() throws Exception {
    BuildRequest request = tree.request(tree.port("misc/prog", """
            DISTFILES=
            NO_ARCH=
            do-build:
            	cc -O2 -D'WHEN=__DATE__ __TIME__' ${FILESDIR}/prog.c -o ${WRKDIR}/prog
            do-install:
            	@mkdir -p ${STAGEDIR}${PREFIX}/bin ${STAGEDIR}${PREFIX}/share/prog
            	@cp ${WRKDIR}/prog ${STAGEDIR}${PREFIX}/bin/prog
            	@ln ${STAGEDIR}${PREFIX}/bin/prog ${STAGEDIR}${PREFIX}/bin/prog2
            	@ln -s prog ${STAGEDIR}${PREFIX}/bin/prog3
            	@date -d @$$SOURCE_DATE_EPOCH +%F > ${STAGEDIR}${PREFIX}/share/prog/made
            PLIST_FILES=bin/prog bin/prog2 bin/prog3 share/prog/made
            """)
        .file("files/prog.c", "#include <stdio.h>\nint main(void) { puts(WHEN); return 0; }\n")
        .port());
    BuildResult.Built first = built(request);
    BuildResult.Built second = built(request);
    assertThat(second.file()).isNotEqualTo(first.file()).hasSameBinaryContentAs(first.file());
    assertThat(second.built()).isEqualTo(first.built());
    assertThat(first.built().abi()).isEqualTo(SmallTree.TARGET.abi());
  }

  @Test
  void onlyDeclaredDependenciesAreInstalledWithTheirScripts() throws Exception {
    BuildResult.Built tool = built(tree.request(tree.port("devel/tool", SCRIPT_PORT)
        .file("pkg-install", "echo \"$1 $2\" >> /usr/local/installed\n")
        .port()));
    OriginSpec spec = OriginSpec.parse("devel/tool");
    var user = tree.port("misc/user", """
            DISTFILES=
            do-build:
            	/usr/local/bin/hello
            	cat /usr/local/installed
            do-install:
            	@:
            """)
        .needs(DependencyKind.BUILD, "devel/tool")
        .needs(DependencyKind.RUN, "devel/tool");
    BuildResult.Built built =
        built(tree.request(user.port(), new BuildRequest.Install(spec, tool.built(), tool.file())));
    assertThat(log())
        .contains(
            "Installing tool-1.0\n",
            "\nhello\n",
            "tool-1.0 PRE-INSTALL\n",
            "tool-1.0 POST-INSTALL\n");
    assertThat(PackageFile.open(built.file()).manifest().deps())
        .isEqualTo(Map.of("tool", new Manifest.Dependency(Origin.parse("devel/tool"), "1.0")));

    BuildResult.Failed alone = failedButNotSpool(tree.request(
        tree.port("misc/user", "DISTFILES=\ndo-build:\n\t/usr/local/bin/hello").port()));
    assertThat(alone.message()).contains("hello").contains("No such file or directory");
  }

  private BuildResult.Failed failedButNotSpool(BuildRequest request) throws Exception {
    BuildResult result = build(request);
    assertThat(result).as(this::log).isInstanceOf(BuildResult.Failed.class);
    return (BuildResult.Failed) result;
  }

  @Test
  void aBuildSeesNothingOfTheFarmsEnvironment() throws Exception {
    built(tree.request(
        tree.port("misc/nosy", "DISTFILES=\ndo-build:\n\t@env | sort\n\t@id -un\ndo-install:\n\t@:")
            .port()));
    String environment = log().substring(log().indexOf("Phase: build"));
    assertThat(environment)
        .contains(
            "HOME=/wrkdirs\n",
            "LC_ALL=C\n",
            "MAKESYSPATH=/kit\n",
            "SOURCE_DATE_EPOCH=946684800\n",
            "USER=builder\n")
        .doesNotContain(System.getProperty("user.home") + "\n", "JAVA_HOME", "MAVEN");
  }

  @Test
  void aManifestOfAnotherPackageIsRefused() throws Exception {
    BuildResult.Failed failed = failed(tree.request(
        tree.port("misc/hello", SCRIPT_PORT + """
                create-manifest:
                	@mkdir -p ${METADIR}
                	@cp ${FILESDIR}/manifest ${METADIR}/+MANIFEST
                do-package: create-manifest
                	@mkdir -p ${WRKDIR}/pkg
                	@${PKG_CREATE} ${PKG_CREATE_ARGS} ${PKGNAME}
                	@mv ${WRKDIR}/pkg/sudo-9.pkg ${WRKDIR}/pkg/${PKGNAME}.pkg
                """).file("files/manifest", """
            name: sudo
            version: "9"
            origin: security/sudo
            comment: x
            desc: x
            www: x
            maintainer: x@example.org
            prefix: /usr/local
            """).port()));
    assertThat(failed.failure()).isEqualTo(FailureClass.PACKAGE);
    assertThat(failed.message())
        .isEqualTo("the manifest is of sudo-9 from security/sudo, but hello-1.0 from misc/hello"
            + " was planned");
  }

  @Test
  void aStagedLinkOutOfTheStageIsRefused() throws Exception {
    BuildResult.Failed failed = failed(tree.request(tree.port("misc/leak", """
            DISTFILES=
            NO_BUILD=yes
            PLIST_FILES=bin/x
            do-install:
            	@mkdir -p ${STAGEDIR}${PREFIX}/bin
            	@ln -s ../../../../../../../etc/shadow ${STAGEDIR}${PREFIX}/bin/x
            """).port()));
    assertThat(failed.failure()).isEqualTo(FailureClass.PACKAGE);
    assertThat(failed.message()).contains("leads out of the stage");
  }

  @Test
  void aWorkDirectoryOutsideOfWorkIsRefused() throws Exception {
    BuildResult.Failed failed = failed(tree.request(tree.port("misc/hello", SCRIPT_PORT)
        .variable("WRKDIR", "/wrkdirs/../etc")
        .port()));
    assertThat(failed.message())
        .isEqualTo("WRKDIR is \"/wrkdirs/../etc\"; it must lie in /wrkdirs");
  }

  @Test
  void anInterruptEndsTheBuildAndLeavesNothing() throws Exception {
    BuildRequest request =
        tree.request(tree.port("misc/slow", "DISTFILES=\ndo-build:\n\t@echo at it; sleep 1000")
            .port());
    CountDownLatch building = new CountDownLatch(1);
    AtomicReference<Throwable> end = new AtomicReference<>();
    Thread builder = new Thread(() -> {
      try {
        new PackageBuilder(jails, folder.resolve("distfiles"), folder.resolve("spool"))
            .build(request, log, phase -> {
              if (phase == Phase.BUILD) {
                building.countDown();
              }
            });
      } catch (IOException | InterruptedException e) {
        end.set(e);
      }
    });
    builder.start();
    building.await();
    builder.interrupt();
    builder.join();
    assertThat(end.get()).isInstanceOf(InterruptedException.class);
    try (Stream<Path> left = Files.list(folder.resolve("spool"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void anInstallThatIsNotGivenIsTheCallersFault() throws Exception {
    BuildRequest request = tree.request(tree.port("misc/hello", SCRIPT_PORT)
        .needs(DependencyKind.LIB, "devel/absent")
        .port());
    assertThatThrownBy(() -> build(request))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("misc/hello needs devel/absent, which is not among its installs");
  }
}
