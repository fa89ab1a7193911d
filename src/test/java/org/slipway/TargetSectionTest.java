package org.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.evaluate.Target;
import org.slipway.jail.Base;
import org.slipway.jail.BaseName;
import org.slipway.jail.BaseProgress;
import org.slipway.jail.BaseSource;
import org.slipway.jail.Bases;
import org.slipway.jail.KeptBase;
import org.slipway.packages.Abi;
import org.slipway.packages.SampleShell;

/** What a job's target may be, on Linux and on FreeBSD, in every kind of base. */
final class TargetSectionTest {
  private static final Abi LINUX = Abi.parse("Linux:3.2:x86_64");
  private static final Abi FREEBSD = Abi.parse("FreeBSD:14:amd64");

  @TempDir
  Path home;

  private KeptBase linux;
  private KeptBase freeBsd;
  private String mistakes = "";
  private boolean elsewhere;

  @BeforeEach
  void keep() throws IOException {
    linux = keep("deb", SampleShell.linux());
    freeBsd = keep("fbsd", SampleShell.freeBsd(1402000));
  }

  @Test
  void aKeptBaseIsInTheKeysByWhatItIsAndNotByItsName() throws Exception {
    Target target = read("base: deb", "Linux").orElseThrow();
    assertThat(target.abi()).isEqualTo(LINUX);
    assertThat(target.base()).isEqualTo(linux.base());
    assertThat(target.baseName()).isEqualTo("3.2-x86_64 " + linux.id().orElseThrow());

    KeptBase again = keep("again", SampleShell.linux());
    Target same = read("base: again", "Linux").orElseThrow();
    assertThat(same.base()).isNotEqualTo(target.base()).isEqualTo(again.base());
    assertThat(same.baseName()).isEqualTo(target.baseName());

    KeptBase changed = keep("changed", SampleShell.linuxThatNeeds("libx.so"));
    assertThat(read("base: changed", "Linux").orElseThrow().baseName())
        .isEqualTo("3.2-x86_64 " + changed.id().orElseThrow())
        .isNotEqualTo(target.baseName());
  }

  @Test
  void freeBsdIsTriedInALinuxBaseAndOnALinuxHost() throws Exception {
    Target kept =
        read("os: FreeBSD, version: \"14.2\", arch: amd64, base: deb", "Linux").orElseThrow();
    assertThat(kept.abi()).isEqualTo(FREEBSD);
    assertThat(kept.base()).isEqualTo(linux.base());
    assertThat(kept.baseName()).isEqualTo("14.2-amd64 " + linux.id().orElseThrow());

    Target host =
        read("os: FreeBSD, version: 13.4, arch: aarch64, base: host", "Linux").orElseThrow();
    assertThat(host.abi()).isEqualTo(Abi.parse("FreeBSD:13:aarch64"));
    assertThat(host.base()).isEqualTo(new Base.Host());
    assertThat(host.baseName()).startsWith("13.4-aarch64 on host Linux:3.2:x86_64 ");

    assertThat(read("os: FreeBSD, version: 14, arch: amd64, base: host", "Linux"))
        .isEmpty();
    assertThat(mistakes).contains("found \"14\", expected a release of FreeBSD such as 14.2");
    assertThat(read("os: FreeBSD, base: deb", "Linux")).isEmpty();
    assertThat(mistakes)
        .contains("target.version: is missing, expected a release", "target.arch: is missing");
  }

  @Test
  void aBaseWhoseProgramsCannotRunHereIsRefusedForBuilding() throws Exception {
    String line = "os: FreeBSD, version: \"14.2\", arch: amd64, base: ";
    for (String base : new String[] {"fbsd", "bases/fbsd/root"}) {
      assertThat(read(line + base, "Linux")).isEmpty();
      assertThat(mistakes)
          .contains(" is a FreeBSD system, whose programs cannot run on this Linux host, so nothing"
              + " can be built in it; name a Linux base or host");
    }
    assertThat(read("base: deb", "FreeBSD")).isEmpty();
    assertThat(mistakes).contains("is a Linux system, whose programs cannot run on this FreeBSD");
  }

  @Test
  void aFreeBsdHostBuildsInAFreeBsdBase() throws Exception {
    Target target = read("os: FreeBSD, version: \"14.2\", arch: amd64, base: fbsd", "FreeBSD")
        .orElseThrow();
    assertThat(target.abi()).isEqualTo(FREEBSD);
    assertThat(target.base()).isEqualTo(freeBsd.base());
    assertThat(target.baseName()).isEqualTo("14.2-amd64 " + freeBsd.id().orElseThrow());
    assertThat(read("os: FreeBSD, version: \"13.2\", arch: i386, base: fbsd", "FreeBSD"))
        .isPresent();
    assertThat(mistakes)
        .contains(
            "target.version: found \"13\", expected \"14\": \"fbsd\" is a system for FreeBSD:14")
        .contains("target.arch: found \"i386\", expected \"amd64\"");
    Target host = read("os: FreeBSD, version: \"14.1\", base: host", "FreeBSD").orElseThrow();
    assertThat(host.abi()).isEqualTo(FREEBSD);
    assertThat(host.baseName()).startsWith("14.1 host FreeBSD:14:amd64 ");
    assertThat(mistakes).isEmpty();
  }

  @Test
  void whatABaseSaysOfItselfMustFitWhatThePersonSays() throws Exception {
    assertThat(read("os: Linux, version: \"3.3\", arch: x86_64, base: deb", "Linux"))
        .isPresent();
    assertThat(mistakes)
        .contains("target.version: found \"3.3\", expected \"3.2\": \"deb\" is a system for Linux");
  }

  @Test
  void aBaseThatWasChangedIsRefused() throws Exception {
    Files.writeString(home.resolve("bases/deb/root/new"), "x");
    assertThat(read("base: deb", "Linux")).isEmpty();
    assertThat(mistakes).contains("target.base: the base deb was changed since it was made");
  }

  @Test
  void aKeptNameOfTheHostIsTheHost() throws Exception {
    new Bases(home.resolve("bases"))
        .create(new BaseName("here"), new BaseSource.Host(), BaseProgress.NONE);
    assertThat(read("base: here", "Linux")).isEqualTo(read("base: host", "Linux"));
  }

  @Test
  void anArchiveIsNoBaseYet() throws Exception {
    assertThat(read("base: base.txz", "Linux")).isEmpty();
    assertThat(mistakes).contains("./slipway base create NAME --from base.txz");
  }

  @Test
  void portsThatPoudriereBuildsElsewhereAreAskedByAList() throws Exception {
    elsewhere = true;
    String line = "os: FreeBSD, version: \"14.2\", arch: amd64";
    Target shipped = read(line, "Linux").orElseThrow();
    assertThat(shipped.abi()).isEqualTo(FREEBSD);
    assertThat(shipped.baseName()).startsWith("14.2-amd64 elsewhere list ");
    Path root = ((Base.Directory) shipped.base()).root();
    assertThat(root).startsWithRaw(home.resolve("bases/.lists"));
    assertThat(root.resolve("usr/include/sys/param.h")).isEmptyFile();
    assertThat(read(line, "Linux")).contains(shipped);
    assertThat(new Bases(home.resolve("bases")).names()).hasSize(2);

    Target kept = read(line + ", base: fbsd", "Linux").orElseThrow();
    Path listed = ((Base.Directory) kept.base()).root();
    assertThat(listed).isNotEqualTo(root);
    assertThat(listed.resolve("usr/include")).doesNotExist();
    Files.writeString(home.resolve("base.list"), "/usr/include/osreldate.h\n");
    Target recorded = read(line + ", base: base.list", "Linux").orElseThrow();
    assertThat(((Base.Directory) recorded.base()).root().resolve("usr/include/osreldate.h"))
        .isEmptyFile();
    assertThat(mistakes).isEmpty();
    // Where its programs run, it is what it is anywhere.
    assertThat(read(line + ", base: fbsd", "FreeBSD").orElseThrow().base())
        .isEqualTo(freeBsd.base());
  }

  @Test
  void aListThatThereIsNotIsToldWithTheWaysToHaveOne() throws Exception {
    elsewhere = true;
    String line = "os: FreeBSD, version: \"14.2\", arch: amd64, base: ";
    assertThat(read(line + "host", "Linux")).isEmpty();
    assertThat(mistakes)
        .startsWith("target.base: this host's files would answer for FreeBSD's when ports are"
            + " asked; leave base out for the list that ships with Slipway, name a kept base of");
    assertThat(read(line + "gone", "Linux")).isEmpty();
    assertThat(mistakes).startsWith("target.base: there is no base \"gone\"; leave base out");
    assertThat(read(line + "deb", "Linux")).isEmpty();
    assertThat(mistakes)
        .startsWith("target.base: \"deb\" is a system for Linux:3.2:x86_64, and the target is"
            + " FreeBSD:14:amd64; leave base out");
    assertThat(read("os: FreeBSD, version: \"12.4\", arch: amd64", "Linux")).isEmpty();
    assertThat(mistakes)
        .startsWith("target.base: no list of a base's paths ships for FreeBSD:12:amd64, only for");
    assertThat(read("os: FreeBSD, arch: amd64, bse: x", "Linux")).isEmpty();
    assertThat(mistakes)
        .contains(
            "target.version: is missing", "unknown key \"bse\" in target; did you mean base?");
  }

  private KeptBase keep(String name, byte[] shell) throws IOException {
    Path folder = home.resolve("other");
    Path file = Files.write(Files.createDirectories(folder.resolve("bin")).resolve("sh"), shell);
    assertThat(file.toFile().setExecutable(true, false)).isTrue();
    return new Bases(home.resolve("bases"))
        .create(new BaseName(name), new BaseSource.Folder(folder), BaseProgress.NONE);
  }

  private Optional<Target> read(String words, String system) throws IOException {
    Path file = Files.writeString(home.resolve("job.yaml"), "target: { " + words + " }\n");
    Mistakes found = new Mistakes(file);
    Abi host = system.equals("Linux") ? LINUX : FREEBSD;
    Section section = YamlFile.read(file, found).orElseThrow().section("target").orElseThrow();
    Optional<Target> target = new TargetSection(home, () -> host, system).read(section, elsewhere);
    mistakes = String.join("\n", found.all().stream().map(Mistake::message).toList());
    return target;
  }
}
