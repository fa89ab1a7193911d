package org.slipway.jail;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slipway.jail.FreeBsdChoices.Roots;

/** Hosts, bases, specs and commands for the tests of FreeBSD's jails. No file of them exists. */
final class FreeBsdSamples {
  static final String FARM = "slipway-1a2b3c4d";
  static final Path JAILS = Path.of("/farm/jails");
  static final Path BASE = Path.of("/farm/bases/14.2-amd64/root");
  static final String SNAPSHOT = "zroot/slipway/bases/14.2-amd64@clean";

  static final Limits LIMITS =
      new Limits(Duration.ofHours(6), Duration.ofHours(1), 64L << 20, 8L << 30, 512, 4096, 200);

  static final Limits PLAIN =
      new Limits(Duration.ofMinutes(5), Duration.ofMinutes(5), 64L << 20, 0, 4096);

  static final FreeBsdAddresses ADDRESSES =
      new FreeBsdAddresses(List.of("192.0.2.10", "198.51.100.7"), List.of("2001:db8:0:0:0:0:0:10"));

  private FreeBsdSamples() {}

  static FreeBsdChoices host(Roots roots, boolean accounting) {
    return new FreeBsdChoices(
        roots,
        roots == Roots.ZFS ? Optional.of("zroot/slipway/jails") : Optional.empty(),
        16L << 30,
        accounting,
        FreeBsdDevices.RULESET);
  }

  static FreeBsdBase base(boolean builder) {
    return new FreeBsdBase(
        BASE,
        Optional.of(SNAPSHOT),
        List.of("bin", "lib", "libexec", "sbin", "usr/bin", "usr/lib", "usr/share"),
        List.of("etc", "root", "var"),
        builder);
  }

  static JailSpec spec(List<Mount> mounts, List<Tmpfs> parts, long diskBytes) {
    return new JailSpec("b", new Base.Directory(BASE), mounts, parts, diskBytes);
  }

  static JailSpec build() {
    return spec(
        List.of(
            new Mount(Path.of("/farm/views/7"), "/distfiles", false),
            new Mount(Path.of("/farm/checkouts/1"), "/xports", false),
            new Mount(Path.of("/farm/kit"), "/kit", false),
            new Mount(Path.of("/farm/ccache"), "/var/cache/ccache", true)),
        List.of(new Tmpfs("/wrkdirs", 8L << 30, 500_000), new Tmpfs("/tmp", 1L << 30, 0)),
        20L << 30);
  }

  static JailSpec fetch() {
    return spec(
        List.of(
            new Mount(Path.of("/farm/checkouts/1"), "/xports", false),
            new Mount(Path.of("/farm/files/a"), "/distfiles/zlib/zlib-1.3.1.tar.xz", false)),
        List.of(),
        0);
  }

  static Root root(JailSpec spec) {
    String mark = "0a1b2c3d4e5f";
    Path folder = JAILS.resolve(spec.name() + "-" + mark);
    return new Root(FARM + "-" + mark, spec, folder, folder.resolve("lower"), true);
  }

  static Command command(
      List<String> argv, Command.User user, Command.Network network, Limits limits) {
    return new Command(
        argv,
        Map.of("PATH", "/sbin:/bin:/usr/sbin:/usr/bin", "BATCH", "yes"),
        "/xports/www/haproxy",
        user,
        network,
        limits,
        Optional.empty());
  }
}
