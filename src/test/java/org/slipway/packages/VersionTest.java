package org.slipway.packages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class VersionTest {
  /** Each pair's answer was also given by pkg 2.8.99.1's {@code pkg version -t}. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "1 < 2",
        "1.0 = 1",
        "1.0 < 1.0.1",
        "1.10 > 1.9",
        "2.0 < 10.0",
        "1.0_1 > 1.0",
        "1.0_2 < 1.0_10",
        "1.0,1 > 2.0",
        "1.0_3,1 < 0.9,2",
        "1.0a > 1.0",
        "1.0b > 1.0a",
        "1.0pl1 < 1.0alpha",
        "1.0alpha < 1.0beta",
        "1.0beta < 1.0pre",
        "1.0pre < 1.0rc",
        "1.0rc < 1.0",
        "1.0.rc1 < 1.0",
        "1.0rc1 < 1.0rc2",
        "1.0alpha3 = 1.0.a3",
        "1.a < 1",
        "1.d2 = 1.dev2",
        "1.D2 = 1.d2",
        "10a1b2 = 10a1.b2",
        "1..2 = 1.2",
        "1.* < 1.0",
        "2.* < 2pl1",
        "1+2 > 1",
        "1+2 < 1.1",
        "1.0+a < 1.0+b",
        "20260101 > 1.5",
        "99999999999999999999 = 99999999999999999998",
        "1.0snap > 1.0rc",
        "1.0.20.g5 > 1.0.20.f7",
        "0.0.0 = 0",
        "1.2p1 > 1.2",
        "1.2p1 < 1.2p2",
        "9.18.1 < 9.18.1_1",
        "3.11.9 < 3.12.0rc1"
      })
  void ordersAsPkgDoes(String left, String order, String right) {
    int expected = order.equals("<") ? -1 : order.equals(">") ? 1 : 0;
    assertThat(Integer.signum(new Version(left).compareTo(new Version(right)))).isEqualTo(expected);
    assertThat(Integer.signum(new Version(right).compareTo(new Version(left))))
        .isEqualTo(-expected);
  }

  @Test
  void refusesWhatIsNoVersion() {
    assertThatThrownBy(() -> new Version("1.0 beta"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not a package version");
  }

  /** A list of pkg's own answers; its head says how it was made. */
  @Test
  void answersAsPkgAnsweredAboutFourHundredPairs() throws IOException {
    List<String> wrong = new ArrayList<>();
    int count = 0;
    for (String line : lines()) {
      String[] words = line.split(" ", -1);
      Version left = new Version(words[0]);
      Version right = new Version(words[2]);
      String order = sign(left.compareTo(right));
      if (!order.equals(words[1])) {
        wrong.add(line + ", not " + order);
      }
      count++;
    }
    assertThat(wrong).isEmpty();
    assertThat(count).isEqualTo(400);
  }

  /** No two versions disagree about who is first, and no three go round in a circle. */
  @Test
  void isAnOrder() throws IOException {
    List<Version> versions = new ArrayList<>();
    for (String line : lines()) {
      versions.add(new Version(line.split(" ", -1)[0]));
    }
    Random random = new Random(11);
    for (int i = 0; i < 400; i++) {
      versions.add(generated(random));
    }
    for (Version a : versions) {
      assertThat(a.compareTo(new Version(a.text()))).isZero();
    }
    for (int i = 0; i < 20_000; i++) {
      Version a = versions.get(random.nextInt(versions.size()));
      Version b = versions.get(random.nextInt(versions.size()));
      Version c = versions.get(random.nextInt(versions.size()));
      int ab = Integer.signum(a.compareTo(b));
      int bc = Integer.signum(b.compareTo(c));
      int ac = Integer.signum(a.compareTo(c));
      assertThat(Integer.signum(b.compareTo(a))).as("%s and %s", a, b).isEqualTo(-ab);
      if (ab == bc) {
        assertThat(ac).as("%s, %s, %s", a, b, c).isEqualTo(ab);
      } else if (ab == 0 || bc == 0) {
        assertThat(ac).as("%s, %s, %s", a, b, c).isEqualTo(ab + bc);
      }
    }
  }

  @Test
  void putsARevisionAboveItsVersionAndAnEpochAboveAll() {
    Random random = new Random(12);
    for (int i = 0; i < 2000; i++) {
      String version = generated(random).text().replaceAll("[_,]", "");
      Version plain = new Version(version.isEmpty() ? "1" : version);
      Version revised = new Version(plain + "_1");
      assertThat(plain).isLessThan(revised);
      assertThat(revised).isLessThan(new Version(plain + "_2"));
      assertThat(new Version("999999_9")).isLessThan(new Version(plain + ",1"));
      assertThat(new Version(plain.text().toUpperCase(Locale.ROOT)))
          .isEqualByComparingTo(new Version(plain.text().toLowerCase(Locale.ROOT)));
    }
  }

  private static Version generated(Random random) {
    String[] pieces = {
      "0", "1", "9", "10", "007", "a", "Z", "pl", "pl1", "alpha", "Beta2", "rc", "RC1", "pre3",
          "snap",
      "dev", "*", "*5", "+", "+1", ".", "..", "_", "_+2", ",", ",1", ":", "~", "-",
          "99999999999999999999"
    };
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(5); i >= 0; i--) {
      text.append(pieces[random.nextInt(pieces.length)]).append(random.nextBoolean() ? "." : "");
    }
    return new Version(text.toString());
  }

  private static List<String> lines() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(VersionTest.class.getResourceAsStream("version-pairs.txt"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .toList();
    }
  }

  private static String sign(int order) {
    return order < 0 ? "<" : order > 0 ? ">" : "=";
  }
}
