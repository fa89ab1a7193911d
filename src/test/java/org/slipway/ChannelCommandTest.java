package org.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.publish.ChannelName;
import org.slipway.publish.Note;
import org.slipway.publish.Publisher;
import org.slipway.publish.SampleSnapshots;
import org.slipway.repository.Layout;
import org.slipway.repository.SnapshotId;
import org.slipway.sign.Signing;
import org.slipway.store.PackageStore;
import picocli.CommandLine;

/** The commands that look at channels and move them, as a person or a program calls them. */
final class ChannelCommandTest {
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  private static final ChannelName DEV = new ChannelName("dev");

  @TempDir
  Path home;

  private Publisher publisher;
  private SnapshotId one;
  private SnapshotId two;

  @BeforeEach
  void makeFarm() throws IOException {
    SampleSnapshots snapshots = new SampleSnapshots(
        home,
        "dev-14-amd64",
        new PackageStore(home.resolve("packages")),
        Signing.unsigned(),
        Layout.HASHED);
    publisher = new Publisher(snapshots.repository(), () -> NOON);
    one = snapshots
        .write("same 1 x", "proxy 3.0.9 x", "server 1.27,3 x", "gone 1 x")
        .id();
    two = snapshots
        .write("same 1 x", "proxy 3.0.10 x", "server 1.26,3 x", "a" + "b".repeat(60) + " 1 x")
        .id();
    publisher.publish(DEV, one, OptionalLong.of(11), Note.ofFarm());
    publisher.promote(DEV, new ChannelName("prod"), new Note("kim", "the quarter's first"));
    publisher.publish(DEV, two, OptionalLong.of(12), Note.ofFarm());
  }

  @Test
  void listsChannels() throws Exception {
    publisher.hold(new ChannelName("prod"), new Note("kim", "waiting for QA"));
    assertThat(run(0, "list"))
        .containsExactly(
            "dev-14-amd64",
            "  CHANNEL  SNAPSHOT          SINCE (UTC)",
            "  dev      " + two + "  2026-11-22 12:00:01  publish of build 12",
            "  prod     " + one + "  2026-11-22 12:00:00  promote from dev",
            "    held by kim since 2026-11-22 12:00:00: waiting for QA");
    JsonNode prod = json("list").get(1);
    assertThat(prod.path("job").asText()).isEqualTo("dev-14-amd64");
    assertThat(prod.path("snapshot").asText()).isEqualTo(one.hex());
    assertThat(prod.path("at").asText()).isEqualTo("2026-11-22T12:00:00Z");
    assertThat(prod.path("hold").path("why").asText()).isEqualTo("waiting for QA");
    assertThat(json("list").get(0).path("before").asText()).isEqualTo(one.hex());
  }

  @Test
  void movesChannelsAndKeepsWhoAndWhy() throws Exception {
    assertThat(run(0, "promote", "dev", "prod", "--who", "robin", "--why", "CVE-2026-1"))
        .containsExactly("channel prod moved from " + one + " to " + two + ": promote from dev");
    assertThat(run(0, "hold", "prod", "--who", "robin"))
        .containsExactly("channel prod is held; ./slipway channel release ends that");
    assertThat(run(1, "rollback", "prod"))
        .singleElement()
        .asString()
        .startsWith("channel prod is held by robin since ")
        .endsWith("; it stays where it is until it is released");
    assertThat(run(0, "release", "prod")).containsExactly("channel prod moves again");
    assertThat(json("rollback", "prod", "--who", "robin").path("snapshot").asText())
        .isEqualTo(one.hex());
    List<String> history = run(0, "history", "prod");
    assertThat(history).hasSize(8).first().isEqualTo("WHEN (UTC)           SNAPSHOT          WHAT");
    assertThat(history.get(1)).endsWith("  " + one + "  rollback, by robin");
    assertThat(history.get(2)).endsWith("  released, by " + System.getProperty("user.name"));
    assertThat(history.get(4)).endsWith("  " + two + "  promote from dev, by robin");
    assertThat(history.get(5)).isEqualTo("    CVE-2026-1");
    assertThat(run(0, "history", "prod", "--limit", "1"))
        .last()
        .isEqualTo("and 4 earlier; --limit 0 shows all");
    assertThat(json("history", "prod", "--limit", "0")).hasSize(5);
    assertThat(publisher.current(new ChannelName("prod")).orElseThrow().snapshot())
        .isEqualTo(one);
  }

  @Test
  void publishesWhatABuildLeft() throws Exception {
    publisher.hold(DEV, new Note("kim", ""));
    run(1, "publish", "dev", one.hex());
    publisher.release(DEV, new Note("kim", ""));
    assertThat(run(0, "publish", "dev", one.hex().substring(0, 6)))
        .containsExactly("channel dev moved from " + two + " to " + one + ": publish");
    assertThat(run(1, "publish", "dev", "0123")).containsExactly("there is no snapshot 0123");
    assertThat(run(1, "publish", "dev", "0"))
        .singleElement()
        .asString()
        .endsWith("give 4 digits or more");
  }

  @Test
  void comparesChannelsAndSnapshots() throws Exception {
    List<String> text = run(0, "compare", "prod", "dev");
    assertThat(text.get(0)).matches("from {2}prod {2}" + one + " {2}4 packages, [0-9.]+ KiB");
    assertThat(text.get(1)).matches("to {4}dev {3}" + two + " {2}4 packages, [0-9.]+ KiB");
    assertThat(text).anyMatch(line -> line.matches(" {2}proxy +3.0.9 -> 3.0.10 +[+-][0-9]+ B"));
    assertThat(text).allMatch(line -> line.length() < 80);
    assertThat(String.join(" ", text))
        .contains("1 the same, 1 added, 1 removed, 1 upgraded, 1 downgraded; ");
    JsonNode json = json("compare", one.hex().substring(0, 8), two.hex());
    assertThat(json.path("differences").findValuesAsText("kind"))
        .containsExactly("added", "removed", "upgraded", "downgraded");
    assertThat(json.path("same").asInt()).isEqualTo(1);
  }

  @Test
  void saysWhatIsWrongInOneSentence() throws Exception {
    assertThat(run(1, "history", "nope"))
        .containsExactly("there is no channel nope; there are dev, prod");
    assertThat(run(1, "promote", "nope", "prod"))
        .containsExactly("there is no channel nope; there are dev, prod");
    assertThat(run(1, "promote", "dev", "prdo"))
        .containsExactly("there is no channel prdo; did you mean prod? To make prdo, add --new");
    assertThat(run(1, "rollback", "prod"))
        .containsExactly(
            "channel prod cannot be rolled back: it had no other snapshot before this one");
    assertThat(run(1, "rollback", "prod", "--to", two.hex()))
        .containsExactly("channel prod never had " + two);
    assertThat(run(1, "release", "prod"))
        .containsExactly("channel prod is not held; there is nothing to end");
    assertThat(run(1, "compare", "prod", "0123"))
        .containsExactly("there is no channel and no snapshot 0123");
    assertThat(run(1, "compare", "prod", "f\u001b[2J"))
        .singleElement()
        .asString()
        .startsWith("there is no channel and no snapshot f?[2J");
    run(0, "promote", "dev", "prod");
    assertThat(run(1, "promote", "dev", "prod"))
        .containsExactly("channel prod has the snapshot " + two + " already; nothing moved");
  }

  @Test
  void refusesWrongUse() throws Exception {
    assertThat(run(2)).first().asString().startsWith("which? list, history, compare");
    assertThat(run(2, "promote", "dev", "dev"))
        .first()
        .isEqualTo("FROM and TO are the same channel; give two");
    assertThat(run(2, "hold", "prod", "--why", "a\u001b[2Jb"))
        .first()
        .isEqualTo("why a move is made is one line of up to 400 characters");
    assertThat(run(2, "history", "No Channel"))
        .first()
        .asString()
        .contains("is not a channel name");
    assertThat(run(2, "history", "dev", "--limit", "-1")).first().asString().contains("--limit -1");
    assertThat(run(2, "export", "dev", "--out", "x", "--grace", "soon"))
        .first()
        .asString()
        .startsWith("--grace \"soon\" is not a duration");
    assertThat(publisher.held(new ChannelName("prod"))).isEmpty();
  }

  @Test
  void asksWhichJobWhereThereAreSeveral() throws Exception {
    Path other = Files.createDirectories(home.resolve("repos/other"));
    assertThat(run(1, "history", "dev"))
        .containsExactly("which job's channel? Give --job with one of dev-14-amd64, other");
    assertThat(run(0, "history", "dev", "--job", "dev-14-amd64")).hasSize(3);
    assertThat(run(1, "history", "dev", "--job", "../x"))
        .containsExactly(
            "no job \"../x\" has published in " + home + "; there are dev-14-amd64, other");
    assertThat(run(1, "history", "dev", "--job", "other"))
        .containsExactly("there is no channel dev; nothing has been published yet");
    assertThat(other).isEmptyDirectory();
  }

  @Test
  void exportsAChannel() throws Exception {
    Path out = home.resolve("public");
    assertThat(String.join(" ", run(0, "export", "prod", "--out", out.toString()))
            .replaceAll(" +", " "))
        .startsWith("channel prod is in " + out + " as of 2026-11-22 12:00:00 UTC, snapshot")
        .contains(one.hex());
    assertThat(out.resolve("data.pkg")).exists();
    JsonNode again = json("export", "prod", "--out", out.toString());
    assertThat(again.path("written").asInt()).isZero();
    assertThat(again.path("same").asInt()).isPositive();
  }

  private JsonNode json(String... words) throws IOException {
    List<String> all = new ArrayList<>(List.of(words));
    all.add("--json");
    return new ObjectMapper().readTree(String.join("\n", run(0, all.toArray(new String[0]))));
  }

  /** What it printed, or what it complained of. */
  private List<String> run(int status, String... words) {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    StringWriter complained = new StringWriter();
    PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
    CommandLine line = new CommandLine(new ChannelCommand(out));
    line.setErr(new PrintWriter(complained));
    line.setExecutionExceptionHandler((fault, command, parsed) -> {
      assertThat(fault).isInstanceOf(IOException.class);
      complained.append(fault.getMessage());
      return 1;
    });
    List<String> all = new ArrayList<>(Arrays.asList(words));
    if (words.length > 0) {
      all.add("--home");
      all.add(home.toString());
    }
    assertThat(line.execute(all.toArray(new String[0])))
        .as("%s%n%s", all, complained)
        .isEqualTo(status);
    return (status == 0 ? printed.toString(StandardCharsets.UTF_8) : complained.toString())
        .lines()
        .toList();
  }
}
