package org.slipway.web;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slipway.evaluate.Dependency;
import org.slipway.evaluate.DependencyKind;
import org.slipway.evaluate.Port;
import org.slipway.packages.Digest;
import org.slipway.packages.OriginSpec;
import org.slipway.packages.PackageName;

/** A port of the sample farm: one line of {@link #TABLE}. */
record SamplePort(
    OriginSpec spec, PackageName name, Duration takes, String comment, List<OriginSpec> needs) {
  /** Spec, version, seconds, comment, needs; dependencies first. */
  private static final String TABLE = """
      devel/gmake            | 4.4.1     |  74 | GNU version of 'make' utility |
      devel/pkgconf          | 2.3.0_1,1 |  31 | Utility to help to configure compiler flags |
      print/indexinfo        | 0.3.1_1   |   3 | Utility to regenerate the GNU info page index |
      devel/gettext-runtime  | 0.23.1    |  96 | GNU gettext runtime libraries and programs | print/indexinfo
      devel/m4               | 1.4.20,1  |  58 | GNU M4 | print/indexinfo devel/gmake
      devel/autoconf         | 2.72      |  22 | Generate configure scripts and related files | devel/m4
      devel/pcre2            | 10.45_1   |  64 | Perl Compatible Regular Expressions library, version 2 | devel/autoconf
      security/ca_root_nss   | 3.108     |   6 | Root certificate bundle from the Mozilla Project |
      security/openssl       | 3.0.16,1  | 412 | TLSv1.3 capable SSL and crypto library | devel/gmake
      lang/lua54             | 5.4.7     |  19 | Powerful, efficient, lightweight, embeddable scripting language | devel/gmake
      lang/perl5.40          | 5.40.2    | 268 | Practical Extraction and Report Language |
      lang/python311         | 3.11.12   | 351 | Interpreted object-oriented programming language | security/openssl devel/gettext-runtime devel/pkgconf
      devel/py-setuptools@py311 | 80.3.1 | 14 | Python packages installer | lang/python311
      textproc/libyaml       | 0.2.5     |  17 | YAML 1.1 parser and emitter written in C | devel/gmake
      devel/py-yaml@py311    | 6.0.2     |  21 | Python YAML parser | devel/py-setuptools@py311 textproc/libyaml
      textproc/oniguruma     | 6.9.10    |  44 | Regular expressions library | devel/autoconf
      textproc/jq            | 1.7.1     |  39 | Lightweight and flexible command-line JSON processor | textproc/oniguruma
      sysutils/ansible@py311 | 11.5.0    |  88 | Radically simple IT automation | devel/py-yaml@py311
      www/haproxy            | 3.0.10    | 143 | Reliable, high performance TCP/HTTP load balancer | security/openssl lang/lua54 devel/pcre2
      www/nginx              | 1.28.0,3  | 121 | Robust and small WWW server | devel/pcre2 security/openssl
      ftp/curl               | 8.13.0    | 137 | Command line tool and library for transferring data with URLs | security/openssl devel/pkgconf
      devel/git@tiny         | 2.49.0    | 166 | Distributed source code management tool | ftp/curl lang/perl5.40 devel/gettext-runtime
      databases/sqlite3      | 3.49.1,1  |  83 | SQL database engine in a C library | devel/pkgconf
      net/rsync              | 3.4.1_2   |  36 | Network file distribution/synchronization utility | security/openssl
      shells/bash            | 5.2.37    |  69 | GNU Project's Bourne Again SHell | devel/gettext-runtime print/indexinfo
      editors/vim@tiny       | 9.1.1265  |  92 | Improved version of the vi editor (tiny flavor) | devel/gettext-runtime
      security/vault-agent   | 1.19.2    | 204 | Our own build of the secrets agent | devel/git@tiny
      private/fleet-tools    | 2.14.0    |  11 | Scripts of the <platform> team & their friends | shells/bash textproc/jq
      private/libfleet       | 2.14.0    |  25 | Library of the fleet agent | security/openssl
      private/fleet-agent    | 2.14.0_1  |  47 | Reports a host's state | private/libfleet databases/sqlite3
      private/fleet-web      | 2.14.0    |  33 | Dashboard of the fleet | private/libfleet www/nginx
      private/fleet-all      | 2.14.0    |   2 | All of the fleet's packages | private/fleet-agent private/fleet-web private/fleet-tools
      games/adventure        | 1.0       |  12 | Colossal cave |
      games/adventure-maps   | 1.0       |   5 | Maps of the colossal cave | games/adventure
      """;

  static List<SamplePort> all() {
    List<SamplePort> ports = new ArrayList<>();
    for (String line : TABLE.lines().toList()) {
      String[] cells = line.strip().split("\\s*\\|\\s*", -1);
      OriginSpec spec = OriginSpec.parse(cells[0]);
      String base = spec.flavor().isPresent() && cells[0].contains("py-")
          ? cells[0].replaceFirst(".*/py-", "py311-").replaceFirst("@.*", "")
          : spec.origin().name();
      List<OriginSpec> needs = cells[4].isBlank()
          ? List.of()
          : List.of(cells[4].split(" ", -1)).stream().map(OriginSpec::parse).toList();
      ports.add(new SamplePort(
          spec,
          new PackageName(base, cells[1]),
          Duration.ofSeconds(Long.parseLong(cells[2])),
          cells[3],
          needs));
    }
    return ports;
  }

  SamplePort withVersion(String version) {
    return new SamplePort(spec, new PackageName(name.base(), version), takes, comment, needs);
  }

  /** As an evaluation answers it. */
  Port port(Path tree) {
    return new Port(
        spec,
        name,
        spec.flavor().stream().toList(),
        needs.stream()
            .map(each -> new Dependency(DependencyKind.LIB, each.origin().name(), each))
            .toList(),
        spec.toString().equals("games/adventure")
            ? Optional.of("is marked as broken: does not build with <clang> 19")
            : Optional.empty(),
        Map.of("DOCS", false),
        List.of(),
        Map.of("COMMENT", comment, "MAINTAINER", "ports@example.org"),
        Digest.of(tree + spec.toString() + name),
        List.of(spec.origin().toString()),
        List.of("Mk/bsd.port.mk"));
  }
}
