package org.slipway.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.jail.Jails;

/** What a build does on top of making a package where it is wished for. */
class TestModeTest {
  private static final String PORT = """
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
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
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

  private String log() {
    return log.toString(StandardCharsets.UTF_8);
  }

  private BuildResult build(BuildRequest request) throws Exception {
    return new PackageBuilder(jails, folder.resolve("distfiles"), folder.resolve("spool"))
        .build(request, log, seen::add);
  }

  private BuildResult.Built built(SmallTree.Draft port) throws Exception {
    BuildResult result = build(SmallTree.tested(tree.request(port.port())));
    assertThat(result).as(this::log).isInstanceOf(BuildResult.Built.class);
    return (BuildResult.Built) result;
  }

  private BuildResult.Failed failed(BuildRequest request) throws Exception {
    BuildResult result = build(request);
    assertThat(result).as(this::log).isInstanceOf(BuildResult.Failed.class);
    return (BuildResult.Failed) result;
  }

  private BuildResult.Failed failed(SmallTree.Draft port) throws Exception {
    return failed(SmallTree.tested(tree.request(port.port())));
  }

  @Test
  void walksEveryPhaseAndPutsAFileBackWithoutBlame() throws Exception {
    BuildResult.Built built = built(tree.port("misc/hello", PORT)
        .file("pkg-install", """
            [ "$2" = POST-INSTALL ] || exit 0
            cp /etc/nsswitch.conf /etc/nsswitch.conf.bak
            echo more >> /etc/nsswitch.conf
            """)
        .file(
            "pkg-deinstall",
            "[ \"$2\" = DEINSTALL ] || exit 0\nmv /etc/nsswitch.conf.bak /etc/nsswitch.conf\n"));
    assertThat(seen).containsExactly(Phase.values());
    assertThat(log()).contains("Installing hello-1.0\n", "Deinstalling hello-1.0\n");
    assertThat(built.footprint().logBytes()).isPositive();
    // Not every host can tell, but where one can, it can for each phase that runs a command.
    built.phases().stream()
        .filter(time -> time.phase() == Phase.STAGE)
        .forEach(time -> assertThat(time.cpu()).isEqualTo(time.cpu().filter(cpu -> !cpu.isZero())));
  }

  @Test
  void aBuildThatWritesOutsideOfItsWorkIsTold() throws Exception {
    BuildResult.Failed failed =
        failed(tree.port("misc/stray", PORT.replace("NO_BUILD=yes\n", "NEED_ROOT=yes\n") + """
            do-build:
            	@mkdir -p /usr/local/stray && echo x > /usr/local/stray/file
            """)
            .variable("NEED_ROOT", "yes"));
    assertThat(failed.failure()).isEqualTo(FailureClass.FS_VIOLATION);
    assertThat(failed.phase()).isEqualTo(Phase.BUILD);
    assertThat(failed.message())
        .isEqualTo("configure or build changed files outside of WRKDIR: /usr/local/stray (new)");
  }

  @Test
  void aStageThatChangesWhatIsThereIsTold() throws Exception {
    BuildResult.Failed failed =
        failed(tree.port("misc/stray", PORT + "\t@echo more >> /etc/nsswitch.conf\n")
            .variable("NEED_ROOT", "yes"));
    assertThat(failed.failure()).isEqualTo(FailureClass.FS_VIOLATION);
    assertThat(failed.phase()).isEqualTo(Phase.STAGE);
    assertThat(failed.message()).endsWith("WRKDIR: /etc/nsswitch.conf (changed)");
  }

  @Test
  void whatAPackageLeavesBehindIsTold() throws Exception {
    BuildResult.Failed failed = failed(tree.port("misc/lefty", PORT).file("pkg-install", """
            [ "$2" = POST-INSTALL ] || exit 0
            mkdir -p /usr/local/etc/lefty
            echo x > /usr/local/etc/lefty/state
            rm /etc/nsswitch.conf
            mkdir -p /var/db/lefty /var/log
            : > /var/log/lefty
            """));
    assertThat(failed.failure()).isEqualTo(FailureClass.LEFTOVER);
    assertThat(failed.phase()).isEqualTo(Phase.LEFTOVERS);
    assertThat(failed.message())
        .isEqualTo("deinstall leaves the root changed: /etc/nsswitch.conf (gone) and 2 more");
    assertThat(log()).contains("- /etc/nsswitch.conf\n", "+ /usr/local/etc\n", "+ /var/db/lefty\n");
  }

  @Test
  void aLinkIntoTheWorkDirectoryIsFoundBeforePacking() throws Exception {
    BuildResult.Failed failed = failed(
        tree.port("misc/linked", PORT + "\t@ln -s ${WRKDIR}/x ${STAGEDIR}${PREFIX}/bin/x\n"));
    assertThat(failed.phase()).isEqualTo(Phase.STAGE_QA);
    assertThat(failed.message()).contains("leads into the work directory");
  }

  @Test
  void aPortOfAnotherNameThanWasPlannedIsNotBuilt() throws Exception {
    BuildResult.Failed failed =
        failed(tree.request(tree.port("misc/other", "PORTREVISION=3\n" + PORT).port()));
    assertThat(failed.failure()).isEqualTo(FailureClass.SANITY);
    assertThat(failed.message())
        .startsWith(
            "misc/other calls itself \"other-1.0_3\" in its jail, but other-1.0 was planned");
    assertThat(seen).containsExactly(Phase.CHECK_SANITY);
  }

  @Test
  void onlyAPortThatNeedsRootIsBuiltByRoot() throws Exception {
    String asks = PORT + "pre-install:\n\t@echo \"I am `id -un` ${UID}\"\n";
    built(tree.port("misc/plain", asks));
    assertThat(log()).contains("I am builder " + 65530 + "\n");
    log.reset();
    built(tree.port("misc/rooted", asks).variable("NEED_ROOT", "yes"));
    assertThat(log()).contains("I am root 0\n");
  }

  @Test
  void aPhaseEndsAtItsOwnLimitAndItsWorkIsKept() throws Exception {
    BuildRequest request = tree.request(tree.port("misc/slow", """
        DISTFILES=
        do-configure:
        	@echo precious > ${WRKDIR}/notes
        do-build:
        	@sleep 1000
        """).port());
    BuildResult.Failed failed = failed(SmallTree.wishing(
        request,
        new BuildRequest.Wishes(
            BuildRequest.Mode.PACKAGE,
            List.of(),
            Optional.empty(),
            0,
            OptionalLong.empty(),
            Optional.empty(),
            Optional.of(folder.resolve("work")),
            Map.of(Phase.BUILD, Duration.ofSeconds(2)),
            1,
            BuildRequest.FetchNetwork.AUTO)));
    assertThat(failed.failure()).isEqualTo(FailureClass.TIMEOUT);
    assertThat(failed.message()).isEqualTo("build: stopped after 2 s, its time limit");
    Path kept = failed.work().orElseThrow();
    try (Stream<Path> left = Files.list(folder.resolve("work"))) {
      assertThat(left).containsExactly(kept);
    }
    try (InputStream in = new ZstdInputStream(Files.newInputStream(kept))) {
      assertThat(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1))
          .contains("./notes", "precious\n");
    }
  }

  @Test
  void theLogBeginsWithWhatMakeIsTold() throws Exception {
    built(tree.port("misc/hello", PORT));
    assertThat(log())
        .startsWith("---- make.conf of this build ----\n")
        .contains(
            "WRKDIRPREFIX=\t/wrkdirs\n",
            "MAKE_JOBS_NUMBER=\t1\n",
            "---- end of make.conf of this build ----\n===>  Phase: check-sanity\n");
  }

  private static BuildRequest.Wishes room(long diskBytes, OptionalLong workInMemory) {
    return new BuildRequest.Wishes(
        BuildRequest.Mode.PACKAGE,
        List.of(),
        Optional.empty(),
        diskBytes,
        workInMemory,
        Optional.empty(),
        Optional.empty());
  }

  @Test
  void aWorkDirectoryInMemoryLastsFromPhaseToPhase() throws Exception {
    BuildRequest request = tree.request(
        tree.port("misc/hello", PORT.replace("NO_BUILD=yes\n", "") + """
        do-build:
        	@sleep 1.2; df -P ${WRKDIR}; echo "made before" > ${WRKDIR}/made
        pre-install:
        	@cat ${WRKDIR}/made
        """).port());
    BuildResult result = build(SmallTree.wishing(request, room(0, OptionalLong.of(32L << 20))));
    assumeThat(result instanceof BuildResult.Failed failed && failed.failure() == FailureClass.JAIL)
        .as("whether jails here cannot have parts in memory")
        .isFalse();
    assertThat(result).as(this::log).isInstanceOf(BuildResult.Built.class);
    assertThat(log()).containsPattern("tmpfs +32768 .* /wrkdirs").contains("\nmade before\n");
  }

  @Test
  void aBuildThatFillsItsDiskFailsForThat() throws Exception {
    BuildRequest request = tree.request(
        tree.port("misc/hello", PORT.replace("NO_BUILD=yes\n", "") + """
        do-build:
        	@dd if=/dev/zero of=${WRKDIR}/large bs=1048576 count=300
        """).port());
    BuildResult.Failed failed =
        failed(SmallTree.wishing(request, room(64L << 20, OptionalLong.empty())));
    assumeThat(failed.failure())
        .as("whether jails here cannot limit a disk")
        .isNotEqualTo(FailureClass.JAIL);
    assertThat(failed.failure()).as(this::log).isEqualTo(FailureClass.DISK);
  }
}
