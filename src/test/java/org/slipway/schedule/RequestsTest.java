package org.slipway.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.publish.Note;
import org.slipway.store.BuildId;

class RequestsTest {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  @TempDir
  Path home;

  private final List<String> asked = new CopyOnWriteArrayList<>();

  private Requests open() throws IOException {
    return Requests.open(Requests.folder(home), (build, note) -> {
      asked.add(build + " " + note.who() + " " + note.why());
      return build.number() == 1 ? Cancellation.CANCELLED : Cancellation.UNKNOWN;
    });
  }

  @Test
  void areAnsweredAndLeaveNothing() throws Exception {
    try (Requests requests = open()) {
      assertThat(Requests.cancel(home, new BuildId(1), new Note("ada", "wrong"), PATIENCE))
          .hasValue(Cancellation.CANCELLED);
      assertThat(Requests.cancel(home, new BuildId(2), new Note("bob", ""), PATIENCE))
          .hasValue(Cancellation.UNKNOWN);
    }
    assertThat(asked).containsExactly("1 ada wrong", "2 bob ");
    assertThat(left()).isEmpty();
    assertThat(Files.getPosixFilePermissions(home.resolve("requests")))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  void areWithdrawnWhereNobodyAnswers() throws Exception {
    open().close();
    assertThat(Requests.cancel(home, new BuildId(1), new Note("ada", ""), Duration.ofMillis(1)))
        .isEmpty();
    assertThat(asked).isEmpty();
    assertThat(left()).isEmpty();
  }

  @Test
  void thatAreNoneAreThrownAway() throws Exception {
    Path folder = Files.createDirectories(home.resolve("requests"));
    Files.writeString(folder.resolve("a.request"), "cancel 0\nada\n");
    Files.writeString(folder.resolve("b.request"), "cancel 1\n\u001b[2J\n");
    Files.writeString(folder.resolve("c.request"), "x".repeat(100_000));
    Files.createSymbolicLink(folder.resolve("d.request"), home.resolve("secret"));
    Files.writeString(folder.resolve("e.request"), "cancel 1\nada\nas it should be\n");
    Files.writeString(folder.resolve("old.answer"), "CANCELLED");
    try (Requests requests = open()) {
      Awaitility.await().atMost(PATIENCE).until(() -> left().equals(List.of("e.answer")));
    }
    assertThat(asked).containsExactly("1 ada as it should be");
  }

  private List<String> left() throws IOException {
    try (Stream<Path> files = Files.list(home.resolve("requests"))) {
      return files.map(each -> String.valueOf(each.getFileName())).sorted().toList();
    }
  }
}
