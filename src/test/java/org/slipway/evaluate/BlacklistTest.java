package org.slipway.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slipway.packages.Flavor;
import org.slipway.packages.OriginSpec;

final class BlacklistTest {
  private static final List<Flavor> FLAVORS = List.of(new Flavor("lite"), new Flavor("full"));

  @Test
  void forbidsAPortWithAllItsFlavors() {
    for (String word : List.of("www/a", "www/a@all")) {
      Blacklist blacklist = Blacklist.of(List.of(word));
      assertThat(blacklist.holds(OriginSpec.parse("www/a@lite"))).isTrue();
      assertThat(blacklist.holds(OriginSpec.parse("www/a@full"), FLAVORS)).isTrue();
      assertThat(blacklist.holds(OriginSpec.parse("www/a"), FLAVORS)).isTrue();
      assertThat(blacklist.holds(OriginSpec.parse("www/ab"), FLAVORS)).isFalse();
    }
  }

  @Test
  void forbidsOneFlavor() {
    Blacklist blacklist = Blacklist.of(List.of("www/a@full"));
    assertThat(blacklist.holds(OriginSpec.parse("www/a@full"))).isTrue();
    assertThat(blacklist.holds(OriginSpec.parse("www/a@lite"))).isFalse();
    assertThat(blacklist.holds(OriginSpec.parse("www/a"))).isFalse();
  }

  @Test
  void forbidsTheDefaultFlavorOnly() {
    Blacklist blacklist = Blacklist.of(List.of("www/a@-"));
    assertThat(blacklist.holds(OriginSpec.parse("www/a@lite"), FLAVORS)).isTrue();
    assertThat(blacklist.holds(OriginSpec.parse("www/a"), FLAVORS)).isTrue();
    assertThat(blacklist.holds(OriginSpec.parse("www/a@full"), FLAVORS)).isFalse();
  }

  @Test
  void forbidsAPortWithoutFlavorsByItsPlainNameOnly() {
    OriginSpec plain = OriginSpec.parse("www/a");
    assertThat(Blacklist.of(List.of("www/a")).holds(plain, List.of())).isTrue();
    assertThat(Blacklist.of(List.of("www/a@all", "www/a@-", "www/a@x")).holds(plain, List.of()))
        .isFalse();
    assertThat(Blacklist.NONE.holds(plain, List.of())).isFalse();
  }

  @Test
  void readsWordsAndComments() {
    List<String> remarks = new ArrayList<>();
    Blacklist blacklist = Blacklist.read("""
        # all of these are broken
        www/a  devel/b@x# because
          \tlang/c@all # and that
        haproxy
        www/a
        """, "conf/blacklist", remarks);
    assertThat(blacklist.words()).containsExactly("devel/b@x", "lang/c@all", "www/a");
    assertThat(remarks)
        .containsExactly("conf/blacklist:4: \"haproxy\" names no port; write category/port or"
            + " category/port@flavor; it forbids nothing");
  }

  @Test
  void refusesAWordThatNamesNoPort() {
    assertThatThrownBy(() -> Blacklist.of(List.of("www/a@B C")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("names no port");
  }
}
