package org.slipway.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.evaluate.DependencyKind;
import org.slipway.evaluate.Port;
import org.slipway.jail.Jails;
import org.slipway.packages.ForeignBinary;
import org.slipway.packages.Manifest;
import org.slipway.packages.OriginSpec;
import org.slipway.packages.PackageFile;
import org.slipway.packages.StageLimits;

/** What a build wants packed, honest or not. */
class PackingTest {
  private static final String PORT = """
      NO_MTREE=yes
      DISTFILES=
      NO_BUILD=yes
      PLIST_FILES=bin/hello
      do-install:
      	@mkdir -p ${STAGEDIR}${PREFIX}/bin
      	@printf '#!/bin/sh\\necho hello\\n' > ${STAGEDIR}${PREFIX}/bin/hello
      	@chmod 555 ${STAGEDIR}${PREFIX}/bin/hello
      """;

  /** The framework's own check would find what the tests put in its way. */
  private static final String UNCHECKED = "check-plist:\n\t@:\n";

  @TempDir
  static Path scratch;

  private static Jails jails;

  @TempDir
  Path folder;

  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  private StageLimits limits = StageLimits.DEFAULT;
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
    return new PackageBuilder(jails, folder.resolve("distfiles"), folder.resolve("spool"), limits)
        .build(request, log, phase -> {});
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

  private Port port(String makefile) throws IOException {
    return tree.port("misc/hello", makefile).port();
  }

  /** A package target that leaves something else where the request is looked for. */
  private Port leaving(String command) throws IOException {
    return port(
        PORT + "package:\n\t@mkdir -p ${WRKDIR}/pkg\n\t@cd ${WRKDIR}/pkg && " + command + "\n");
  }

  @Test
  void theFrameworksOwnTargetAsksThePkgOfTheJail() throws Exception {
    BuildResult.Built built = built(tree.request(port(PORT)));
    assertThat(log()).contains("===>  Packing hello-1.0\n");
    assertThat(PackageFile.open(built.file()).files())
        .extracting(PackageFile.FileSum::path)
        .containsExactly("/usr/local/bin/hello");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ln -s /etc/passwd hello-1.0.pkg",
        "mkfifo hello-1.0.pkg",
        "mkdir hello-1.0.pkg",
        "ln -s /dev/zero hello-1.0.pkg"
      })
  void anOutputThatIsNoPlainFileIsRefused(String command) throws Exception {
    BuildResult.Failed failed = failed(tree.request(leaving(command)));
    assertThat(failed.failure()).isEqualTo(FailureClass.PACKAGE);
    assertThat(failed.message())
        .contains("/wrkdirs/xports/misc/hello/work/pkg/hello-1.0.pkg is no plain file");
  }

  @Test
  void anOutputThatIsMissingOrOfNobodysIsRefused() throws Exception {
    assertThat(failed(tree.request(leaving(":"))).message())
        .contains("the package target left no /wrkdirs/xports/misc/hello/work/pkg/hello-1.0.pkg");
    assertThat(failed(tree.request(leaving("truncate -s 5G hello-1.0.pkg"))).message())
        .contains("is no request of this jail's pkg");
    assertThat(failed(tree.request(leaving("echo rubbish >hello-1.0.pkg"))).message())
        .contains("is no request of this jail's pkg");
  }

  @Test
  void aRequestThatNamesAFolderOfTheSystemIsRefused() throws Exception {
    String request = "printf '%s\\n' 'slipway package request 1' 'stage /etc' "
        + "'metadata ${METADIR}' 'plist ${TMPPLIST}' >hello-1.0.pkg";
    BuildResult.Failed failed = failed(tree.request(port(PORT + "package: create-manifest\n"
        + "\t@mkdir -p ${WRKDIR}/pkg\n\t@cd ${WRKDIR}/pkg && " + request + "\n")));
    assertThat(failed.failure()).isEqualTo(FailureClass.PACKAGE);
    assertThat(failed.message())
        .isEqualTo("the package target's stage is \"/etc\"; it must lie in /wrkdirs");
  }

  @Test
  void aPlistThatNamesWhatWasNotStagedIsOfItsOwnClass() throws Exception {
    BuildResult.Failed failed = failed(
        tree.request(port(PORT.replace("=bin/hello", "=bin/hello share/absent") + UNCHECKED)));
    assertThat(failed.failure()).isEqualTo(FailureClass.PLIST);
    assertThat(failed.message())
        .isEqualTo("the plist names 1 path that is not in the stage: /usr/local/share/absent");
  }

  @Test
  void whatThePlistDoesNotNameIsSaidAndInATestRefused() throws Exception {
    Port port = port(PORT + "\t@touch ${STAGEDIR}${PREFIX}/bin/stray\n" + UNCHECKED);
    BuildResult.Built built = built(tree.request(port));
    assertThat(log())
        .contains("===>  Warning: a staged file is not in the plist: /usr/local/bin/stray\n");
    assertThat(PackageFile.open(built.file()).files())
        .extracting(PackageFile.FileSum::path)
        .containsExactly("/usr/local/bin/hello");
    Files.delete(built.file());
    BuildResult.Failed failed = failed(testing(tree.request(port)));
    assertThat(failed.failure()).isEqualTo(FailureClass.PLIST);
    assertThat(failed.message())
        .isEqualTo("a staged file is not in the plist: /usr/local/bin/stray");
  }

  private static BuildRequest testing(BuildRequest request) {
    return new BuildRequest(
        request.port(),
        request.target(),
        request.tree(),
        request.kit(),
        request.installs(),
        request.mirror(),
        request.limits(),
        request.jobs(),
        new BuildRequest.Wishes(
            BuildRequest.Mode.TEST,
            List.of(),
            Optional.empty(),
            0,
            OptionalLong.empty(),
            Optional.empty(),
            Optional.empty()));
  }

  @Test
  void aStageOfThreeGigabytesIsRefusedByTheFarmsLimitUnread() throws Exception {
    limits = new StageLimits(1000, 1L << 30, 1023);
    BuildResult.Failed failed = failed(tree.request(
        port(PORT.replace("555", "755") + "\t@truncate -s 3G ${STAGEDIR}${PREFIX}/bin/hello\n")));
    assertThat(failed.failure()).isEqualTo(FailureClass.PACKAGE);
    assertThat(failed.message())
        .isEqualTo(
            "the stage is larger than 1024 MiB, the limit on packages, which package-size raises");
  }

  @Test
  void aStageThatLiesAboutItsSizeIsCutAllTheSame() throws Exception {
    limits = new StageLimits(100, 1L << 20, 1023);
    // A pkg of the port's own wrote the request, and a second name hides the file from the count.
    BuildResult.Failed failed = failed(tree.request(port(PORT + """
        	@mkdir -p ${STAGEDIR}${PREFIX}/bin/d && truncate -s 30M ${STAGEDIR}${PREFIX}/bin/d/big
        	@chmod 300 ${STAGEDIR}${PREFIX}/bin/d
        """ + UNCHECKED)));
    assertThat(failed.failure()).isEqualTo(FailureClass.PACKAGE);
  }

  @Test
  void binariesOfThisSystemAreTellingInAPackageForFreeBsd() throws Exception {
    Files.writeString(folder.resolve("kit/presets.mk"), """
        OPSYS=\tFreeBSD
        ARCH=\tamd64
        OSREL=\t14.2
        _OSRELEASE=\t14.2-RELEASE
        OSVERSION=\t1402000
        UID=0
        GID=0
        _SMP_CPUS=1
        PKG_DEPENDS=
        """);
    Port port = tree.port("misc/prog", """
            DISTFILES=
            NO_ARCH=
            PLIST_FILES=bin/prog lib/libprog.so share/prog/names
            do-build:
            	@cp ${FILESDIR}/prog.c ${WRKDIR}/prog.c
            	@/usr/bin/sed -i '' 's/[[:<:]]NAME[[:>:]]/"prog"/' ${WRKDIR}/prog.c
            	@set -o pipefail; cc -O2 ${WRKDIR}/prog.c -o ${WRKDIR}/prog | cat
            	@cc -shared -fPIC -o ${WRKDIR}/libprog.so ${WRKDIR}/prog.c
            do-install:
            	@/usr/bin/install -m 444 ${WRKDIR}/libprog.so ${STAGEDIR}${PREFIX}/lib
            	@/usr/bin/install -s -o root -g wheel -m 555 ${WRKDIR}/prog \
            		${STAGEDIR}${PREFIX}/bin/prog
            	@mkdir -p ${STAGEDIR}${PREFIX}/share/prog
            	@cd ${STAGEDIR}${PREFIX}/bin && /usr/bin/find -s . -type f -perm +111 \
            		> ${STAGEDIR}${PREFIX}/share/prog/names
            """)
        .file("files/prog.c", "#include <stdio.h>\nint main(void) { puts(NAME); return 0; }\n")
        .port();
    BuildRequest request = tree.request(port);
    BuildResult.Built built = built(new BuildRequest(
        port,
        RigTest.FREEBSD,
        request.tree(),
        request.kit(),
        List.of(),
        Optional.empty(),
        request.limits(),
        1));
    assertThat(built.built().abi()).isEqualTo(RigTest.FREEBSD.abi());
    assertThat(built.built().foreign())
        .extracting(ForeignBinary::path)
        .containsExactlyInAnyOrder("/usr/local/bin/prog", "/usr/local/lib/libprog.so");
    assertThat(log()).contains("/usr/local/bin/prog is for Linux");
  }

  @Test
  void pkgItselfIsNotBuiltOnABaseOfAnotherSystem() throws Exception {
    Port port = tree.port("ports-mgmt/pkg", PORT).port();
    BuildRequest request = tree.request(port);
    BuildResult.Failed failed = failed(new BuildRequest(
        port,
        RigTest.FREEBSD,
        request.tree(),
        request.kit(),
        List.of(),
        Optional.empty(),
        request.limits(),
        1));
    assertThat(failed.failure()).isEqualTo(FailureClass.SANITY);
    assertThat(failed.message())
        .startsWith("ports-mgmt/pkg is not built on a base that is not FreeBSD's: ");
  }

  @Test
  void dependenciesOfTheFrameworksOwnFindingCount() throws Exception {
    BuildResult.Built tool = built(tree.request(tree.port("devel/tool", PORT).port()));
    Port user =
        tree.port("misc/user", """
            DISTFILES=
            NO_BUILD=yes
            do-install:
            	@${LOCALBASE}/sbin/pkg which -q ${LOCALBASE}/bin/hello
            	@${PKG_BIN} info -g 'tool>=0.9'
            	@${PKG_BIN} delete -y -f tool && test ! -e ${LOCALBASE}/bin/hello || echo kept
            """).needs(DependencyKind.RUN, "devel/tool").port();
    BuildResult.Built built = built(tree.request(
        user, new BuildRequest.Install(OriginSpec.parse("devel/tool"), tool.built(), tool.file())));
    // The build user may look and not remove.
    assertThat(log()).contains("\ntool-1.0\n", "Permission denied", "\nkept\n");
    assertThat(PackageFile.open(built.file()).manifest().deps())
        .isEqualTo(Map.of(
            "tool",
            new Manifest.Dependency(org.slipway.packages.Origin.parse("devel/tool"), "1.0")));
  }
}
