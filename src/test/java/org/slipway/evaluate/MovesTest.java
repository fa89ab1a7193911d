package org.slipway.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.slipway.packages.Origin;
import org.slipway.packages.OriginSpec;

final class MovesTest {
  @Test
  void followsAChainForwardToItsLastPort() {
    List<String> moved = List.of(
        "# Port|Moved to|Date|Why",
        "",
        "www/a|www/b|2020-01-01|Renamed",
        "www/b|net/c|2021-01-01|Another category");
    assertThat(resolve(moved, "www/a", "net/c"))
        .isEqualTo(new Moved.To(
            OriginSpec.parse("net/c"),
            "MOVED says it became www/b on 2020-01-01: Renamed; then it became net/c on"
                + " 2021-01-01: Another category"));
    assertThat(now(moved, "www/b", "net/c")).isEqualTo("net/c");
    assertThat(now(moved, "www/a", "www/b", "net/c")).isEqualTo("net/c");
    assertThat(now(moved, "www/a", "www/b")).isEqualTo("www/b");
  }

  @Test
  void takesAnEarlierLineOnlyWhereThePortItLeadsFromIsNotThere() {
    List<String> moved =
        List.of("www/b|www/old-b|2010-01-01|Renamed", "www/a|www/b|2020-01-01|b is new again");
    assertThat(now(moved, "www/a", "www/b", "www/old-b")).isEqualTo("www/b");
    assertThat(now(moved, "www/a", "www/old-b")).isEqualTo("www/old-b");
  }

  @Test
  void saysThatAPortOrWhatItBecameWasRemoved() {
    List<String> moved = List.of(
        "www/a|www/b|2020-01-01|Renamed",
        "www/b||2021-01-01|Has expired: no fetch",
        "www/x||2022-02-02|Gone | with a bar");
    assertThat(resolve(moved, "www/a"))
        .isEqualTo(new Moved.Expired("MOVED says it became www/b on 2020-01-01: Renamed; then it"
            + " was removed on 2021-01-01: Has expired: no fetch"));
    assertThat(resolve(moved, "www/x@any"))
        .isEqualTo(new Moved.Expired("MOVED says it was removed on 2022-02-02: Gone | with a bar"));
    assertThat(now(moved, "www/a", "www/b")).isEqualTo("www/b");
  }

  @Test
  void leavesAPortThatIsInTheTreeWhereItIs() {
    List<String> moved = List.of("www/a||2020-01-01|Expired", "www/b|www/c|2020-01-01|Renamed");
    assertThat(resolve(moved, "www/a", "www/a"))
        .isEqualTo(new Moved.Stays(Optional.of(
            "MOVED says it was removed on 2020-01-01: Expired; but it is in the tree")));
    assertThat(now(moved, "www/b@x", "www/b", "www/c")).isEqualTo("stays");
    assertThat(resolve(moved, "www/other")).isEqualTo(new Moved.Stays(Optional.empty()));
  }

  @Test
  void restoresAPortAndThoseThatBecameIt() {
    List<String> moved = List.of(
        "www/a|www/b|2020-01-01|Renamed",
        "www/b||2021-01-01|Expired",
        "|www/b|2022-01-01|Wanted after all");
    assertThat(now(moved, "www/a", "www/b")).isEqualTo("www/b");
    assertThat(resolve(moved, "www/b")).isEqualTo(new Moved.Stays(Optional.empty()));
    List<String> again = new ArrayList<>(moved);
    again.add("www/b|net/b|2023-01-01|Another category");
    assertThat(now(again, "www/a", "net/b")).isEqualTo("net/b");
    assertThat(remarks(again)).isEmpty();
  }

  @Test
  void movesBack() {
    List<String> moved = List.of("www/a|www/b|2020-01-01|Renamed", "www/b|www/a|2021-01-01|Back");
    assertThat(now(moved, "www/a", "www/a")).isEqualTo("stays");
    assertThat(now(moved, "www/b", "www/a")).isEqualTo("www/a");
  }

  @Test
  void keepsTheFlavorThatIsAskedFor() {
    List<String> moved = List.of("www/a|www/b|2020-01-01|Renamed");
    assertThat(now(moved, "www/a@py311", "www/b")).isEqualTo("www/b@py311");
  }

  @Test
  void prefersALineAboutTheVeryFlavor() {
    List<String> moved = List.of(
        "www/a|www/b|2020-01-01|Renamed",
        "www/a@lite|www/a-lite|2020-01-01|A port of its own",
        "www/a@old|www/b@new|2020-01-01|Newer",
        "www/kept@gtk2|www/kept|2020-01-01|No GTK 2");
    assertThat(now(moved, "www/a@lite", "www/a-lite", "www/b")).isEqualTo("www/a-lite");
    assertThat(now(moved, "www/a@old", "www/b")).isEqualTo("www/b@new");
    assertThat(now(moved, "www/a@x", "www/b")).isEqualTo("www/b@x");
    assertThat(now(moved, "www/kept@gtk2", "www/kept")).isEqualTo("www/kept");
    assertThat(now(moved, "www/kept@gtk3", "www/kept")).isEqualTo("stays");
  }

  @Test
  void refusesToGiveAnotherFlavorThanTheOneThatIsAskedFor() {
    List<String> moved = List.of("www/tshark|net/wireshark@nox11|2023-03-03|A flavor now");
    assertThat(now(moved, "www/tshark", "net/wireshark")).isEqualTo("net/wireshark@nox11");
    assertThat(now(moved, "www/tshark@nox11", "net/wireshark")).isEqualTo("net/wireshark@nox11");
    assertThat(resolve(moved, "www/tshark@lite", "net/wireshark"))
        .isEqualTo(new Moved.Lost("MOVED says it became net/wireshark@nox11 on 2023-03-03: A flavor"
            + " now; that is not the flavor lite that is asked for; ask for net/wireshark@nox11"));
  }

  @Test
  void endsWhereLinesLeadInACircleOrNowhere() {
    List<String> moved = List.of(
        "www/a|www/b|2020-01-01|One",
        "www/b|www/c|2020-01-02|Two",
        "www/c|www/a|2020-01-03|Three",
        "www/self|www/self|2020-01-04|Itself",
        "www/x|www/y|2020-01-05|Renamed");
    assertThat(lost(moved, "www/a")).endsWith("Three; that leads in a circle");
    assertThat(lost(moved, "www/b@f")).endsWith("that leads in a circle");
    assertThat(lost(moved, "www/self")).endsWith("that leads in a circle");
    assertThat(now(moved, "www/c", "www/b")).isEqualTo("www/b");
    assertThat(lost(moved, "www/x"))
        .isEqualTo("MOVED says it became www/y on 2020-01-05: Renamed; www/y is not in the tree"
            + " either");
  }

  @Test
  void readsOverlaysAfterTheTreeAndLetsTheFirstLineOfANameHold() {
    Moves moves = Moves.read(List.of(
        List.of("www/a|www/b|2020-01-01|Tree", "www/z||2020-01-01|Tree"),
        List.of("www/b|www/c|2019-01-01|Overlay", "www/a|www/q|2021-01-01|Again"),
        List.of("www/c|local/c|2018-01-01|Ours", "|www/z||", "www/z|local/z|2021-01-01|Ours")));
    assertThat(moves.resolve(OriginSpec.parse("www/a"), in("local/c", "www/q")))
        .hasToString("To[now=local/c, sentence=MOVED says it became www/b on 2020-01-01: Tree;"
            + " then it became www/c on 2019-01-01: Overlay; then it became local/c on 2018-01-01:"
            + " Ours]");
    assertThat(moves.resolve(OriginSpec.parse("www/z"), in("local/z")))
        .isInstanceOf(Moved.To.class);
    assertThat(moves.remarks())
        .containsExactly("MOVED: line 2 of overlay 1 names a port that an earlier line names"
            + " already and is passed over");
  }

  @Test
  void passesOverLinesThatAreNone() {
    List<String> moved = List.of(
        "www/a|www/b|2020-01-01|Renamed",
        "www/x|www/y|2020-01-01",
        "../../etc|www/b|2020-01-01|out",
        "www/b\u0007|www/c|2020-01-01|bell",
        "www/w|no origin|2020-01-01|odd",
        "||2020-01-01|nothing",
        "www/long|www/b|2020-01-01|" + "x".repeat(1_000_000));
    assertThat(remarks(moved))
        .containsExactly("MOVED: 6 lines are passed over; the first, line 2 of the tree, is not"
            + " old|new|date|reason");
    assertThat(now(moved, "www/a", "www/b")).isEqualTo("www/b");
    assertThat(now(moved, "www/long", "www/b")).isEqualTo("stays");
  }

  @Test
  void cleansTheWordsOfALine() {
    assertThat(Moves.read(List.of(List.of("www/a||\u001b[2J|\u001b[31mred")))
            .explain(Origin.parse("www/a")))
        .contains("MOVED says it was removed on [2J: [31mred");
  }

  @Test
  void explainsAChainWithoutATreeAndTellsTheFirstStepsOfALongOne() {
    List<String> moved = IntStream.range(0, 5_000)
        .mapToObj(at -> "www/p" + at + "|www/p" + (at + 1) + "|2020-01-01|Again")
        .toList();
    Moves moves = Moves.read(List.of(moved));
    assertThat(moves.explain(Origin.parse("www/p4998")))
        .contains("MOVED says it became www/p4999 on 2020-01-01: Again; then it became www/p5000"
            + " on 2020-01-01: Again");
    assertThat(moves.explain(Origin.parse("www/p0")).orElseThrow())
        .contains("www/p10 ")
        .doesNotContain("www/p11 ")
        .endsWith("and so on, 5000 times");
    assertThat(moves.explain(Origin.parse("www/none"))).isEmpty();
  }

  private static Moved resolve(List<String> moved, String asked, String... existing) {
    return Moves.read(List.of(moved)).resolve(OriginSpec.parse(asked), in(existing));
  }

  /** The port's present name, or "stays". */
  private static String now(List<String> moved, String asked, String... existing) {
    Moved found = resolve(moved, asked, existing);
    if (found instanceof Moved.To to) {
      return to.now().toString();
    }
    assertThat(found).isInstanceOf(Moved.Stays.class);
    return "stays";
  }

  private static String lost(List<String> moved, String asked) {
    Moved found = resolve(moved, asked);
    assertThat(found).isInstanceOf(Moved.Lost.class);
    return ((Moved.Lost) found).sentence();
  }

  private static Predicate<Origin> in(String... existing) {
    Set<Origin> origins = Stream.of(existing).map(Origin::parse).collect(Collectors.toSet());
    return origins::contains;
  }

  private static List<String> remarks(List<String> moved) {
    return Moves.read(List.of(moved)).remarks();
  }
}
