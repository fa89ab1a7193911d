package org.slipway.jail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.slipway.jail.FreeBsdSamples.ADDRESSES;
import static org.slipway.jail.FreeBsdSamples.LIMITS;
import static org.slipway.jail.FreeBsdSamples.PLAIN;
import static org.slipway.jail.FreeBsdSamples.base;
import static org.slipway.jail.FreeBsdSamples.command;
import static org.slipway.jail.FreeBsdSamples.host;
import static org.slipway.jail.FreeBsdSamples.root;
import static org.slipway.jail.FreeBsdSamples.spec;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.jail.Command.Network;
import org.slipway.jail.Command.User;
import org.slipway.jail.FreeBsdChoices.Roots;

/** What FreeBSD's commands hold whatever is asked, and what is refused. */
final class FreeBsdCommandsTest {
  @TempDir
  Path folder;

  @ParameterizedTest
  @EnumSource
  void unmountsInReverseWhatItMounted(Roots roots) throws Exception {
    FreeBsdRoots.Plan plan =
        FreeBsdRoots.plan(root(FreeBsdSamples.build()), base(true), Set.of(), host(roots, true));
    List<String> mounted = plan.make().stream()
        .filter(call -> call.argv().get(0).equals("mount"))
        .map(call -> call.argv().get(call.argv().size() - 1))
        .toList();
    List<String> unmounted = plan.undo().stream()
        .filter(call -> call.manual() == FreeBsdManual.UMOUNT)
        .map(call -> call.argv().get(2))
        .toList();
    assertThat(mounted).hasSizeGreaterThan(7).doesNotHaveDuplicates();
    assertThat(unmounted.stream().sorted(new Backwards(mounted)).toList()).isEqualTo(unmounted);
    assertThat(unmounted).containsExactlyInAnyOrderElementsOf(mounted);
  }

  private record Backwards(List<String> order) implements java.util.Comparator<String> {
    @Override
    public int compare(String one, String other) {
      return Integer.compare(order.indexOf(other), order.indexOf(one));
    }
  }

  @ParameterizedTest
  @EnumSource
  void mountsNothingThatMayMakeAnotherUserOfABuild(Roots roots) throws Exception {
    FreeBsdRoots.Plan plan =
        FreeBsdRoots.plan(root(FreeBsdSamples.build()), base(true), Set.of(), host(roots, true));
    assertThat(plan.make())
        .filteredOn(call -> call.argv().get(0).equals("mount"))
        .filteredOn(call -> call.manual() != FreeBsdManual.DEVFS)
        .allSatisfy(call -> assertThat(call.argv().get(4).split(",", -1)).contains("nosuid"));
    if (roots == Roots.ZFS) {
      assertThat(plan.make().get(0).argv()).contains("setuid=off");
    }
  }

  @Test
  void mountsWhatLiesInAnotherAfterIt() throws Exception {
    JailSpec nested = spec(
        List.of(
            new Mount(Path.of("/farm/a"), "/wrkdirs/deep/inside", false),
            new Mount(Path.of("/farm/b"), "/wrkdirs/deep", false)),
        List.of(new Tmpfs("/wrkdirs", 1 << 20, 0)),
        0);
    FreeBsdRoots.Plan plan =
        FreeBsdRoots.plan(root(nested), base(true), Set.of(), host(Roots.ZFS, true));
    String place = root(nested).mounted().toString();
    assertThat(plan.undo().stream().map(call -> call.argv().get(2)).limit(3))
        .containsExactly(
            place + "/wrkdirs/deep/inside", place + "/wrkdirs/deep", place + "/wrkdirs");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/wrkdirs/a b",
        "/wrkdirs/a\nmust",
        "/wrkdirs/$(id)",
        "/wrkdirs/a;b",
        "/a\\040b",
        "/",
        "//a",
        "/a/",
        "/a/./b",
        "/dev",
        "/dev/fd",
        "/farm/sh",
        "/etc/passwd",
        "/bin",
        "/usr/share/x"
      })
  void refusesATargetThatIsNoPlainPlaceOfItsOwn(String target) {
    JailSpec hostile = spec(List.of(new Mount(Path.of("/farm/a"), target, false)), List.of(), 0);
    assertThatThrownBy(
            () -> FreeBsdRoots.plan(root(hostile), base(true), Set.of(), host(Roots.NULLFS, true)))
        .isInstanceOf(JailException.class)
        .hasMessageStartingWith("jail b: nothing can be mounted at " + target + ": ");
  }

  @Test
  void refusesTwoThingsAtOnePlace() {
    JailSpec twice = spec(
        List.of(new Mount(Path.of("/farm/a"), "/wrkdirs", true)),
        List.of(new Tmpfs("/wrkdirs", 1 << 20, 0)),
        0);
    assertThatThrownBy(
            () -> FreeBsdRoots.plan(root(twice), base(true), Set.of(), host(Roots.ZFS, true)))
        .hasMessageContaining(
            "nothing can be mounted at /wrkdirs: something else is mounted there");
  }

  @Test
  void keepsHostileWordsWordsOfTheirOwn() {
    List<String> hostile = List.of("-U", "root; id", "$(id)", "`id`", "a\nb", "", "'", "name=x");
    FreeBsdRuns run = new FreeBsdRuns(root(FreeBsdSamples.build()), 1, host(Roots.ZFS, true));
    List<String> argv =
        run.enter(command(hostile, User.BUILDER, Network.NONE, LIMITS)).argv();
    assertThat(argv).endsWith(hostile.toArray(new String[0]));
    assertThat(argv.subList(0, 4))
        .containsExactly("jexec", "-U", "builder", FreeBsdSamples.FARM + "-0a1b2c3d4e5f-1");
    // Whatever a mount's source is called, it is no option: it is absolute.
    assertThatThrownBy(() -> new Mount(Path.of("-o"), "/kit", false))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void givesNoRunMoreThanItsNetwork() throws Exception {
    List<String> builder = jail(User.BUILDER, Network.NONE);
    assertThat(builder).contains("vnet=new").noneMatch(word -> word.startsWith("ip"));
    // Root would be master of a network stack of its own.
    List<String> root = jail(User.ROOT, Network.NONE);
    assertThat(root).contains("vnet=inherit", "ip4=disable", "ip6=disable");
    List<String> host = jail(User.ROOT, Network.HOST);
    assertThat(host).contains("vnet=inherit", "ip4=inherit", "ip6=inherit");
    List<String> fetch = jail(User.BUILDER, Network.OUTSIDE);
    assertThat(fetch)
        .contains(
            "vnet=inherit", "ip4.addr=192.0.2.10,198.51.100.7", "ip6.addr=2001:db8:0:0:0:0:0:10")
        .noneMatch(word -> word.endsWith("=inherit") && word.startsWith("ip"));
    for (List<String> jail : List.of(builder, root, host, fetch)) {
      assertThat(jail)
          .contains("children.max=0", "enforce_statfs=2", "allow.noraw_sockets", "allow.nomount")
          .noneMatch(word -> word.startsWith("allow.") && !word.startsWith("allow.no"));
    }
  }

  @Test
  void takesAnAddressOfTheLoopbackForNoneOfTheHosts() throws Exception {
    FreeBsdAddresses here = FreeBsdAddresses.now();
    assertThat(here.ipv4()).noneMatch(address -> address.startsWith("127."));
    assertThat(here.ipv6())
        .noneMatch(address -> address.matches("(0:)+1|fe80:.*|.*%.*"))
        .doesNotHaveDuplicates();
    assertThat(FreeBsdAddresses.NONE.words())
        .containsExactly("vnet=inherit", "ip4=disable", "ip6=disable");
  }

  private static List<String> jail(User user, Network network) throws JailException {
    FreeBsdRuns run = new FreeBsdRuns(root(FreeBsdSamples.build()), 1, host(Roots.ZFS, true));
    List<FreeBsdCall> calls = run.begin(command(List.of("true"), user, network, LIMITS), ADDRESSES);
    boolean loopback = user == User.BUILDER && network == Network.NONE;
    assertThat(calls.get(calls.size() - 1).manual() == FreeBsdManual.IFCONFIG).isEqualTo(loopback);
    return calls.get(0).argv();
  }

  @Test
  void refusesALimitThatTheKernelDoesNotCount() {
    FreeBsdRuns run = new FreeBsdRuns(root(FreeBsdSamples.build()), 1, host(Roots.ZFS, false));
    assertThatThrownBy(() -> run.begin(
            command(List.of("true"), User.BUILDER, Network.NONE, LIMITS), FreeBsdAddresses.NONE))
        .isInstanceOf(JailException.class)
        .hasMessage("jail b: a limit on memory (8192 MiB) needs resource accounting; put"
            + " kern.racct.enable=1 into /boot/loader.conf and restart this host");
    Limits processors =
        new Limits(Duration.ofHours(1), Duration.ofHours(1), 1 << 20, 0, 100, 0, 150);
    assertThatThrownBy(() -> run.begin(
            command(List.of("true"), User.BUILDER, Network.NONE, processors),
            FreeBsdAddresses.NONE))
        .hasMessageContaining("a limit on processors (150 percent of one) needs");
    assertThat(run.enter(command(List.of("true"), User.BUILDER, Network.NONE, PLAIN))
            .argv())
        .containsSubsequence("/usr/bin/limits", "-u", "4096", "/usr/bin/env");
  }

  @Test
  void refusesACloneOfWhatIsNoDataset() {
    FreeBsdBase plain = new FreeBsdBase(
        FreeBsdSamples.BASE, Optional.empty(), List.of("bin"), List.of("etc"), true);
    assertThatThrownBy(() ->
            FreeBsdRoots.plan(root(FreeBsdSamples.build()), plain, Set.of(), host(Roots.ZFS, true)))
        .isInstanceOf(JailException.class)
        .hasMessageContaining(
            "has no snapshot clean to be cloned; it must be a dataset of its own");
  }

  @Test
  void leavesDeviceRulesThatAreTheFarmsAndRefusesOthers() throws Exception {
    StringBuilder shown = new StringBuilder();
    for (FreeBsdCall call : FreeBsdDevices.define(5170, "")) {
      shown.append(String.join(" ", call.argv().subList(5, call.argv().size()))).append('\n');
    }
    assertThat(shown.toString()).startsWith("100 hide\n200 path null unhide\n");
    assertThat(FreeBsdDevices.define(5170, shown.toString())).isEmpty();
    assertThatThrownBy(() -> FreeBsdDevices.define(5170, shown + "1500 path zfs unhide\n"))
        .hasMessage("devfs ruleset 5170 of this host is not the farm's; remove it with:"
            + " devfs rule -s 5170 delset");
  }

  @Test
  void readsWhatAFreeBsdHostTells() {
    FreeBsdState state = FreeBsdState.parse(
        "a /x y\nnonsense\n",
        "tmpfs /a\\040b\\134c tmpfs rw 0 0\nzroot / zfs rw 0 0\nshort\n",
        "z/a\t/a\tz/b@c\nz/b\tlegacy\t-\nno dataset\n",
        "jail:one:maxproc:deny=1\njail:one:pcpu:deny=2\nuser:u:maxproc:deny=1\nrctl: disabled\n");
    assertThat(state.jails()).containsExactly(new FreeBsdState.Prison("a", Path.of("/x y")));
    assertThat(state.mounts()).containsExactly(Path.of("/a b\\c"), Path.of("/"));
    assertThat(state.datasets())
        .containsExactly(
            new FreeBsdState.Dataset("z/a", Optional.of(Path.of("/a")), Optional.of("z/b@c")),
            new FreeBsdState.Dataset("z/b", Optional.empty(), Optional.empty()));
    assertThat(state.limited()).containsExactly("one");
    assertThat(FreeBsdState.parse("", "", "", ""))
        .isEqualTo(new FreeBsdState(List.of(), List.of(), List.of(), Set.of()));
  }

  @Test
  void sweepsOnlyWhatIsTheFarms() {
    FreeBsdState other = FreeBsdState.parse(
        "other-1 /farm/jails/b-1/root\n",
        "/farm/x /farm/jails/b-12/root/x nullfs rw 0 0\n",
        "z/precious\t/farm/jails/b-1/root\tz/b@c\nz/farm-1\t/farm/jails/b-1/root\t-\n",
        "jail:other-1:maxproc:deny=1\n");
    assertThat(FreeBsdSweep.roots(other, "farm", List.of(Path.of("/farm/jails/b-1"))))
        .extracting(step -> step.call().line())
        .containsExactly("chflags -R -P 0 /farm/jails/b-1", "rm -r -f -x /farm/jails/b-1");
    assertThat(FreeBsdSweep.rest(other, "farm")).isEmpty();
  }

  @Test
  void takesNoBaseWhoseLinksLeadOutOfIt() throws Exception {
    Path base = folder.resolve("base");
    assertThatThrownBy(() -> FreeBsdBase.read(base, Optional.empty()))
        .hasMessage(base + " is no FreeBSD base system: it has no file bin/sh");
    for (String name : List.of("bin", "etc", "usr/bin", "var")) {
      Files.createDirectories(base.resolve(name));
    }
    for (String name : List.of("bin/sh", "etc/passwd", "etc/master.passwd")) {
      Files.writeString(base.resolve(name), "root:*:0:0::0:0:Charlie:/root:/bin/sh\n");
    }
    FreeBsdBase read = FreeBsdBase.read(base, Optional.empty());
    assertThat(read.shared()).containsExactly("bin", "usr/bin");
    assertThat(read.copied()).containsExactly("etc", "var");
    assertThat(read.builder()).isFalse();
    Files.writeString(base.resolve("etc/passwd"), "builder:*:65530:65530:::\n");
    assertThat(FreeBsdBase.read(base, Optional.empty()).builder()).isTrue();

    Files.move(base.resolve("usr"), folder.resolve("outside"));
    Files.createSymbolicLink(base.resolve("usr"), folder.resolve("outside"));
    assertThatThrownBy(() -> FreeBsdBase.read(base, Optional.empty()))
        .hasMessage(base + " cannot be a base: a link leads to its usr/bin");
    assertThatThrownBy(() -> FreeBsdBase.read(Path.of("/"), Optional.empty()))
        .hasMessageContaining("cannot be a base on FreeBSD");
  }
}
