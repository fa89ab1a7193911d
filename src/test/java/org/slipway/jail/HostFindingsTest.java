package org.slipway.jail;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slipway.jail.HostFinding.Level;

/** What is said of hosts, from outputs in the form of their programs and kernels. */
final class HostFindingsTest {
  private static final Path JAILS = Path.of("/farm/jails");

  private static final String FIRST = """
      30 23 0:26 / /sys/fs/cgroup/memory rw,nosuid - cgroup cgroup rw,memory
      31 23 0:27 / /sys/fs/cgroup/pids rw,nosuid - cgroup cgroup rw,pids
      """;

  private static final String SECOND =
      "32 23 0:28 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw\n";

  @Test
  void findsNothingMissingOnAHostThatHasAll() throws Exception {
    List<HostFinding> findings = FreeBsdFindings.of(recorded("good"), JAILS);
    assertThat(findings).allMatch(finding -> finding.level() == Level.GOOD);
    assertThat(findings).allMatch(finding -> finding.mend().isEmpty());
    assertThat(said(findings))
        .containsEntry("system", "FreeBSD 14.3-RELEASE-p2")
        .containsEntry(
            "roots",
            "clones in zroot/slipway/jails, of bases that are datasets with a snapshot clean")
        .containsEntry("memory", "31.9 GiB of memory, 8.0 GiB of swap")
        .containsEntry("devices", "devfs ruleset 5170 is free; the farm makes it when it starts");
  }

  @Test
  void saysHowToMendAHostThatWasJustInstalled() throws Exception {
    Map<String, HostFinding> found = named(FreeBsdFindings.of(recorded("bare"), JAILS));
    assertThat(levels(found, Level.MISSING))
        .containsExactlyInAnyOrder("limits", "devices", "securelevel");
    assertThat(levels(found, Level.NOTE))
        .containsExactlyInAnyOrder("mounts", "roots", "memory", "build user");
    assertThat(mend(found, "limits")).containsExactly("kern.racct.enable=1");
    assertThat(mend(found, "devices")).containsExactly("devfs rule -s 5170 delset");
    assertThat(mend(found, "mounts"))
        .containsExactly(
            "fdescfs_load=\"YES\" # /boot/loader.conf",
            "nullfs_load=\"YES\" # /boot/loader.conf",
            "tmpfs_load=\"YES\" # /boot/loader.conf");
    assertThat(said(List.copyOf(found.values())))
        .containsEntry(
            "memory",
            "4.0 GiB of memory, 0.0 GiB of swap; large ports want 8 GiB for"
                + " each build at a time");
  }

  @Test
  void refusesAnOldSystemInAJailWithoutItsTools() throws Exception {
    Map<String, HostFinding> found = named(FreeBsdFindings.of(recorded("old-jail"), JAILS));
    assertThat(levels(found, Level.MISSING))
        .containsExactlyInAnyOrder("system", "user", "host", "programs", "vnet", "ipc", "limits");
    assertThat(said(List.copyOf(found.values())))
        .containsEntry("system", "FreeBSD 13.5-RELEASE; jails are made on 14 and newer")
        .containsEntry(
            "programs",
            "of the base system this host lacks jexec, rctl; they are in"
                + " base.txz of its release");
    assertThat(mend(found, "limits")).containsExactly("options RACCT", "options RCTL");
    assertThat(mend(found, "roots"))
        .containsExactly("zfs create -p -o mountpoint=/farm/jails tank/slipway/jails");
  }

  @Test
  void missesEverythingOnAHostThatAnswersNothing() {
    assertThat(levels(named(FreeBsdFindings.of(Map.of(), JAILS)), Level.MISSING))
        .contains("system", "user", "host", "programs", "vnet", "ipc", "limits");
  }

  @Test
  void asksForEveryAnswerThatItReads() throws Exception {
    List<String> asked = FreeBsdFindings.PROBES.stream().map(FreeBsdCall::line).toList();
    assertThat(asked).doesNotHaveDuplicates();
    assertThat(recorded("good").keySet())
        .filteredOn(line -> !line.startsWith("which "))
        .isSubsetOf(asked);
  }

  @Test
  void tellsTheLayoutsOfControlGroupsApart() {
    assertThat(groups("0", FIRST + SECOND))
        .isEqualTo(
            HostFinding.good("cgroups", "version 1, with a version 2 mount beside it (hybrid)"));
    assertThat(groups("0", FIRST)).isEqualTo(HostFinding.good("cgroups", "version 1"));
    assertThat(groups("0", SECOND)).isEqualTo(HostFinding.good("cgroups", "version 2"));
    assertThat(groups("0", "").found()).startsWith("none are mounted");
    assertThat(groups("0", SECOND.replace(" rw,", " ro,")).found())
        .startsWith("version 2, read-only");
    assertThat(groups("1000", SECOND).level()).isEqualTo(Level.NOTE);
  }

  @Test
  void saysWhatAnOrdinaryUserOfLinuxLacks() {
    Map<String, String> answers = new HashMap<>(Map.of(
        "uid", "1000",
        "user", "ann",
        "/proc/filesystems", "nodev\toverlay\n\text4\n",
        "/proc/sys/user/max_user_namespaces", "15000\n",
        "/proc/sys/kernel/unprivileged_userns_clone", "0\n",
        "/etc/subuid", "anna:100000:65536\n"));
    Map<String, HostFinding> found = named(LinuxFindings.of(answers));
    assertThat(levels(found, Level.MISSING)).containsExactly("userns");
    assertThat(mend(found, "userns")).containsExactly("sysctl kernel.unprivileged_userns_clone=1");
    assertThat(mend(found, "subuid").get(0)).startsWith("usermod --add-subuids").endsWith(" ann");

    answers.put("/proc/sys/kernel/unprivileged_userns_clone", "1\n");
    answers.put("/etc/subuid", "ann:100000:65536\n");
    answers.put("/etc/subgid", "ann:100000:65536\n");
    found = named(LinuxFindings.of(answers));
    assertThat(levels(found, Level.MISSING)).isEmpty();
    assertThat(mend(found, "subuid")).containsExactly("apt-get install uidmap");

    answers.put("which newuidmap", "/usr/bin/newuidmap");
    answers.put("which newgidmap", "/usr/bin/newgidmap");
    answers.put("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1");
    found = named(LinuxFindings.of(answers));
    assertThat(levels(found, Level.GOOD)).contains("subuid", "overlay");
    assertThat(mend(found, "userns"))
        .containsExactly("sysctl kernel.apparmor_restrict_unprivileged_userns=0");

    answers.put("uid", "0");
    found = named(LinuxFindings.of(answers));
    assertThat(levels(found, Level.MISSING)).isEmpty();
    assertThat(found).doesNotContainKey("subuid");
  }

  @Test
  void saysWhetherTheDiskOfARootCanBeLimited() {
    Map<String, String> answers = new HashMap<>(Map.of("uid", "1000"));
    assertThat(disk(answers).found()).startsWith("only root's farm can limit");
    answers.put("uid", "0");
    assertThat(disk(answers).mend()).containsExactly("modprobe loop");
    answers.put("loop devices", "");
    assertThat(disk(answers).mend()).containsExactly("apt-get install e2fsprogs");
    answers.put("which mkfs.ext4", "/sbin/mkfs.ext4");
    assertThat(disk(answers).level()).isEqualTo(Level.GOOD);
  }

  @Test
  void saysWhatAFetchReaches() {
    Map<String, String> answers = new HashMap<>(Map.of("uid", "0"));
    assertThat(fetch(answers).mend()).containsExactly("apt-get install slirp4netns");
    answers.put("which slirp4netns", "/usr/bin/slirp4netns");
    assertThat(fetch(answers).mend()).containsExactly("modprobe tun");
    answers.put("tunnel", "");
    answers.put("/etc/resolv.conf", "nameserver 2001:db8::53\n");
    assertThat(fetch(answers).found())
        .startsWith("none of the name servers in /etc/resolv.conf has")
        .contains("a hostile port reaches what listens on this host's 127.0.0.1");
    answers.put("/etc/resolv.conf", "nameserver 2001:db8::53\nnameserver 192.0.2.53\n");
    assertThat(fetch(answers).level()).isEqualTo(Level.GOOD);
  }

  @Test
  void saysWhereAFetchOnFreeBsdHasToAskTheHostItself() throws Exception {
    Map<String, String> answers = recorded("good");
    answers.put("/etc/resolv.conf", "# local_unbound\nnameserver 127.0.0.1\noptions edns0\n");
    assertThat(levels(named(FreeBsdFindings.of(answers, JAILS)), Level.NOTE))
        .containsExactly("fetch");
    answers.put("/etc/resolv.conf", "nameserver 127.0.0.1\nnameserver 192.0.2.53\n");
    assertThat(levels(named(FreeBsdFindings.of(answers, JAILS)), Level.NOTE)).isEmpty();
  }

  private static HostFinding fetch(Map<String, String> answers) {
    return Optional.ofNullable(named(LinuxFindings.of(answers)).get("fetch")).orElseThrow();
  }

  private static HostFinding disk(Map<String, String> answers) {
    return Optional.ofNullable(named(LinuxFindings.of(answers)).get("disk")).orElseThrow();
  }

  @Test
  void looksAtTheHostThatItRunsOn() throws Exception {
    assertThat(HostFindings.gather(JAILS)).isNotEmpty().allSatisfy(finding -> {
      assertThat(finding.found()).isNotBlank().doesNotEndWith(".");
      assertThat(finding.what()).hasSizeLessThan(12);
    });
  }

  private static HostFinding groups(String uid, String mounts) {
    return Optional.ofNullable(
            named(LinuxFindings.of(Map.of("uid", uid, "/proc/self/mountinfo", mounts)))
                .get("cgroups"))
        .orElseThrow();
  }

  private static Map<String, HostFinding> named(List<HostFinding> findings) {
    Map<String, HostFinding> named = new LinkedHashMap<>();
    findings.forEach(finding -> named.put(finding.what(), finding));
    assertThat(named).hasSameSizeAs(findings);
    return named;
  }

  private static Map<String, String> said(List<HostFinding> findings) {
    Map<String, String> said = new HashMap<>();
    findings.forEach(finding -> said.put(finding.what(), finding.found()));
    return said;
  }

  private static List<String> levels(Map<String, HostFinding> findings, Level level) {
    return findings.values().stream()
        .filter(finding -> finding.level() == level)
        .map(HostFinding::what)
        .toList();
  }

  private static List<String> mend(Map<String, HostFinding> findings, String what) {
    return Optional.ofNullable(findings.get(what)).orElseThrow().mend();
  }

  /** Answers of a host: each after a line with "$ " and what was asked. */
  private static Map<String, String> recorded(String name) throws IOException {
    String file = "freebsd/hosts/" + name + ".txt";
    try (@Nullable InputStream in = HostFindingsTest.class.getResourceAsStream(file)) {
      String text =
          new String(Optional.ofNullable(in).orElseThrow().readAllBytes(), StandardCharsets.UTF_8);
      Map<String, String> answers = new LinkedHashMap<>();
      for (String part : text.split("(?m)^\\$ ", -1)) {
        int end = part.indexOf('\n');
        if (end > 0) {
          answers.put(part.substring(0, end), part.substring(end + 1));
        }
      }
      return answers;
    }
  }
}
