package org.slipway.store;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slipway.build.Phase;

/**
 * A log's index as a file of text beside it. Its first line is {@link #FIRST}; then, in any order,
 *
 * <ul>
 *   <li>{@code phase WORD LINE OFFSET MILLIS}: a phase begins, -1 where the moment is not known
 *   <li>{@code time LINE MILLIS}: the line was begun then, in milliseconds since 1970
 *   <li>{@code block ENDED}: the next 256 KiB begin after so many ends of lines
 *   <li>{@code member OFFSET}: where that block's gzip member begins in the compressed file
 *   <li>{@code end LINES BYTES FILE-BYTES}: how long the log and its compressed file are. Without
 *       this line, the last, it is of a log that was never finished.
 * </ul>
 */
final class LogIndexFile {
  static final String FIRST = "slipway log index 1";

  /** Of one line; what is longer was not written by a farm. */
  private static final int LONGEST = 200;

  private static final int MOST_SECTIONS = 64;

  private LogIndexFile() {}

  /**
   * What a file says.
   *
   * @param index for the compressed file, where the log was finished
   * @param fileBytes of the compressed file that it belongs to
   */
  record Content(
      Optional<LogIndex> index, long fileBytes, LogTimes times, List<LogIndex.Section> sections) {}

  /** In place of any before, in one step. */
  static void write(Path file, LogIndex index, long fileBytes) throws IOException {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try {
      try (BufferedWriter out = Files.newBufferedWriter(part)) {
        out.write(FIRST + "\n");
        for (LogIndex.Section each : index.sections()) {
          out.write(LogIndexBuilder.line(each));
        }
        for (int i = 0; i < index.times().count(); i++) {
          out.write("time " + index.times().line(i) + " " + index.times().millis(i) + "\n");
        }
        for (int i = 1; i < index.ended().length; i++) {
          out.write("block " + index.ended()[i] + "\n");
        }
        for (int i = 1; i < index.places().length; i++) {
          out.write("member " + index.places()[i] + "\n");
        }
        out.write("end " + index.lines() + " " + index.bytes() + " " + fileBytes + "\n");
      }
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  /** Empty where there is none, or none that can be believed: an index can be made anew. */
  static Optional<Content> read(Path file) throws IOException {
    try (BufferedReader in = Files.newBufferedReader(file)) {
      return FIRST.equals(in.readLine()) ? Optional.of(new Reader().read(in)) : Optional.empty();
    } catch (NoSuchFileException | CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private static final class Reader {
    private final List<LogIndex.Section> sections = new ArrayList<>();
    private final LogTimes times = new LogTimes();
    private final Numbers blocks = new Numbers();
    private final Numbers places = new Numbers();

    Content read(BufferedReader in) throws IOException {
      try {
        for (@Nullable String line = in.readLine(); line != null; line = in.readLine()) {
          String[] words = line.length() > LONGEST ? new String[] {""} : line.split(" ");
          if (words[0].equals("end")) {
            return end(words);
          }
          take(words);
        }
      } catch (IllegalArgumentException e) {
        // Half a line, which a killed farm left, or what no farm wrote: what stands before it
        // counts.
        return unfinished();
      }
      return unfinished();
    }

    private void take(String[] words) {
      switch (words[0]) {
        case "phase" -> section(words);
        case "time" -> times.add(number(words, 1), number(words, 2));
        case "block" -> blocks.add(number(words, 1));
        case "member" -> places.add(number(words, 1));
        default -> throw new IllegalArgumentException("no word of an index");
      }
    }

    private Content unfinished() {
      return new Content(Optional.empty(), 0, times, sections);
    }

    private Content end(String[] words) {
      long fileBytes = number(words, 3);
      LogIndex index = new LogIndex(
          number(words, 1), number(words, 2), sections, times, blocks.get(), places.get());
      long wanted = Math.max(0, index.bytes() - 1) / LogIndex.BLOCK_BYTES + 1;
      boolean fits = blocks.fit(wanted, index.lines()) && places.fit(wanted, fileBytes);
      return new Content(fits ? Optional.of(index) : Optional.empty(), fileBytes, times, sections);
    }

    private void section(String[] words) {
      Optional<Phase> phase = words.length < 5
          ? Optional.empty()
          : Stream.of(Phase.values())
              .filter(each -> each.word().equals(words[1]))
              .findFirst();
      if (phase.isPresent() && sections.size() < MOST_SECTIONS) {
        long millis = Long.parseLong(words[4]);
        sections.add(new LogIndex.Section(
            phase.get(),
            number(words, 2),
            number(words, 3),
            millis < 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis))));
      }
    }

    private static long number(String[] words, int at) {
      if (words.length <= at) {
        throw new IllegalArgumentException("half a line");
      }
      long number = Long.parseLong(words[at]);
      if (number < 0) {
        throw new IllegalArgumentException("a negative number");
      }
      return number;
    }
  }

  /** Numbers that begin with 0 and never get smaller. */
  private static final class Numbers {
    private long[] numbers = new long[16];
    private int count = 1;

    void add(long number) {
      if (number < numbers[count - 1]) {
        throw new IllegalArgumentException("out of order");
      }
      if (count == numbers.length) {
        numbers = Arrays.copyOf(numbers, count * 2);
      }
      numbers[count++] = number;
    }

    long[] get() {
      return Arrays.copyOf(numbers, count);
    }

    boolean fit(long wantedCount, long most) {
      return count == wantedCount && numbers[count - 1] <= most;
    }
  }
}
